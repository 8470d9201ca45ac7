"""The roster's entry points: the worker's timer, the operator's commands, the demo's skills."""

import pytest

from services.roster import cli
from services.roster.app import create_worker
from services.roster.use_cases.skills import DEMO_SKILLS, ensure_demo_skills
from shared.bus import connect_bus
from shared.migrations import at_head
from tests.integration.roster.given import REPAIR, Roster, entry


def test_the_worker_closes_forgotten_check_outs_and_sends_what_is_announced(
    roster: Roster,
) -> None:
    session_id = roster.publish(entry())
    volunteer = roster.volunteer(REPAIR)
    taken = roster.take(volunteer, roster.shifts(session_id)[0])
    roster.at(0)
    roster.coordinator.post(f"/assignments/{taken['id']}/check-in")
    roster.at(3.5)
    worker = create_worker(
        roster.service.settings, connect_bus("inprocess://"), roster.service.database
    )
    timers = {timer.name: timer for timer in worker._timers}

    timers["close-forgotten"].run()

    assert volunteer.get("/hours/mine").json["items"][0]["closed_by_rule"] is True


def test_demo_skills_can_be_put_again_and_again(roster: Roster) -> None:
    for _ in range(2):
        with roster.service.database.transaction() as session:
            ensure_demo_skills(session, actor="demo")

    codes = [skill["code"] for skill in roster.coordinator.get("/skills").json["items"]]

    assert set(codes) == {REPAIR, *DEMO_SKILLS}


def test_an_operator_migrates_and_looks_at_dead_letters(
    roster: Roster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROSTER_DATABASE_URL", roster.service.settings.database_url)
    roster.service.deliver("session.changed.v1", "s-1", 1, {})

    assert cli.main(["migrate"]) == 0
    assert cli.main(["dead-letters", "show"]) == 0

    assert "malformed" in capsys.readouterr().out
    assert at_head("services.roster", roster.service.database)
