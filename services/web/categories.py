"""The device categories of the Open Repair Data Standard as a person looks for them: names, groups, other words.

Ids and English names: Open Repair Alliance, ORDS 0.3 product categories, CC BY-SA 4.0; Chinese names, groups and
search words are ours, under the same licence.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask

from services.web.i18n import _, lang


@dataclass(frozen=True)
class Category:
    """A kind of device; `words` are what people also call it; `mains` says that it usually hangs on the mains."""

    id: int
    zh: str
    en: str
    group: str
    mains: bool
    words: str = ""

    @property
    def name(self) -> str:
        """The name in the reader's language; it may break after a slash."""
        return self.en.replace("/", "/\u200b") if lang() == "en" else self.zh

    @property
    def search(self) -> str:
        """Everything that finds it."""
        return f"{self.zh} {self.en} {self.words}"


KITCHEN, HOME, COMPUTER, SOUND, OTHER = "厨房", "家里", "电脑与手机", "影音与游戏", "其他"
CATEGORIES = (
    Category(14, "电热水壶", "Kettle", KITCHEN, True, "烧水壶 热水壶 shaoshui kettle"),
    Category(
        29,
        "小型厨房电器",
        "Small kitchen item",
        KITCHEN,
        True,
        "电饭煲 电饭锅 电磁炉 微波炉 养生壶 煮蛋器 rice cooker",
    ),
    Category(31, "烤面包机", "Toaster", KITCHEN, True, "多士炉 烤箱"),
    Category(36, "咖啡机", "Coffee maker", KITCHEN, True, "磨豆机"),
    Category(
        37,
        "食品料理机",
        "Food processor",
        KITCHEN,
        True,
        "榨汁机 豆浆机 破壁机 搅拌机 blender mixer",
    ),
    Category(15, "台灯／灯具", "Lamp", HOME, True, "台灯 护眼灯 夜灯 light"),
    Category(7, "电风扇", "Fan", HOME, True, "风扇 小风扇 落地扇"),
    Category(39, "电吹风", "Hair dryer", HOME, True, "吹风机 风筒"),
    Category(
        9, "美发美容用品", "Hair & beauty item", HOME, True, "剃须刀 卷发棒 电动牙刷 理发器 shaver"
    ),
    Category(40, "电熨斗", "Iron", HOME, True, "挂烫机 熨斗"),
    Category(34, "吸尘器", "Vacuum", HOME, True, "扫地机 除螨仪"),
    Category(
        28,
        "小型家用电器",
        "Small home electrical",
        HOME,
        True,
        "加湿器 取暖器 电热毯 插线板 电热 heater",
    ),
    Category(1, "空调／除湿机", "Aircon/dehumidifier", HOME, True, "空调扇"),
    Category(
        17,
        "大型家用电器",
        "Large home electrical",
        HOME,
        True,
        "洗衣机 冰箱 washing machine fridge",
    ),
    Category(27, "缝纫机", "Sewing machine", HOME, True),
    Category(
        3, "装饰灯／安全灯", "Decorative or safety lights", HOME, True, "串灯 手电筒 应急灯 torch"
    ),
    Category(16, "笔记本电脑", "Laptop", COMPUTER, True, "笔电 电脑 macbook"),
    Category(19, "手机", "Mobile", COMPUTER, False, "电话 phone"),
    Category(
        2,
        "电池／充电器／电源适配器",
        "Battery/charger/adapter",
        COMPUTER,
        True,
        "充电宝 充电线 电源 power bank",
    ),
    Category(
        22,
        "电脑配件",
        "PC accessory",
        COMPUTER,
        False,
        "键盘 鼠标 硬盘 U盘 路由器 keyboard mouse router",
    ),
    Category(30, "平板电脑", "Tablet", COMPUTER, False, "ipad"),
    Category(4, "台式电脑", "Desktop computer", COMPUTER, True, "主机"),
    Category(25, "打印机／扫描仪", "Printer/scanner", COMPUTER, True),
    Category(8, "平板显示器／电视", "Flat screen", COMPUTER, True, "显示器 电视 monitor tv"),
    Category(26, "投影仪", "Projector", COMPUTER, True),
    Category(21, "碎纸机", "Paper shredder", COMPUTER, True),
    Category(11, "耳机", "Headphones", SOUND, False, "耳麦 蓝牙耳机 earphones"),
    Category(12, "组合音响", "Hi-Fi integrated", SOUND, True, "音箱 音响 蓝牙音箱 speaker"),
    Category(13, "分体音响部件", "Hi-Fi separates", SOUND, True, "功放 唱机 amplifier"),
    Category(23, "便携收音机", "Portable radio", SOUND, False, "收音机"),
    Category(5, "数码相机（卡片机）", "Digital compact camera", SOUND, False, "照相机"),
    Category(6, "单反／摄像机", "DSLR/video camera", SOUND, False, "镜头 微单"),
    Category(38, "游戏机", "Games console", SOUND, True, "手柄 switch playstation xbox"),
    Category(10, "掌上娱乐设备", "Handheld entertainment device", SOUND, False, "掌机 mp3 学习机"),
    Category(
        33,
        "电视与游戏配件",
        "TV and gaming-related accessories",
        SOUND,
        False,
        "遥控器 机顶盒 手柄 remote",
    ),
    Category(20, "乐器", "Musical instrument", SOUND, True, "电子琴 电吉他 keyboard guitar"),
    Category(35, "钟表", "Watch/clock", OTHER, False, "手表 闹钟"),
    Category(32, "玩具", "Toy", OTHER, False, "遥控车 机器人"),
    Category(24, "电动工具", "Power tool", OTHER, True, "电钻 电烙铁 drill"),
    Category(18, "其他", "Misc", OTHER, False, "别的"),
)
COMMON = (14, 15, 7, 39, 29, 28, 11, 16, 19, 2)
BY_ID = {one.id: one for one in CATEGORIES}


def category(category_id: int | None) -> str:
    """The name of a category in the reader's language."""
    found = BY_ID.get(category_id or 0)
    return found.name if found else _("其他")


def mains(category_id: int) -> bool:
    """True when such a device usually hangs on the mains."""
    return category_id in BY_ID and BY_ID[category_id].mains


def common(allowed: Iterable[int] = ()) -> list[Category]:
    """What people bring most, only the allowed ones where any are named; all when these are few."""
    wanted = set(allowed)
    if wanted and len(wanted) <= len(COMMON):
        return [one for one in CATEGORIES if one.id in wanted]
    return [BY_ID[one] for one in COMMON if not wanted or one in wanted]


def groups(
    allowed: Iterable[int] = (), besides: Iterable[Category] = ()
) -> list[tuple[str, list[Category]]]:
    """Categories by group, only the allowed ones where any are named, without those `besides`."""
    wanted, left_out = set(allowed), set(besides)
    found: dict[str, list[Category]] = {}
    for one in CATEGORIES:
        if one not in left_out and (not wanted or one.id in wanted):
            found.setdefault(one.group, []).append(one)
    return [(_(name), members) for name, members in found.items()]


def init_app(app: Flask) -> None:
    """Give the names to the templates."""
    app.jinja_env.filters["category"] = category
    app.jinja_env.tests["mains"] = mains
    app.jinja_env.globals.update(category_groups=groups, common_categories=common)
