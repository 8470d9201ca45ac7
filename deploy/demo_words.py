"""The words of the demo: a centre, its offerings, devices people bring, theme days."""

from random import Random
from typing import Any

Text = dict[str, str]


def both(zh: str, en: str) -> Text:
    """Return a text in both languages."""
    return {"zh": zh, "en": en}


SKILLS = {
    "small_appliance": both("小家电维修", "Small appliances"),
    "electronics": both("数码维修", "Electronics"),
    "electrical_safety": both("电气安全检测", "Electrical safety"),
    "teaching": both("培训讲师", "Training"),
    "health": both("防疫服务", "Public health"),
}
VOLUNTEER_SKILLS = {
    "volunteer": ["small_appliance", "electronics", "electrical_safety"],
    "volunteer2": ["small_appliance"],
    "volunteer3": ["small_appliance", "teaching"],
    "volunteer4": ["small_appliance", "electrical_safety"],
    "volunteer5": ["electronics", "teaching"],
    "volunteer6": ["small_appliance", "health", "electrical_safety"],
    "volunteer7": ["electronics", "electrical_safety"],
    "volunteer8": ["small_appliance", "health"],
}
VENUES: dict[str, dict[str, Any]] = {
    "workshop": {
        "name": both("实训楼 A 座 203", "Workshop A-203"),
        "place": both(
            "工程训练中心实训楼 A 座 2 层，电梯口右转",
            "Training building A, 2nd floor, right of the lift",
        ),
        "stations": 4,
        "seats": 0,
    },
    "maker": {
        "name": both("创客空间 B105", "Maker space B105"),
        "place": both("工程训练中心 B 座 1 层", "Training building B, ground floor"),
        "stations": 3,
        "seats": 24,
    },
    "hall": {
        "name": both("学生活动中心门厅", "Student centre, main hall"),
        "place": both("学生活动中心 1 层，东门进", "Student centre, ground floor, east entrance"),
        "stations": 3,
        "seats": 60,
    },
}
VENUES["lobby"] = {
    "name": both("校医院健康驿站", "Campus clinic, health corner"),
    "place": both(
        "校医院 1 层大厅，学生活动中心旁", "Campus clinic, ground floor, beside the student centre"
    ),
    "stations": 0,
    "seats": 60,
}
AUTUMN_TERM: dict[str, Any] = {
    "name": both("{span} 学年秋季学期", "Autumn term {span}"),
    "holidays": [
        (0, (10, 1), (10, 7), both("国庆节", "National Day")),
        (1, (1, 1), (1, 1), both("元旦", "New Year")),
    ],
    "moved": [((10, 7), both("国庆调休", "In return for National Day"))],
}
SPRING_TERM: dict[str, Any] = {
    "name": both("{span} 学年春季学期", "Spring term {span}"),
    "holidays": [
        (0, (4, 4), (4, 6), both("清明节", "Qingming")),
        (0, (5, 1), (5, 5), both("劳动节", "Labour Day")),
    ],
    "moved": [((5, 5), both("劳动节调休", "In return for Labour Day"))],
}
USUAL_MINUTES = {11: 20, 16: 40, 19: 30, 22: 15, 30: 35}
POLICIES: dict[str, dict[str, Any]] = {
    "digital": {
        "notice_minutes": 60,
        "cancel_cutoff_minutes": 60,
        "move_cutoff_minutes": 120,
        "week_limit": 2,
        "term_limit": 6,
        "categories": [
            {"id": one, "minutes": USUAL_MINUTES.get(one)}
            for one in (2, 4, 5, 6, 8, 10, 11, 16, 19, 22, 23, 30, 33, 38)
        ],
        "closed_on_holidays": True,
        "closed_in_exam_weeks": True,
        "waiver": both(
            "带来之前请备份数据。拆机可能影响保修；修不好的，我们会装回原样。"
            "维修由志愿者免费进行，我们会尽力，但不能保证修好。",
            "Please back up your data before you come. Opening a device may end its warranty; what we"
            " cannot mend we put back together. Volunteers repair free of charge and do their best,"
            " without a promise that it will work.",
        ),
    },
}
SMALL = [3, 7, 9, 14, 15, 28, 29, 31, 34, 36, 37, 39, 40]
OFFERINGS: dict[str, dict[str, Any]] = {
    "appliances": {
        "kind": "repair",
        "title": both("小家电义务维修", "Free appliance repair"),
        "summary": both(
            "电热水壶、吹风机、台灯、风扇、电饭煲……带来就修，不收费。修好的市电设备先做安全测试再取回。",
            "Kettles, hair dryers, lamps, fans, rice cookers: bring it and we repair it together, free of charge.",
        ),
        "skill": "small_appliance",
        "categories": SMALL,
        "minutes_per_device": 14,
        "max_devices": 2,
    },
    "digital": {
        "kind": "repair",
        "title": both("数码设备义务维修", "Free electronics repair"),
        "summary": both(
            "笔记本清灰换硅脂、手机平板换电池、耳机音箱接线。请先备份数据。",
            "Laptops, phones, tablets, headphones. Please back up your data first.",
        ),
        "skill": "electronics",
        "categories": [2, 4, 5, 6, 8, 10, 11, 16, 19, 22, 23, 30, 33, 38],
        "minutes_per_device": 25,
        "max_devices": 1,
    },
    "soldering": {
        "kind": "training",
        "title": both("社团技术培训：电烙铁焊接入门", "Soldering for beginners"),
        "summary": both(
            "从认识元件到焊好一盏小夜灯，两小时，材料由中心提供，欢迎社团组队报名。",
            "From your first joint to a working night light in two hours. Materials are provided.",
        ),
        "skill": "teaching",
    },
    "printing": {
        "kind": "training",
        "title": both(
            "教师技术培训：3D 打印与激光切割", "3D printing and laser cutting for teachers"
        ),
        "summary": both(
            "给老师和社团骨干：切片、调平、常见故障，以及安全操作规程。",
            "For teachers and club leaders: slicing, levelling, common faults and safe operation.",
        ),
        "skill": "teaching",
    },
    "health": {
        "kind": "service",
        "title": both("防疫护健康：健康服务日", "Public health day"),
        "summary": both(
            "血压血糖自测、应急救护体验、宿舍通风消杀指导。",
            "Check your blood pressure, try first aid, learn how to air and disinfect a dormitory.",
        ),
        "skill": "health",
    },
}
THEME_DAYS = [
    ((3, 5), both("学雷锋纪念日 · 修好身边小物", "Lei Feng Day: mend what is near")),
    ((4, 22), both("世界地球日 · 少扔一件", "Earth Day: one thing less to throw away")),
    ((5, 4), both("五四青年节 · 青春志愿行", "Youth Day: young volunteers")),
    ((6, 5), both("世界环境日 · 毕业季维修", "World Environment Day: repairs before graduation")),
    ((9, 10), both("教师节 · 迎新义务维修", "Teachers' Day: repairs for a new term")),
    ((10, 16), both("国际维修日 · 一起修好", "International Repair Day: mend together")),
    (
        (12, 5),
        both("国际志愿者日 · 修好身边小物", "International Volunteer Day: mend what is near"),
    ),
]
THEME_SUMMARY = both(
    "一天之内：义务维修、焊接培训和健康服务。可以只来一项，也可以带上朋友来一整天。",
    "Repairs, soldering and a health check in one day. Come for one of them, or stay with friends.",
)
# category (Open Repair Data id), brand, problem, outcome, barrier
DEVICES: list[tuple[int, str, str, str, str]] = [
    (14, "美的 MK-HJ1708", "电热水壶按下开关没反应，底座指示灯不亮", "Fixed", ""),
    (39, "飞科 FH6232", "吹风机有焦味，吹几分钟自己停", "Fixed", ""),
    (15, "欧普", "台灯闪烁，拍一下就好", "Fixed", ""),
    (7, "艾美特", "风扇不转，手拨一下能转起来", "Fixed", ""),
    (29, "苏泊尔 CFXB40", "电饭煲煮不熟，保温正常", "Repairable", ""),
    (40, "苏泊尔 SW-1601", "电熨斗不出蒸汽，漏水", "Fixed", ""),
    (34, "小狗 D-521", "吸尘器吸力很小，声音很大", "Fixed", ""),
    (37, "九阳 JYL-C91T", "料理机一按就跳闸", "End of life", "Spare parts not available"),
    (28, "小熊 JSQ-C40", "加湿器不出雾，水是满的", "Fixed", ""),
    (36, "德龙 EC680", "咖啡机漏水，泵能响", "Repairable", ""),
    (31, "东菱", "烤面包机弹不起来", "Fixed", ""),
    (9, "飞利浦 S1000", "剃须刀充不进电", "Unknown", ""),
    (3, "欧普小夜灯", "充电口松动，要扶着才亮", "End of life", "Item too worn out"),
]
DIGITAL: list[tuple[int, str, str, str, str]] = [
    (16, "联想 小新 14", "笔记本风扇响，玩一会儿就烫手", "Fixed", ""),
    (11, "漫步者 W820NB", "头戴耳机左边没声音", "Fixed", ""),
    (30, "华为 MatePad", "平板充电时断时续", "Repairable", ""),
    (2, "倍思 65W", "充电器插上没反应", "End of life", "No way to open product"),
]
SHELF: list[dict[str, Any]] = [
    {"shelf": "A-2", "accessories": ["base", "lid"], "condition": "壶嘴有一道旧划痕"},
    {"shelf": "A-3", "accessories": ["cable"], "condition": ""},
    {"shelf": "B-1", "accessories": ["attachment", "bag"], "condition": "外壳发黄，按键完好"},
]
STILL_WORKS = ["", "", "用着很好，谢谢", "比以前还安静"]
BROKEN_AGAIN = ["用了两天又不转了", "还是会跳闸，不过少了"]
WALK_IN_NAMES = ["马丽娜", "古丽娜尔", "Tom Baker", "邓老师", "诸葛青", "宋雨"]


def some_device(chance: Random, offering: str) -> dict[str, Any]:
    """Return something that people bring to this offering."""
    category, brand, problem, *_ = chance.choice(DIGITAL if offering == "digital" else DEVICES)
    return {"category_id": category, "brand": brand, "problem": problem}


def outcome_of(brand: str) -> dict[str, Any]:
    """Return what came of the device of this brand."""
    for _, known, _, status, barrier in (*DEVICES, *DIGITAL):
        if known == brand:
            return {"status": status, **({"barrier": barrier} if barrier else {})}
    return {"status": "Fixed"}
