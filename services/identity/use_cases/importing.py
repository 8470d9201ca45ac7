"""Import of people from a CSV file as it comes out of a spreadsheet: any line may be wrong, none stops it."""

import base64
import binascii
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from services.identity.errors import RoleNotYours, UnreadableFile
from services.identity.models.person import (
    LOGIN,
    LOGIN_TEXT,
    ROLES_STAFF_MAY_GIVE,
    checked_login,
    searchable,
)
from services.identity.queries.people import known_logins
from services.identity.use_cases.registration import add_person
from shared import audit

MOST_LINES = 5_000
NAME_MOST = 100
Text = tuple[str, str]
HEADERS = {
    "name": {"姓名", "名字", "name", "full name"},
    "login": {"学号", "工号", "学工号", "账号", "帐号", "登录名", "用户名", "login", "username",
              "student id", "id", "account"},
    "roles": {"角色", "身份", "role", "roles"},
    "email": {"邮箱", "电子邮箱", "邮件", "email", "e-mail", "mail"},
}  # fmt: skip
ROLE_NAMES = {
    "学生": "student", "志愿者": "volunteer", "协调员": "coordinator", "管理员": "admin",
    "student": "student", "volunteer": "volunteer", "coordinator": "coordinator",
    "admin": "admin", "administrator": "admin",
}  # fmt: skip
ROLE_SEPARATORS = re.compile(r"[、,，;；/|\s]+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass
class Row:
    """One line of the file, and what was or would be done with it."""

    line: int
    name: str = ""
    login: str = ""
    email: str | None = None
    roles: set[str] = field(default_factory=set)
    state: str = "created"
    person_id: str | None = None
    errors: list[Text] = field(default_factory=list)

    def wrong(self, zh: str, en: str) -> None:
        """Note what is wrong with this line."""
        self.state = "invalid"
        self.errors.append((zh, en))


def import_people(
    session: Session, actor_id: str, actor_is_admin: bool, text: str, *, dry_run: bool
) -> list[Row]:
    """Add the people of a CSV text who are not known yet; return what came of each line.

    Known logins are left as they are. A dry run changes nothing.
    """
    rows = list(read_rows(text))
    _check_rows(rows, actor_is_admin)
    known = known_logins(session, [row.login for row in rows if row.state != "invalid"])
    for row in rows:
        if row.state == "invalid":
            continue
        if found := known.get(searchable(row.login)):
            row.state, row.person_id = "exists", found
        elif not dry_run:
            row.person_id = add_person(
                session,
                name=row.name,
                login=checked_login(row.login),
                locale="zh",
                roles={"student", *row.roles},
            ).id
    if not dry_run:
        audit.record(session, actor_id, "person.import", "csv")
    return rows


def decoded(content: str) -> str:
    """Return the text of a base64 file: UTF-8 (with or without BOM), else GBK (spreadsheets in China)."""
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise _unreadable("文件没有完整上传。", "The file did not arrive whole.") from problem
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(
        "看不懂文件的编码，请另存为 UTF-8 的 CSV。",
        "The file's encoding is unknown; please save it as CSV in UTF-8.",
    )


def read_rows(text: str) -> Iterator[Row]:
    """Read the lines below the header; raise ``UnreadableFile`` where there is no usable header."""
    text = text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns: dict[str, int] | None = None
    count, before = 0, 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield _broken(reader.line_num)
            continue
        if cells is None:
            break
        line, before = before + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = _columns(cells)
            continue
        count += 1
        if count > MOST_LINES:
            raise _unreadable(
                f"一次最多导入 {MOST_LINES} 行，请分几次。",
                f"At most {MOST_LINES} lines at once; please split the file.",
            )
        yield _row(line, cells, columns)
    if columns is None:
        raise _unreadable("文件是空的。", "The file is empty.")


def _columns(header: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, cell in enumerate(header):
        word = cell.strip().lower().replace("_", " ")
        for name, words in HEADERS.items():
            if word in words:
                found.setdefault(name, position)
    if not {"name", "login"} <= found.keys():
        raise _unreadable(
            "第一行要有“姓名”和“学号”（或“账号”）两列的名称。",
            "The first line must name the columns: name and login (or student id).",
        )
    return found


def _row(line: int, cells: list[str], columns: dict[str, int]) -> Row:
    def cell(name: str) -> str:
        at = columns.get(name)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    row = Row(line, cell("name"), cell("login"), cell("email") or None)
    if not row.name:
        row.wrong("缺少姓名。", "The name is missing.")
    elif len(row.name) > NAME_MOST or CONTROL.search(row.name):
        row.wrong("姓名太长或有控制字符。", "The name is too long or has control characters.")
    if not row.login:
        row.wrong("缺少学号或账号。", "The login is missing.")
    elif not LOGIN.fullmatch(row.login):
        row.wrong(*LOGIN_TEXT)
    if row.email and not EMAIL.fullmatch(row.email):
        row.wrong("邮箱地址看起来不对。", "This does not look like a mail address.")
    for word in filter(None, ROLE_SEPARATORS.split(cell("roles"))):
        if role := ROLE_NAMES.get(word.lower()):
            row.roles.add(role)
        else:
            row.wrong(f"没有“{word[:20]}”这个角色。", f"There is no role “{word[:20]}”.")
    return row


def _check_rows(rows: list[Row], actor_is_admin: bool) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if not actor_is_admin and not row.roles <= ROLES_STAFF_MAY_GIVE:
            row.wrong(RoleNotYours.zh, RoleNotYours.en)
        if not row.login:
            continue
        first = seen.setdefault(searchable(row.login), row.line)
        if first != row.line:
            row.wrong(f"和第 {first} 行的账号重复。", f"The same login as in line {first}.")


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",\t;，", key=first.count) if first else ","


def _broken(line: int) -> Row:
    row = Row(line)
    row.wrong("这一行的格式读不出来。", "This line cannot be read.")
    return row


def _unreadable(zh: str, en: str) -> UnreadableFile:
    return UnreadableFile(fields={"csv": (zh, en)})
