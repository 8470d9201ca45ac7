"""What happens to a weekly series: published, moved, changed, cancelled together; on both databases."""

from datetime import timedelta

from shared.clock import parse
from tests.integration.catalog.planning import Planning, announced, at, text

REASON = text("停电检修", "The power is off")


def test_a_whole_series_is_published_and_cancelled_at_once(planning: Planning):
    series = planning.series(weeks=3)

    published = planning.staff.post(f"/sessions/{series[1]['id']}/publish", {"scope": "following"})
    rest = planning.staff.post(f"/sessions/{series[1]['id']}/publish", {"scope": "all"})
    cancelled = planning.staff.post(
        f"/sessions/{series[0]['id']}/cancel", {"scope": "all", "reason": REASON}
    )

    assert [published.json["affected"], rest.json["affected"]] == [2, 1]
    assert cancelled.json["affected"] == 3
    assert [kind for kind, _, _ in announced(planning)] == [
        *["session.published.v1"] * 3,
        *["session.cancelled.v1"] * 3,
    ]


def test_a_series_moves_by_an_hour_with_its_windows_and_shifts(planning: Planning):
    series = planning.series(weeks=3)
    planning.staff.post(f"/sessions/{series[0]['id']}/publish", {"scope": "all"})

    answer = planning.edit(
        planning.show(series[0]), scope="all", starts_at=at(1), ends_at=at(4),
        booking_closes_at=at(4), staffing=_shifted(series[0]["staffing"]),
    )  # fmt: skip

    assert answer.json["affected"] == 3
    for before in series:
        after = planning.show(before)
        for name in ("starts_at", "ends_at", "booking_closes_at"):
            assert parse(after[name]) - parse(before[name]) == timedelta(hours=1)
        assert after["staffing"][0]["starts_at"] == after["starts_at"]
    assert len(planning.catalog.announced("session.changed.v1")) == 3


def test_a_published_series_can_move_by_a_whole_week_over_itself(planning: Planning):
    series = planning.series(weeks=3)
    planning.staff.post(f"/sessions/{series[0]['id']}/publish", {"scope": "all"})

    later = planning.edit(
        series[0], scope="all", starts_at=at(days=7), ends_at=at(3, days=7),
        booking_opens_at=at(), booking_closes_at=at(3, days=7), staffing=_shifted(
            series[0]["staffing"], timedelta(days=7)
        ),
    )  # fmt: skip

    assert later.status_code == 200, later.json
    starts = [planning.show(session)["starts_at"] for session in series]
    assert [parse(start) for start in starts] == [
        parse(session["starts_at"]) + timedelta(days=7) for session in series
    ]


def test_a_moved_occurrence_stays_moved_when_its_series_moves(planning: Planning):
    series = planning.series(weeks=3)
    alone = planning.edit(
        series[1], scope="this", starts_at=at(24, days=7), ends_at=at(27, days=7),
        booking_closes_at=at(27, days=7), staffing=_shifted(
            series[1]["staffing"], timedelta(days=1)
        ),
    )  # fmt: skip
    assert alone.json["detached"] is True

    planning.edit(
        series[0], scope="all", starts_at=at(1), ends_at=at(4), booking_closes_at=at(4),
        staffing=_shifted(series[0]["staffing"]), title=text("新名字", "New name"),
    )  # fmt: skip

    first, moved, last = (planning.show(session) for session in series)
    assert moved["starts_at"] == alone.json["starts_at"]
    assert moved["staffing"] == alone.json["staffing"]
    assert parse(last["starts_at"]) == parse(series[2]["starts_at"]) + timedelta(hours=1)
    assert [one["title"]["zh"] for one in (first, moved, last)] == ["新名字"] * 3


def test_an_edit_of_the_following_ones_leaves_the_earlier_ones_alone(planning: Planning):
    series = planning.series(weeks=3)

    answer = planning.edit(series[1], scope="following", benches=2)

    assert answer.json["affected"] == 2
    assert [planning.show(session)["benches"] for session in series] == [4, 2, 2]


def test_only_what_was_changed_reaches_the_others(planning: Planning):
    series = planning.series(weeks=3)
    planning.edit(series[2], scope="this", benches=1)

    planning.edit(series[0], scope="all", title=text("晚场", "Evening"))

    last = planning.show(series[2])
    assert (last["benches"], last["title"]["zh"]) == (1, "晚场")


def _shifted(staffing: list, by: timedelta = timedelta(hours=1)) -> list:
    return [
        need | {name: (parse(need[name]) + by).isoformat() for name in ("starts_at", "ends_at")}
        for need in staffing
    ]
