"""People who exist before anybody registers: the first administrator, and the demo's."""

from sqlalchemy.orm import Session

from services.identity import events
from services.identity.errors import DemoRefused
from services.identity.models import Credential, Person
from services.identity.models.credential import hashed
from services.identity.models.person import checked_login
from services.identity.queries.people import person_by_login, person_for_change
from services.identity.use_cases.passwords import new_reset
from services.identity.use_cases.registration import add_person
from services.identity.use_cases.sign_in import rotate_all_sessions
from shared import audit
from shared.clock import now

DEMO_PASSWORD = "demo"  # noqa: S105 - public by design: refused outside the demo
DEMO_PEOPLE: dict[str, tuple[str, frozenset[str]]] = {
    "student": ("张明", frozenset()),
    "student2": ("王思雅", frozenset()),
    "student3": ("阿依古丽·买买提", frozenset()),
    "student4": ("李雷", frozenset()),
    "student5": ("𠮷田真由", frozenset()),
    "student6": ("陈曦", frozenset()),
    "student7": ("刘子轩", frozenset()),
    "student8": ("黄雨桐", frozenset()),
    "student9": ("赵一诺", frozenset()),
    "student10": ("次仁卓玛", frozenset()),
    "student11": ("Müller Anna", frozenset()),
    "student12": ("周浩然", frozenset()),
    "volunteer": ("欧阳修远", frozenset({"volunteer"})),
    "volunteer2": ("林晓峰", frozenset({"volunteer"})),
    "volunteer3": ("何静怡", frozenset({"volunteer"})),
    "volunteer4": ("巴特尔", frozenset({"volunteer"})),
    "volunteer5": ("孙志强", frozenset({"volunteer"})),
    "volunteer6": ("吴佳琪", frozenset({"volunteer"})),
    "volunteer7": ("司马文博", frozenset({"volunteer"})),
    "volunteer8": ("郑思远", frozenset({"volunteer"})),
    "coordinator": ("周慧老师", frozenset({"coordinator"})),
    "admin": ("系统管理员", frozenset({"coordinator", "admin"})),
}


def ensure_demo_people(session: Session, *, demo: bool) -> dict[str, str]:
    """Make the demo people that are missing; return login → person id. Refused outside the demo."""
    if not demo:
        raise DemoRefused
    found: dict[str, str] = {}
    password_hash: str | None = None
    for login, (name, roles) in DEMO_PEOPLE.items():
        person = person_by_login(session, login)
        if person is None:
            password_hash = password_hash or hashed(DEMO_PASSWORD)
            person = add_person(
                session, name=name, login=login, locale="zh", roles={"student", *roles}, demo=True
            )
            session.add(
                Credential(person_id=person.id, password_hash=password_hash, changed_at=now())
            )
        found[login] = person.id
    return found


def make_administrator(session: Session, login: str, name: str | None = None) -> tuple[Person, str]:
    """Make ``login`` an administrator; return them and the secret of a link to choose a password."""
    person = person_by_login(session, login)
    if person is None:
        typed = checked_login(login)
        person = add_person(
            session,
            name=name or typed,
            login=typed,
            locale="zh",
            roles={"student", "coordinator", "admin"},
        )
    elif "admin" not in person.roles:
        person = person_for_change(session, person.id)
        person.give({*person.roles, "coordinator", "admin"})
        person.version += 1
        rotate_all_sessions(session, person.id)
        session.flush()
        events.person_changed(session, person)
    audit.record(session, "operator", "person.make_administrator", person.id)
    return person, new_reset(session, person)
