"""Every page, at the sizes it is made for, in both languages: heading, labels, width, contrast, language."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.centre import Centre
from tests.browser.openings import open_now
from tests.browser.pages import BOARDS, COORDINATOR, DESK_PAGES, PUBLIC, STUDENT, VOLUNTEER
from tests.browser.scene import DATA, PASSWORD, build, enter, type_a_device
from tests.browser.states import STATES
from tests.browser.suites import Place
from tests.browser.visitor import Visitor
from tests.support.browser import DESK, PHONE, WALL


@pytest.fixture(scope="module")
def scene(centre: Centre) -> dict[str, str]:
    """What the addresses of the pages need."""
    return build(centre)


# Both deployments run the same code of the pages, so each of them is read in one language.
READ_IN = {"embedded": "zh", "distributed": "en"}


@pytest.fixture
def lang(suite: Place) -> str:
    """The language in which this deployment's pages are read."""
    return READ_IN[suite.deployment]


def look_at(someone: Visitor, pages: tuple[str, ...], scene: dict[str, str]) -> None:
    """Visit the pages; say what is wrong with each of them."""
    wrong = []
    for page in pages:
        path = page.format(**scene)
        try:
            someone.go(path)
            assert someone.path == path, f"{path} leads on to {someone.path}"
            if someone.lang == "zh":  # the same elements and colours in both languages
                someone.accessible()
        except AssertionError as problem:
            wrong.append(str(problem).split("\nassert ")[0])
    assert not wrong, "\n".join(wrong)


NIGHT = (
    "/",
    "/sessions/{repair}",
    "/places/{place}",
    "/places/{kept_place}",
    "/waitlist/{offered}",
    "/sessions/{ahead}/draw",
    "/me",
)
WHO = {
    "a stranger": (None, PHONE, PUBLIC),
    "a student": ("student", PHONE, STUDENT),
    "a volunteer": ("volunteer", PHONE, VOLUNTEER),
    "a coordinator": ("coordinator", DESK, (*COORDINATOR, *DESK_PAGES)),
    "a coordinator with a phone": ("coordinator", PHONE, COORDINATOR),
}


@pytest.mark.parametrize("who", WHO)
def test_every_page_is_whole_and_accessible(
    visitor: Callable[..., Visitor], scene: dict[str, str], who: str, lang: str
) -> None:
    login, size, pages = WHO[who]
    someone = visitor(size=size, lang=lang, data=DATA)
    if login:
        enter(someone, login, scene)
    if login == "student":
        type_a_device(someone.go(f"/sessions/{scene['coming']}/book"))

    look_at(someone, pages, scene)


def test_the_wall_and_dark_pages_are_accessible(
    visitor: Callable[..., Visitor], scene: dict[str, Any]
) -> None:
    wall = visitor("coordinator", size=WALL)
    night = visitor(dark=True)
    enter(night, "student", scene)

    look_at(wall, BOARDS, scene)
    look_at(night, NIGHT, scene)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_what_a_page_shows_after_a_step_is_whole_and_accessible(
    visitor: Callable[..., Visitor], scene: dict[str, str], lang: str, size: dict[str, int]
) -> None:
    someone, wrong = visitor("coordinator", size=size, lang=lang, data=DATA), []
    for name, step in STATES.items():
        try:
            step(someone, scene)
            someone.check()
            someone.accessible()
        except AssertionError as problem:
            wrong.append(f"{name}: {str(problem).split(chr(10))[0]}")
    assert not wrong, "\n".join(wrong)


def test_the_minute_of_a_draw_is_whole_and_accessible(
    visitor: Callable[..., Visitor], scene: dict[str, str], centre: Centre
) -> None:
    entrant, stranger = visitor(), visitor(lang="en")
    enter(entrant, "student", scene)
    draw = f"/sessions/{open_now(centre, centre.api.sign_in(scene['student'], PASSWORD))}/draw"

    entrant.go(draw).accessible()
    stranger.go(draw).accessible()

    entrant.says("你已登记")
    stranger.says("2 people have entered")
