"""The demo's training with a quiz: two people were there weeks ago and may take it."""

from datetime import timedelta
from typing import Any

from deploy import acts
from deploy.centre import Centre
from deploy.demo_days import at_hour, set_time, today, weekday_of
from deploy.demo_volunteers import enrol
from deploy.demo_words import both
from deploy.driver import Account, eventually

Words = dict[str, str]
WERE_THERE = ("volunteer3", "student")
SKILL = "printing"


def _question(
    text: Words, choices: tuple[Words, ...], right: tuple[int, ...], why: Words
) -> dict[str, Any]:
    return {"text": text, "choices": list(choices), "right": list(right), "explanation": why}


QUESTIONS = (
    _question(
        both("打印头堵了，先做什么？", "The nozzle is blocked. What comes first?"),
        (
            both("升到打印温度，再慢慢推料", "Heat it to printing temperature, then push gently"),
            both("冷着用力捅", "Poke it hard while it is cold"),
            both("马上换一个新的", "Replace it at once"),
        ),
        (0,),
        both("热了的料才推得动；冷着捅会伤喷嘴。", "Only warm filament moves; poking a cold nozzle damages it."),
    ),
    _question(
        both("激光切割时，哪些事一定要做？", "What must be done while the laser cuts?"),
        (
            both("有人看着机器", "Somebody watches the machine"),
            both("开着排风", "The extraction is on"),
            both("打开盖子看得清楚", "The lid is open for a better view"),
            both("旁边有灭火毯", "A fire blanket is at hand"),
        ),
        (0, 1, 3),
        both("盖子打开，激光会伤眼睛；机器也会自己停。", "With the lid open the laser can hurt your eyes; the machine stops as well."),
    ),
    _question(
        both("哪种材料不能用激光切？", "Which material must not be laser cut?"),
        (both("椴木板", "Basswood"), both("亚克力", "Acrylic"), both("PVC", "PVC"), both("卡纸", "Card")),
        (2,),
        both("PVC 会放出氯气，伤人也伤机器。", "PVC gives off chlorine, which harms people and the machine."),
    ),
    _question(
        both("第一层粘不住平台，可能是因为什么？", "The first layer does not stick. What may be the reason?"),
        (
            both("平台没有调平", "The bed is not level"),
            both("平台有油", "The bed is greasy"),
            both("模型太小", "The model is too small"),
        ),
        (0, 1),
        both("先调平，再用酒精擦一遍。", "Level it first, then wipe it with alcohol."),
    ),
    _question(
        both("机器冒烟了，先做什么？", "The machine smokes. What comes first?"),
        (
            both("按急停，断电", "Press the emergency stop, cut the power"),
            both("拍照发群里", "Take a picture for the group"),
            both("打开窗户接着打", "Open a window and go on"),
        ),
        (0,),
        both("先断电，再叫人。", "Power off first, then call for help."),
    ),
)  # fmt: skip


def begin(centre: Centre) -> None:
    """Write the quiz of the printing course, say what it leads to, and hold it the day after the other one."""
    staff, offering = centre.staff, centre.offerings["printing"]
    body = {"questions": list(QUESTIONS), "drawn": 4, "state": "on"}
    staff.put("catalog", f"/offerings/{offering}/quiz", body, version=0)
    rules = {"offering_id": offering, "proof": "none", "valid_months": 12}
    staff.put("roster", f"/skills/{SKILL}", {"title": both("3D 打印", "3D printing"), **rules})
    day = weekday_of(today(), 1) + timedelta(days=1)
    begins, ends = at_hour(day, 18, 30), at_hour(day, 20, 30)
    session = acts.plan_session(staff, offering, centre.venues["maker"], begins, ends, seats=6)
    made = [enrol(centre.person(login), session) for login in WERE_THERE]
    set_time(ends)
    for enrolment in made:
        attend(staff, enrolment)


def attend(staff: Account, enrolment: str) -> None:
    """Mark somebody present once booking has heard of the quiz; before that it would complete the training."""

    def marked() -> bool:
        path = f"/enrolments/{enrolment}/attendance"
        if staff.post("booking", path, {"state": "attended"})["quiz"]:
            return True
        staff.post("booking", path, {"state": "enrolled"})
        return False

    eventually(marked, "booking knows the quiz")
