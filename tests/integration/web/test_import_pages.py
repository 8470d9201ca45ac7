"""The page of imports: look, take, take back; what was looked at is carried from one to the other."""

import io

from services.web.views.manage.record_import import _packed, _unpacked
from tests.integration.web.conftest import Term

HEAD = "id,data_provider,product_category,product_category_id,repair_status,event_date,problem\n"
GOOD = "webmade_1,Made,Toaster,31,Fixed,2018-05-06,crumbs\n"
BAD = "webmade_2,Made,Toaster,31,Broken,2018-05-06,\n"


def test_a_file_is_looked_at_taken_and_taken_back(term: Term) -> None:
    reader = term.reader("coordinator")
    reader.open("/manage/records/import")

    file = (io.BytesIO((HEAD + GOOD + BAD).encode()), "咖啡馆 2018.csv")
    looked = reader.send(0, file=file, do="check")
    assert "没有这个结果：Broken" in looked.text
    assert "咖啡馆 2018.csv" in looked.text

    taken = reader.send(0, do="import")
    assert "已导入 1 条记录" in taken.text
    past = reader.open("/manage/impact?period=all&source=imported")
    assert "烤面包机" in past.text

    reader.open("/manage/records/import")
    undone = reader.send(0 if "undo" in reader.page.forms[0].action else 1)
    assert "这一批已经撤回" in undone.text
    assert (
        "没有结果"
        in reader.open("/manage/impact?from=2018-01-01&to=2018-12-31&source=imported").text
    )


def test_what_is_no_file_is_said_at_the_field(term: Term) -> None:
    reader = term.reader("coordinator", "en")
    reader.open("/manage/records/import")

    page = reader.send(0, 422, file=(io.BytesIO(b"id,name\n"), "people.csv"), do="check")

    assert "This file cannot be read" in page.text


def test_a_file_carried_from_looking_to_taking_is_whole_and_bounded() -> None:
    content = (HEAD + GOOD * 2000).encode()

    assert _unpacked(_packed(content)) == content
    assert _unpacked(_packed(b"0" * 10_000_000)) == b""  # grows beyond what an import takes
    assert _unpacked("no such thing") == _unpacked("") == b""
