"""The 40 product categories of the Open Repair Data Standard 0.3, with Chinese names.

Source: Open Repair Alliance, `OpenRepairData_v0.3_Product_Categories.csv`
(https://github.com/openrepair/tools), CC BY-SA 4.0. Ids and English names are unchanged; the
Chinese names and the mains hint are ours, under the same licence (see contracts/README.md).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """A kind of device; `mains` hints that it usually hangs on the mains while it works."""

    id: int
    zh: str
    en: str
    mains: bool

    @property
    def power(self) -> str | None:
        """What a device of this kind usually needs: mains | battery; None: somebody has to look."""
        if self.id == MISC:
            return None
        return "mains" if self.mains else "battery"


MISC = 18
CATEGORIES = (
    Category(1, "空调／除湿机", "Aircon/dehumidifier", True),
    Category(2, "电池／充电器／电源适配器", "Battery/charger/adapter", True),
    Category(3, "装饰灯／安全灯", "Decorative or safety lights", True),
    Category(4, "台式电脑", "Desktop computer", True),
    Category(5, "数码相机（卡片机）", "Digital compact camera", False),
    Category(6, "单反／摄像机", "DSLR/video camera", False),
    Category(7, "电风扇", "Fan", True),
    Category(8, "平板显示器／电视", "Flat screen", True),
    Category(9, "美发美容用品", "Hair & beauty item", True),
    Category(10, "掌上娱乐设备", "Handheld entertainment device", False),
    Category(11, "耳机", "Headphones", False),
    Category(12, "组合音响", "Hi-Fi integrated", True),
    Category(13, "分体音响部件", "Hi-Fi separates", True),
    Category(14, "电热水壶", "Kettle", True),
    Category(15, "台灯／灯具", "Lamp", True),
    Category(16, "笔记本电脑", "Laptop", True),
    Category(17, "大型家用电器", "Large home electrical", True),
    Category(18, "其他", "Misc", False),
    Category(19, "手机", "Mobile", False),
    Category(20, "乐器", "Musical instrument", True),
    Category(21, "碎纸机", "Paper shredder", True),
    Category(22, "电脑配件", "PC accessory", False),
    Category(23, "便携收音机", "Portable radio", False),
    Category(24, "电动工具", "Power tool", True),
    Category(25, "打印机／扫描仪", "Printer/scanner", True),
    Category(26, "投影仪", "Projector", True),
    Category(27, "缝纫机", "Sewing machine", True),
    Category(28, "小型家用电器", "Small home electrical", True),
    Category(29, "小型厨房电器", "Small kitchen item", True),
    Category(30, "平板电脑", "Tablet", False),
    Category(31, "烤面包机", "Toaster", True),
    Category(32, "玩具", "Toy", False),
    Category(33, "电视与游戏配件", "TV and gaming-related accessories", False),
    Category(34, "吸尘器", "Vacuum", True),
    Category(35, "钟表", "Watch/clock", False),
    Category(36, "咖啡机", "Coffee maker", True),
    Category(37, "食品料理机", "Food processor", True),
    Category(38, "游戏机", "Games console", True),
    Category(39, "电吹风", "Hair dryer", True),
    Category(40, "电熨斗", "Iron", True),
)
BY_ID = {category.id: category for category in CATEGORIES}
