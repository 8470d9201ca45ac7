"""Importing people from a spreadsheet's CSV, on both databases."""

import base64
from typing import Any

from sqlalchemy import func, select

from services.identity.models import Person
from tests.integration.identity.accounts import errors, register
from tests.support.services import Service

FILE = """姓名,学号,角色,邮箱
张明,2026001,,zm@example.edu.cn
阿依古丽·买买提,2026002,志愿者,
𠮷田真由,2026003,学生、志愿者,
,2026004,学生,
李雷,2026 005,学生,
王思雅,2026006,校长,
周老师,t-1,协调员,
张明,2026001,学生,
欧阳修远,2026007,volunteer,not-a-mail
"""


def bring(identity: Service, role: str = "coordinator", **body: Any) -> Any:
    """Import a file as somebody of this role."""
    return identity.as_(role).post("/people/import", body)


def states(answer: Any) -> dict[int, str]:
    """Return line → what came of it."""
    return {row["line"]: row["state"] for row in answer.json["rows"]}


def people(identity: Service) -> int:
    """Count the people that are kept."""
    with identity.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Person)) or 0)


def test_a_dry_run_says_what_would_happen_line_by_line_and_changes_nothing(identity: Service):
    answer = bring(identity, csv=FILE)

    assert answer.status_code == 200
    assert states(answer) == {
        2: "created", 3: "created", 4: "created", 5: "invalid", 6: "invalid",
        7: "invalid", 8: "invalid", 9: "invalid", 10: "invalid",
    }  # fmt: skip
    said = {row["line"]: row["errors"] for row in answer.json["rows"]}
    assert said[5] == ["缺少姓名。"]
    assert said[7] == ["没有“校长”这个角色。"]
    assert said[8] == ["只有管理员可以授予协调员或管理员角色。"]
    assert said[9] == ["和第 2 行的账号重复。"]
    assert said[10] == ["邮箱地址看起来不对。"]
    assert people(identity) == 0
    assert identity.announced() == []


def test_an_import_adds_the_good_lines_whatever_the_bad_ones_say(identity: Service):
    register(identity, "2026002")

    answer = bring(identity, csv=FILE, dry_run=False)

    counts = {name: answer.json[name] for name in ("created", "existing", "invalid")}
    assert counts == {"created": 2, "existing": 1, "invalid": 6}
    by_line = {row["line"]: row for row in answer.json["rows"]}
    assert by_line[2]["email"] == "zm@example.edu.cn"
    found = identity.as_("admin").get(f"/people/{by_line[4]['person_id']}").json
    assert (found["name"], found["roles"]) == ("𠮷田真由", ["student", "volunteer"])
    assert people(identity) == 3


def test_the_same_file_twice_adds_nobody_twice(identity: Service):
    bring(identity, csv=FILE, dry_run=False)

    again = bring(identity, csv=FILE, dry_run=False)

    assert (again.json["created"], again.json["existing"]) == (0, 3)


def test_files_of_chinese_and_western_spreadsheets_are_read(identity: Service):
    chinese = "姓名,工号\r\n张明,1001\r\n".encode("gbk")
    with_mark = "\ufeffName;Login;Role\r\nAnna;anna;volunteer\r\n".encode()
    tabs = "姓名\t账号\n王思雅\twsy\n".encode()

    for raw, login in ((chinese, "1001"), (with_mark, "anna"), (tabs, "wsy")):
        answer = bring(identity, csv_base64=base64.b64encode(raw).decode(), dry_run=False)
        assert [row["login"] for row in answer.json["rows"]] == [login]
        assert answer.json["created"] == 1


def test_an_administrator_may_import_coordinators(identity: Service):
    answer = bring(identity, "admin", csv="姓名,账号,角色\n周老师,zhou,协调员\n", dry_run=False)

    assert answer.json["created"] == 1


def test_a_file_without_the_needed_columns_is_refused_whole(identity: Service):
    without = bring(identity, csv="name,phone\nAnna,1\n")
    empty = bring(identity, csv="\n\n")
    nothing = bring(identity)
    broken = bring(identity, csv_base64="%%%")

    assert "姓名" in errors(without)["#/csv"]
    assert errors(empty) == {"#/csv": "文件是空的。"}
    assert errors(nothing) == {"#/csv": "请填写这一项。"}
    assert errors(broken) == {"#/csv": "文件没有完整上传。"}


def test_quoted_names_with_line_feeds_and_null_bytes_stop_nothing(identity: Service):
    csv = '姓名,账号\n"张\n明",a1\n李\x00雷,a2\n王思雅,a3\n'

    answer = bring(identity, csv=csv, dry_run=False)

    assert states(answer) == {2: "invalid", 4: "invalid", 5: "created"}
