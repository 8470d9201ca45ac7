"""What a student does on the pages, without JavaScript, over the real services."""

import json
import re
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image

from services.web.app import STATIC
from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader

PUBLIC = [
    "/",
    "/sessions",
    "/sessions?kind=training",
    "/privacy",
    "/sign-in",
    "/register",
    "/forgot",
    "/reset/x",
]
OWN = ["/me", "/me/inbox", "/me/contact", "/me/password", "/me/privacy", "/me/delete", "/sign-out"]
FIRST_LOAD = 100 * 1024


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_opens_in_both_languages(term: Term, path: str, lang: str) -> None:
    page = term.reader(lang=lang).open(path)

    assert page.lang == {"zh": "zh-CN", "en": "en"}[lang]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", OWN)
def test_an_own_page_opens_in_both_languages(term: Term, path: str, lang: str) -> None:
    page = term.reader("student12", lang).open(path)

    assert page.status == 200


@pytest.mark.parametrize("path", OWN[:-1])
def test_an_own_page_sends_a_stranger_to_sign_in(term: Term, path: str) -> None:
    page = term.reader().open(path)

    assert page.url.startswith("/sign-in?next=")


def test_a_page_that_is_not_there_says_so_kindly(term: Term) -> None:
    page = term.reader().open("/nowhere", 404)

    assert "没有找到这一页" in page.text


def test_the_first_load_stays_light(term: Term) -> None:
    reader = term.reader()
    session_id = term.plan("repair")
    term.staff(session_id)

    sizes = {}
    for path in ("/", "/sessions", f"/sessions/{session_id}", f"/sessions/{session_id}/book"):
        page = reader.open(path)
        files = re.findall(r"/static/([\w.-]+)\?v=", page.html)
        sizes[path] = page.size + sum((STATIC / name).stat().st_size for name in files)

    assert max(sizes.values()) < FIRST_LOAD, sizes


def book(reader: Reader, session_id: str, **typed: str) -> None:
    """Walk the three steps of a booking."""
    reader.open(f"/sessions/{session_id}")
    reader.click("约一个时间")
    reader.send("device", category_id="14", **typed)
    reader.send("time")


def test_a_student_books_moves_and_cancels_in_small_steps(term: Term) -> None:
    session_id = term.plan("repair", "周三义务维修")
    term.staff(session_id)
    reader = term.reader("student")

    book(reader, session_id, brand="美的 MK-HJ1708", problem="不通电")
    assert "美的 MK-HJ1708" in reader.page.text

    ticket = reader.send("confirm")
    assert ticket.url.startswith("/places/")
    assert "预约好了" in ticket.text
    assert "签到码" in ticket.html

    reader.click("改时间")
    other = next(
        part for part in reader.page.html.split('value="') if "data-echo-text" in part[:80]
    )
    moved = reader.send("move", slot_id=other[:36])
    assert "时间改好了" in moved.text

    reader.click("取消预约")
    assert "位子马上让给别人" in reader.page.text
    gone = reader.send(0)
    assert gone.url == "/me"
    assert "预约已取消" in gone.text


def test_what_was_typed_waits_while_signing_in(term: Term) -> None:
    session_id = term.plan("repair")
    term.staff(session_id)
    reader = term.reader()

    book(reader, session_id, brand="飞利浦", problem="漏水")
    assert reader.page.url.startswith("/sign-in?next=")
    page = reader.send(login="student2", password="demo")

    assert page.url.startswith(f"/sessions/{session_id}/book/confirm")
    assert "飞利浦" in page.text
    assert "漏水" in page.text


def test_going_back_shows_what_was_typed(term: Term) -> None:
    session_id = term.plan("repair")
    term.staff(session_id)
    reader = term.reader()
    reader.open(f"/sessions/{session_id}/book")
    reader.send("device", category_id="15", brand="欧普", problem="闪")

    page = reader.open(f"/sessions/{session_id}/book")

    assert "欧普" in page.html
    assert 'value="15" required checked' in page.html


def test_a_device_without_a_kind_is_asked_again(term: Term) -> None:
    session_id = term.plan("repair")
    reader = term.reader()
    reader.open(f"/sessions/{session_id}/book")

    page = reader.send("device", 422, brand="无名", problem="不知道")

    assert "请选一下是什么东西" in page.text
    assert "无名" in page.html


def test_the_same_confirmation_sent_twice_books_once(term: Term) -> None:
    session_id = term.plan("repair")
    term.staff(session_id)
    reader = term.reader("student3")
    book(reader, session_id)
    form, url = reader.page.forms[-1], reader.page.url
    cookies = reader.client._cookies.copy()
    first = reader.send("confirm").url

    reader.client._cookies = cookies
    again = reader.client.post(url, data=dict(form.fields))

    assert again.status_code == 303
    assert again.headers["Location"] == first
    mine = term.api("booking", "GET", "/mine", "student3")["appointments"]
    assert len([one for one in mine if one["session_id"] == session_id]) == 1


def test_a_slot_taken_meanwhile_keeps_the_device(term: Term) -> None:
    session_id = term.plan("repair")
    term.staff(session_id)
    reader = term.reader("student4")
    book(reader, session_id, problem="冒烟")
    slots = term.api("booking", "GET", f"/sessions/{session_id}/slots")["slots"]
    first = {"slot_id": slots[0]["id"], "devices": [{"category_id": 14}]}
    term.api("booking", "POST", "/appointments", "student5", json=first)

    page = reader.send("confirm", 409)

    assert "约满了" in page.text
    assert "冒烟" in page.text
    assert "换一个时间" in page.text


def test_a_session_without_volunteers_says_what_it_waits_for(term: Term) -> None:
    session_id = term.plan("repair")

    page = term.reader().open(f"/sessions/{session_id}")

    assert "等待志愿者" in page.text
    assert "约一个时间" not in page.text


def test_a_full_training_takes_a_waitlist_place_and_moves_up(term: Term) -> None:
    session_id = term.plan("training", "电烙铁入门")
    first, second = term.reader("student6"), term.reader("student7")
    first.open(f"/sessions/{session_id}")
    first.send(0)
    assert "你已报名" in first.page.text

    second.open(f"/sessions/{session_id}")
    second.send(0)
    assert "第 1 位" in second.page.text

    first.click("退出报名")
    first.send(0)
    assert "已退出" in first.page.text
    assert "你已报名" in second.open(f"/sessions/{session_id}").text


def test_somebody_elses_ticket_is_not_there(term: Term) -> None:
    session_id = term.plan("repair")
    term.staff(session_id)
    owner = term.reader("student8")
    book(owner, session_id)
    ticket = owner.send("confirm").url

    other = term.reader("student9").open(ticket, 404)

    assert "没有找到这一页" in other.text


def test_the_ticket_page_fetches_only_its_own_part_again(term: Term) -> None:
    session_id = term.plan("repair")
    term.staff(session_id)
    owner = term.reader("student10")
    book(owner, session_id)
    ticket = owner.send("confirm").url

    part = owner.client.get(f"{ticket}/live")
    again = owner.client.get(f"{ticket}/live", headers={"If-None-Match": part.headers["ETag"]})

    assert "<html" not in part.text
    assert again.status_code == 304


def test_a_ticket_goes_into_a_calendar_as_file_and_feed(term: Term) -> None:
    session_id = term.plan("repair")
    term.staff(session_id)
    owner = term.reader("student11")
    book(owner, session_id)
    owner.send("confirm")
    owner.click("加入日历")
    feed = next(
        part for part in owner.page.html.split('"') if part.endswith(".ics") and "/feeds/" in part
    )
    file = next(url for url, text in owner.page.links if "下载日历文件" in text)

    downloaded = term.until(lambda: _text(owner, file))
    followed = owner.client.get(feed.split("localhost", 1)[1].lstrip(":0123456789")).text

    assert "BEGIN:VEVENT" in downloaded
    assert "BEGIN:VCALENDAR" in followed


def _text(reader: Reader, path: str) -> str | None:
    answer = reader.client.get(path)
    return answer.text if answer.status_code == 200 else None


def test_a_theme_day_shows_its_sessions_on_one_page(term: Term) -> None:
    words = {"title": {"zh": "国际志愿者日", "en": "Volunteer Day"}, "theme_day": "2099-12-05"}
    programme = term.api("catalog", "POST", "/programmes", json=words)["id"]
    term.plan("repair", "主题日维修", programme_id=programme)
    term.plan("training", "主题日培训", programme_id=programme)

    page = term.reader().open(f"/programmes/{programme}")

    assert "主题日维修" in page.text
    assert "主题日培训" in page.text


def test_everything_kept_about_me_can_be_taken_along(term: Term) -> None:
    reader = term.reader("student2")

    answer = reader.client.get("/me/export.json")

    assert json.loads(answer.data)["person"]["login"] == "student2"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_photo_taken_in_the_first_step_is_on_the_ticket(term: Term) -> None:
    session_id = term.plan("repair")
    term.staff(session_id)
    reader = term.reader("student9")
    reader.open(f"/sessions/{session_id}/book")
    reader.send("device", category_id="14", photo=(BytesIO(picture()), "kettle.jpg"))
    assert "有照片" in reader.page.text
    reader.send("time")

    ticket = reader.send("confirm")

    photo = next(url for url, words in ticket.links if "看照片" in words)
    shown = reader.client.get(urlsplit(photo).path)
    assert shown.mimetype == "image/jpeg"
    assert Image.open(BytesIO(shown.data)).size == (32, 24)


def test_a_file_that_is_no_photo_keeps_the_rest(term: Term) -> None:
    session_id = term.plan("repair")
    reader = term.reader("student9")
    reader.open(f"/sessions/{session_id}/book")

    file = (BytesIO(b"not a picture"), "kettle.jpg")
    page = reader.send("device", 422, category_id="14", problem="不响", photo=file)

    assert "无法读取这张照片" in page.text
    assert "不响" in page.html


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (32, 24), "teal").save(out, "JPEG")
    return out.getvalue()


def test_a_volunteer_sees_the_next_shift_first(term: Term) -> None:
    session_id = term.plan("repair", "志愿者的一场")
    term.staff(session_id, "volunteer5")

    page = term.reader("volunteer5").open("/")

    assert "我的班次" in page.text
    assert "看班次" in page.text
