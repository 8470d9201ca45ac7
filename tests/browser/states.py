"""What a page shows only after a step: a week looked at, a file checked, an opened part, a mistake."""

from collections.abc import Callable
from datetime import timedelta

from deploy.demo_days import today
from tests.browser.visitor import Visitor
from tests.integration.booking.test_imports import FAN, TRAPS, file_of

Scene = dict[str, str]
BAD = {"event_date": "10/11/2019", "product_category": "Boat", "product_category_id": "77"}
FILES = {
    "good": [FAN | {"id": f"made_{n}"} for n in range(12)],
    "some-bad": [FAN | changed for changed, _state in TRAPS],
    "all-bad": [FAN | BAD | {"id": f"made_{n}"} for n in range(3)],
}


def policy_week(someone: Visitor, scene: Scene) -> None:
    """A week under rules that are not saved."""
    _policy(someone, scene)
    someone.page.fill("#f-opens_at", "12:00")
    someone.send(".preview-ask [name=do]")
    someone.page.locator("#preview").wait_for()
    open_all(someone)


def policy_mistakes(someone: Visitor, scene: Scene) -> None:
    """Rules that do not go together, and a closed day without its reason."""
    _policy(someone, scene)
    someone.page.fill("#f-from-0", (today() + timedelta(days=8)).isoformat())
    someone.send(".preview-ask [name=do]")
    someone.page.locator("#problem").wait_for()


def _policy(someone: Visitor, scene: Scene) -> None:
    someone.go(f"/manage/offerings/{scene['offering']}/policy")
    someone.page.fill("#f-week", (today() + timedelta(days=9)).isoformat())
    someone.page.fill("#f-opens_days", "3")


def records_file(name: str) -> Callable[[Visitor, Scene], None]:
    """A file of others' records, looked at before it is taken."""

    def look(someone: Visitor, scene: Scene) -> None:
        someone.go("/manage/records/import")
        file = {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": file_of(FILES[name])}
        someone.page.set_input_files("#f-file", files=[file])  # type: ignore[list-item]
        someone.send("[name=do][value=check]")
        someone.page.locator("dl.counts").wait_for()

    return look


def opened_memory(someone: Visitor, scene: Scene) -> None:
    """What was found before on such a device, at the bench."""
    someone.go(f"/desk/{scene['repair']}/tickets/{scene['ticket']}")
    someone.page.locator(".repair-memory").wait_for()
    open_all(someone)


def open_all(someone: Visitor) -> None:
    """Open every part of the page that is folded."""
    someone.page.evaluate(
        "document.querySelectorAll('details').forEach((one) => { one.open = true })"
    )


STATES: dict[str, Callable[[Visitor, Scene], None]] = {
    "policy-week": policy_week,
    "policy-mistakes": policy_mistakes,
    **{f"records-{name}": records_file(name) for name in FILES},
    "opened-memory": opened_memory,
}
