"""A person: the name as typed, the login, the roles, and the rules about them."""

import re
import unicodedata
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.identity.errors import BadLogin
from services.identity.models.base import Base
from shared.database import Id, UtcDateTime

ACTIVE = "active"
ERASED = "erased"
ROLES = ("student", "volunteer", "coordinator", "admin")
ROLES_STAFF_MAY_GIVE = frozenset({"student", "volunteer"})
LOGIN = re.compile(r"[\w.@+-]{2,64}")
LOGIN_TEXT = (
    "账号用 2–64 个字母、数字或 . _ - @ +，中间不能有空格。",
    "A login has 2 to 64 letters, digits or . _ - @ + and no spaces.",
)


class Person(Base):
    """Somebody known to the suite. Erased people keep their id and nothing else."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'erased')", name="state"),
        CheckConstraint("locale IN ('zh', 'en')", name="locale"),
        Index("ix_person_name_search_id", "name_search", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(200))
    name_search: Mapped[str] = mapped_column(String(400))
    login: Mapped[str | None] = mapped_column(String(64))
    login_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    locale: Mapped[str] = mapped_column(String(2), default="zh")
    state: Mapped[str] = mapped_column(String(10), default=ACTIVE)
    demo: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    consent_version: Mapped[str | None] = mapped_column(String(40))
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    held: Mapped[list["Role"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Role.role"
    )

    @property
    def roles(self) -> list[str]:
        """Return the roles, in the order in which they are always written."""
        held = {role.role for role in self.held}
        return [role for role in ROLES if role in held]

    @property
    def is_active(self) -> bool:
        """Tell whether this person's data still stands."""
        return self.state == ACTIVE

    def rename(self, name: str) -> None:
        """Keep a name as typed, and its searchable form beside it."""
        self.name = name
        self.name_search = searchable(name)

    def give(self, roles: set[str]) -> None:
        """Let this person hold exactly these roles."""
        self.held = [role for role in self.held if role.role in roles] + [
            Role(role=role) for role in ROLES if role in roles - set(self.roles)
        ]


class Role(Base):
    """A role that a person holds."""

    __tablename__ = "person_role"
    __table_args__ = (
        CheckConstraint("role IN ('student', 'volunteer', 'coordinator', 'admin')", name="role"),
    )

    person_id: Mapped[str] = mapped_column(
        Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(20), primary_key=True, index=True)


def searchable(name: str) -> str:
    """Return the form in which names and logins are compared: NFC, case-folded; never NFKC."""
    folded = unicodedata.normalize("NFC", name).casefold().strip()
    return unicodedata.normalize("NFC", folded)


def checked_login(login: str) -> str:
    """Return the login as typed if it can be one."""
    typed = unicodedata.normalize("NFC", login.strip())
    if not LOGIN.fullmatch(typed):
        raise BadLogin(fields={"login": LOGIN_TEXT})
    return typed
