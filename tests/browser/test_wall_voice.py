"""The voice of the wall in a real browser: one call after the other, local voices only, each said once."""

from collections.abc import Callable
from typing import Any

import pytest

from deploy import acts
from tests.browser.centre import Centre
from tests.browser.visitor import Visitor
from tests.support.browser import WALL

MakeVisitor = Callable[..., Visitor]
Patience = Callable[..., Any]

# The browser's speechSynthesis, which a machine without voices lacks: it takes time, and writes down what it was asked.
SPEECH = """
(() => {
  const log = [];
  const voices = %s;
  const listeners = [];
  let speaking = 0, line = Promise.resolve();
  const synth = {
    get speaking() { return speaking > 0; }, pending: false, log, most: 0,
    getVoices: () => voices,
    addEventListener: (name, work) => listeners.push(work),
    cancel() { log.push({ cancel: true }); },
    speak(words) {
      speaking += 1;
      synth.most = Math.max(synth.most, speaking);
      log.push({ text: words.text, lang: words.lang, voice: words.voice && words.voice.name, at: performance.now() });
      const mute = words.text.includes(window.__never || "\\u0000");
      if (mute) { speaking -= 1; return; }
      setTimeout(() => { speaking -= 1; words.onend && words.onend({}); }, 120);
    },
  };
  Object.defineProperty(window, "speechSynthesis", { value: synth, configurable: true });
  // what a test asks of the page counts as a gesture for the browser; here only a click does
  let tapped = false;
  addEventListener("click", () => { tapped = true; }, true);
  Object.defineProperty(navigator, "userActivation", { value: { get hasBeenActive() { return tapped; } } });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
})();
"""
LOCAL = """[
  { name: "Google 普通话", lang: "zh-CN", localService: false },
  { name: "Sinji", lang: "zh-HK", localService: true },
  { name: "Tingting", lang: "zh-CN", localService: true },
  { name: "Daniel", lang: "en-GB", localService: true },
]"""
REMOTE = '[{ name: "Google 普通话", lang: "zh-CN", localService: false }]'


@pytest.fixture
def session(centre: Centre) -> str:
    """A repair session that runs now, with one volunteer present."""
    made = centre.repair(crew=0)
    shift = acts.shifts_of(centre.staff, made)[0]["id"]
    centre.take(shift, check_in=True)
    return made


def walk_in(centre: Centre, session: str, name: str = "宋雨") -> dict[str, Any]:
    body = {"name": name, "devices": [{"category_id": 29}]}
    return dict(centre.staff.post("booking", f"/sessions/{session}/walk-ins", body))


def call(centre: Centre, session: str, bench: int) -> dict[str, Any]:
    return dict(centre.staff.post("booking", f"/sessions/{session}/call-next", {"bench": bench}))


def at_wall(visitor: MakeVisitor, session: str, voices: str = LOCAL, tap: bool = True) -> Visitor:
    wall = visitor("coordinator", size=WALL)
    wall.page.add_init_script(SPEECH % voices)
    wall.go(f"/wall/{session}")
    wall.page.locator("[data-live-status][data-state=live]").wait_for()
    if tap:
        wall.page.locator("[data-sound-ask]").click()
        wall.page.locator("[data-sound-ask]").wait_for(state="hidden")
    return wall


def said(wall: Visitor) -> list[dict[str, Any]]:
    found = wall.page.evaluate("speechSynthesis.log.filter((one) => one.text)")
    return list(found)


def texts(wall: Visitor) -> list[str]:
    return [one["text"] for one in said(wall)]


def test_calls_are_said_in_both_languages_one_after_the_other_by_local_voices(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    wall = at_wall(visitor, session)
    for name in ("宋雨", "马丽娜", "邓老师"):
        walk_in(centre, session, name)
    for bench in (1, 2, 3):
        call(centre, session, bench)

    patience(lambda: len(said(wall)) == 6, "six sentences", seconds=60)

    assert texts(wall) == [
        "B 零零一号，请到 1 号工位",
        "Number B zero zero one, please go to bench 1.",
        "B 零零二号，请到 2 号工位",
        "Number B zero zero two, please go to bench 2.",
        "B 零零三号，请到 3 号工位",
        "Number B zero zero three, please go to bench 3.",
    ]
    assert {one["voice"] for one in said(wall)} == {"Tingting", "Daniel"}
    assert wall.page.evaluate("speechSynthesis.most") == 1
    wall.check()


def test_a_recall_is_said_again_and_a_reload_says_nothing_old(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    wall = at_wall(visitor, session)
    walk_in(centre, session)
    visit = call(centre, session, 1)
    patience(lambda: len(said(wall)) == 2, "the call")
    centre.staff.post("booking", f"/visits/{visit['id']}/recall", {})
    patience(lambda: len(said(wall)) == 4, "the recall")

    wall.page.reload()
    wall.page.locator("[data-live-status][data-state=live]").wait_for()
    wall.page.locator("[data-sound]").click()
    wall.page.wait_for_timeout(4000)

    assert texts(wall) == []


def test_a_call_made_while_the_page_was_silent_is_said_at_the_tap_unless_it_is_old(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    wall = at_wall(visitor, session, tap=False)
    assert wall.page.locator("[data-sound-ask]").is_visible()
    walk_in(centre, session)
    call(centre, session, 2)
    wall.page.locator("[data-part=number]", has_text="B001").wait_for()
    wall.page.wait_for_timeout(500)
    assert texts(wall) == []

    wall.page.locator("[data-sound-ask]").click()

    patience(lambda: texts(wall)[:1] == ["B 零零一号，请到 2 号工位"], "the call, after the tap")


def test_an_old_call_is_shown_and_not_said(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    walk_in(centre, session)
    call(centre, session, 1)
    wall = visitor("coordinator", size=WALL)
    wall.page.add_init_script(SPEECH % LOCAL)
    # the page was asleep: what it reads of the call is two minutes old
    wall.page.route(
        "**/fragments/wall/**",
        lambda route: route.fulfill(response=(answer := route.fetch()), body=aged(answer.text())),
    )
    wall.page.route(
        f"**/wall/{session}",
        lambda route: route.fulfill(response=(answer := route.fetch()), body=aged(answer.text())),
    )
    wall.page.goto(f"/wall/{session}")
    wall.page.locator("[data-sound-ask]").click()
    wall.page.wait_for_timeout(4000)

    assert wall.page.locator("[data-part=number]").inner_text() == "B001"
    assert texts(wall) == []


def aged(page: str) -> str:
    head, sep, rest = page.partition('data-age="')
    return head + sep + "120" + rest[rest.index('"') :] if sep else page


def test_without_a_local_voice_there_is_a_chime_and_no_network_voice(
    visitor: MakeVisitor, centre: Centre, session: str
) -> None:
    wall = at_wall(visitor, session, REMOTE)
    wall.page.locator("[data-sound]", has_text="只有铃声").wait_for()
    wall.page.evaluate("""() => {
      window.__tones = 0;
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (...given) { window.__tones += 1; return start.apply(this, given); };
    }""")
    walk_in(centre, session)
    call(centre, session, 1)
    wall.page.locator("[data-part=number]", has_text="B001").wait_for()
    wall.page.wait_for_function("() => window.__tones >= 4", timeout=15000)

    assert texts(wall) == []


def test_a_voice_that_never_ends_holds_nobody_up(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    wall = at_wall(visitor, session)
    wall.page.evaluate("() => { window.__never = '零零一号'; }")
    walk_in(centre, session)
    walk_in(centre, session, "马丽娜")
    call(centre, session, 1)
    call(centre, session, 2)

    patience(lambda: "B 零零二号，请到 2 号工位" in texts(wall), "the next call", seconds=45)

    assert wall.page.evaluate("speechSynthesis.log.some((one) => one.cancel)")


def test_two_windows_of_one_machine_say_a_call_once(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    wall = at_wall(visitor, session)
    other = wall.context.new_page()
    other.add_init_script(SPEECH % LOCAL)
    other.goto(f"/wall/{session}")
    other.locator("[data-live-status][data-state=live]").wait_for()
    other.locator("[data-sound-ask]").click()
    walk_in(centre, session)
    call(centre, session, 1)

    def total() -> int:
        mine = len(said(wall))
        return mine + len(other.evaluate("speechSynthesis.log.filter((one) => one.text)"))

    patience(lambda: total() >= 2, "the call in one window")
    other.wait_for_timeout(4000)

    assert total() == 2


def test_the_desk_sees_a_display_come_fall_silent_and_go(
    visitor: MakeVisitor, centre: Centre, session: str, patience: Patience
) -> None:
    desk = visitor("coordinator").go(f"/desk/{session}")
    desk.says("还没有打开投屏")
    wall = at_wall(visitor, session, tap=False)
    desk.page.locator(".desk-displays", has_text="声音没打开").wait_for(timeout=30000)
    wall.page.locator("[data-sound-ask]").click()
    desk.page.locator(".desk-displays", has_text="正常").wait_for(timeout=30000)
    wall.page.locator("[data-display]", has_text="投屏 1").wait_for()

    wall.page.goto("/")

    desk.page.locator(".desk-displays", has_text="已关掉").wait_for(timeout=30000)
