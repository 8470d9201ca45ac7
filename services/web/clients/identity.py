"""Identity as the front sees it: people, roles, sign-in sessions, forgotten passwords."""

from dataclasses import dataclass

from services.web.clients.base import Client, Json, Page, read
from shared.client_address import ADDRESS


@dataclass(frozen=True)
class Person:
    """Somebody with an account (login is None for people entered at the desk)."""

    id: str
    name: str | None
    roles: tuple[str, ...]
    locale: str = "zh"
    login: str | None = None
    version: int = 0


@dataclass(frozen=True)
class SignIn:
    """A fresh sign-in session."""

    session: str
    access_token: str
    expires_in: int
    person: Person


@dataclass(frozen=True)
class Renewed:
    """A renewed access token, and the session's new secret where it was changed."""

    access_token: str
    expires_in: int
    person: Person
    session: str | None = None


@dataclass(frozen=True)
class Name:
    """A name as the caller may see it: whole for staff, masked for everybody."""

    id: str
    masked: str
    name: str | None = None

    @property
    def shown(self) -> str:
        """The whole name where it is given, else the masked one."""
        return self.name or self.masked


class IdentityClient(Client):
    """People and their sign-in."""

    service = "identity"

    def register(self, fields: Json, address: str, key: str) -> Person:
        """Make an account; `address` is the browser's, for the limit on attempts."""
        return read(
            Person,
            self.post("/registrations", fields, front=True, headers={ADDRESS: address}, key=key),
        )

    def sign_in(self, login: str, password: str, address: str) -> SignIn:
        """Open a sign-in session."""
        credentials = {"login": login, "password": password}
        return read(
            SignIn, self.post("/sessions", credentials, front=True, headers={ADDRESS: address})
        )

    def refresh(self, session: str) -> Renewed:
        """A new access token; Problem 401 when the session has ended."""
        return read(Renewed, self.post("/sessions/refresh", {"session": session}))

    def revoke(self, session: str) -> None:
        """End a sign-in session."""
        self.post("/sessions/revoke", {"session": session})

    def front_token(self, secret: str) -> tuple[str, int]:
        """The front's own token and its life in seconds."""
        answer = self.post("/front-tokens", {"secret": secret})
        return answer["access_token"], answer["expires_in"]

    def ask_password_reset(self, login: str, address: str) -> Json:
        """{person_id, token}, or {} when nobody has this login."""
        found: Json = self.post(
            "/password-resets", {"login": login}, front=True, headers={ADDRESS: address}
        )
        return found

    def complete_password_reset(self, token: str, password: str) -> None:
        """Set a new password by a token that was sent."""
        self.post("/password-resets/complete", {"token": token, "password": password})

    def me(self) -> Person:
        """The person asking."""
        return read(Person, self.get("/people/me"))

    def change_me(self, fields: Json) -> Person:
        """Change one's own name or language."""
        return read(Person, self.patch("/people/me", fields))

    def erase_me(self) -> None:
        """Delete one's own account."""
        self.delete("/people/me")

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password."""
        self.post("/people/me/password", {"old": old, "new": new})

    def names(self, ids: list[str]) -> dict[str, Name]:
        """Names by person id in one call."""
        wanted = sorted({one for one in ids if one})
        if not wanted:
            return {}
        answer = self.post("/people/names", {"ids": wanted})
        return {found["id"]: read(Name, found) for found in answer["names"]}

    def people(
        self, q: str | None = None, role: str | None = None, cursor: str | None = None
    ) -> Page:
        """Search people (staff)."""
        return self.page(Person, "/people", params=_given(q=q, role=role, cursor=cursor))

    def person(self, person_id: str) -> Person:
        """One person (staff)."""
        return read(Person, self.get(f"/people/{person_id}"))

    def add_person(self, name: str, login: str | None, roles: list[str], key: str) -> Person:
        """Enter somebody without a password yet (staff)."""
        return read(
            Person, self.post("/people", _given(name=name, login=login, roles=roles), key=key)
        )

    def set_roles(self, person_id: str, roles: list[str], version: int) -> Person:
        """Replace a person's roles (administrator)."""
        return read(
            Person, self.put(f"/people/{person_id}/roles", {"roles": roles}, version=version)
        )

    def import_people(self, csv: str, dry_run: bool, key: str) -> Json:
        """Import people from CSV (staff): rows with what was or would be done."""
        found: Json = self.post("/people/import", {"csv": csv, "dry_run": dry_run}, key=key)
        return found

    def import_file(self, encoded: str, dry_run: bool, key: str | None = None) -> Json:
        """Import a file's bytes in base64 (UTF-8 or GBK), or only say what an import would do."""
        found: Json = self.post(
            "/people/import", {"csv_base64": encoded, "dry_run": dry_run}, key=key
        )
        return found


def _given(**fields: object) -> Json:
    return {name: value for name, value in fields.items() if value not in (None, "")}
