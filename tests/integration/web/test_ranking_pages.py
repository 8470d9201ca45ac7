"""The weekly ranking on the pages: empty at first, joining and leaving by one tap, who is shown how."""

from collections.abc import Iterator

import pytest

from tests.integration.web.conftest import Term, fresh_term


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    yield from fresh_term(tmp_path_factory.mktemp("ranking"))


def test_taking_part_by_name_then_by_code_then_leaving(term: Term) -> None:
    volunteer = term.reader("volunteer4")
    name = str(term.api("identity", "GET", "/people/me", "volunteer4")["name"])

    def tap(shown: str) -> dict[str, object]:
        page = volunteer.open("/me/ranking")
        assert "别人会看到什么" in page.html
        volunteer.send(f"show-{shown}", shown=shown)
        return dict(term.api("roster", "GET", "/ranking/mine", "volunteer4"))

    assert tap("name")["name"] == name
    by_code = tap("code")
    assert (by_code["takes_part"], by_code["name"]) == (True, None)
    assert f"志愿者 {by_code['code']}" in volunteer.open("/ranking").html
    assert tap("leave")["takes_part"] is False


def test_students_see_the_list_and_no_way_in(term: Term) -> None:
    student = term.reader("student")

    page = student.open("/ranking")

    assert "每周排行" in page.html
    assert "看看怎么参加" not in page.html
    student.open("/me/ranking", 403)
