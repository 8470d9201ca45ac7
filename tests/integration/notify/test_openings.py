"""What people are told when a volunteer falls away, and after a draw: once, with their calendar."""

from pathlib import Path

from shared.clock import iso
from tests.integration.notify.build import HOUR, Notify, at, calendar_of, mails


def test_who_is_displaced_is_told_once_and_the_calendar_follows(
    notify: Notify, mail_folder: Path
) -> None:
    student, session = notify.person("student@example.org"), notify.session()
    booked = notify.appointment("booked", session, student)
    notify.send()
    later = iso(at(session["starts_at"]) + HOUR)

    new = {**booked, "starts_at": later, "previous_starts_at": booked["starts_at"]}
    new |= {"by": "session", "reason": "volunteer_dropped"}
    notify.appointment("displaced", session, student, **new)
    notify.send()

    mail = mails(mail_folder)[-1]
    assert len(mails(mail_folder)) == 2
    assert "志愿者临时来不了" in str(mail["Subject"])
    assert "METHOD:REQUEST" in calendar_of(mail)
    assert len(notify.inbox(student)) == 2


def test_who_has_no_place_left_is_told_about_the_waitlist_and_the_entry_goes(
    notify: Notify, mail_folder: Path
) -> None:
    student, session = notify.person("student@example.org"), notify.session()
    booked = notify.appointment("booked", session, student)
    notify.send()

    gone = {**booked, "state": "cancelled", "by": "session", "reason": "volunteer_dropped"}
    notify.appointment("displaced", session, student, **gone)
    notify.send()

    mail = mails(mail_folder)[-1]
    assert "候补" in str(mail["Subject"])
    assert "METHOD:CANCEL" in calendar_of(mail)


def test_a_draw_speaks_of_the_draw_to_winners_and_to_the_others(
    notify: Notify, mail_folder: Path
) -> None:
    first, second = notify.person("one@example.org"), notify.person("two@example.org")
    session = notify.session()

    notify.appointment("booked", session, first, reason="draw")
    data = {"id": "e", "session_id": session["id"], "person_id": second.id}
    data |= {"state": "unplaced", "position": 9, "entries": 9}
    notify.service.deliver("draw.decided.v1", "e", 1, data)
    notify.service.deliver("draw.decided.v1", "e", 1, data)
    notify.send()

    assert notify.inbox(first)[0]["title"].startswith("抽中了：")
    (told,) = notify.inbox(second)
    assert told["title"].startswith("这次没有抽中")
    assert told["link"] == f"/sessions/{session['id']}/draw"
