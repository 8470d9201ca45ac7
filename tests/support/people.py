"""People for tests: an id, roles, and a token signed with the run's own keys."""

from dataclasses import dataclass
from pathlib import Path

from shared.auth import ADMIN, COORDINATOR, FRONT, STUDENT, VOLUNTEER, TokenKeys, ensure_keys
from shared.ids import new_id

ROLES = (STUDENT, VOLUNTEER, COORDINATOR, ADMIN, FRONT)


@dataclass(frozen=True)
class TestPerson:
    """Somebody who can ask for things."""

    __test__ = False

    id: str
    roles: frozenset[str]
    token: str


class People:
    """Makes people; everybody but the front is registered, so everybody is a student too."""

    def __init__(self, folder: Path) -> None:
        ensure_keys(folder)
        self.folder = folder
        self.keys = TokenKeys.load(folder)

    def new(self, *roles: str, id: str | None = None, seconds: int = 3600) -> TestPerson:
        """Return a new person with these roles (none: a student)."""
        if FRONT in roles:
            return TestPerson(FRONT, frozenset({FRONT}), self.keys.mint(FRONT, frozenset({FRONT})))
        held = frozenset({STUDENT, *roles})
        person_id = id or new_id()
        return TestPerson(person_id, held, self.keys.mint(person_id, held, seconds))

    def student(self) -> TestPerson:
        """Return a new student."""
        return self.new(STUDENT)

    def volunteer(self) -> TestPerson:
        """Return a new volunteer."""
        return self.new(VOLUNTEER)

    def coordinator(self) -> TestPerson:
        """Return a new coordinator."""
        return self.new(COORDINATOR)

    def admin(self) -> TestPerson:
        """Return a new administrator."""
        return self.new(ADMIN)

    def front(self) -> TestPerson:
        """Return the web front itself."""
        return self.new(FRONT)

    def of_each_role(self) -> dict[str, TestPerson | None]:
        """Return one person per role by its name, and None for `anonymous`."""
        return {"anonymous": None, **{role: self.new(role) for role in ROLES}}
