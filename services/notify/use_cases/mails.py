"""Making a mail: the words in the reader's language, as text and HTML, with a calendar entry."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from services.notify.models import Contact, Delivery
from services.notify.queries import calendar, texts
from services.notify.queries.codes import with_code
from shared.clock import now

WITH_CALENDAR = {
    "appointment_booked": calendar.REQUEST,
    "appointment_moved": calendar.REQUEST,
    "appointment_cancelled": calendar.CANCEL,
    "draw_seated": calendar.REQUEST,
    "appointment_displaced": calendar.REQUEST,
    "appointment_displaced_waiting": calendar.CANCEL,
    "session_changed": calendar.REQUEST,
    "session_cancelled": calendar.CANCEL,
    "enrolled": calendar.REQUEST,
    "promoted": calendar.REQUEST,
    "enrolment_left": calendar.CANCEL,
    "shift_accepted": calendar.REQUEST,
    "shift_changed": calendar.REQUEST,
    "shift_dropped": calendar.CANCEL,
}
SENDERS = {"zh": "修好", "en": "Xiuhao"}
WORDS = {
    "zh": ("打开查看", "修好 · 志愿服务预约", "选择收哪些邮件"),
    "en": ("Open", "Xiuhao · volunteer service booking", "Choose which mail you get"),
}


@dataclass(frozen=True)
class Sender:
    """Who mail comes from, and where its links lead."""

    address: str
    public_url: str
    keys: Path


class BadAddress(ValueError):
    """No mail can be addressed like this."""


def mail(session: Session, delivery: Delivery, contact: Contact, sender: Sender) -> EmailMessage:
    """Return the mail of a delivery to a contact that has an address."""
    to, locale = contact.email or "", contact.locale
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    _address(message, delivery, sender, to, locale)
    subject = texts.subject(delivery.template, delivery.params, locale)
    body = texts.body(delivery.template, with_code(delivery.params, sender.keys), locale)
    message["Subject"] = subject
    link = delivery.params.get("link")
    values = {
        "subject": subject,
        "body": body,
        "url": sender.public_url + link if link else "",
        "settings_url": f"{sender.public_url}/me/contact",
    }
    plain = texts.environment().get_template(f"{texts.LAYOUT}/mail.{locale}.txt")
    message.set_content(plain.render(**values), charset="utf-8")
    message.add_alternative(_html(values, locale), subtype="html", charset="utf-8")
    _attach_calendar(session, message, delivery, sender, contact)
    message["Content-Language"] = "en" if locale == "en" else "zh-CN"
    return message


def _address(
    message: EmailMessage, delivery: Delivery, sender: Sender, to: str, locale: str
) -> None:
    try:
        message["From"] = Address(SENDERS[locale], addr_spec=sender.address)
        message["To"] = Address(addr_spec=to)
    except (ValueError, IndexError) as problem:
        raise BadAddress(str(problem)) from problem
    host = urlsplit(sender.public_url).hostname or "localhost"
    message["Message-ID"] = f"<{delivery.id}@{host}>"
    message["Date"] = format_datetime(now())
    message["Auto-Submitted"] = "auto-generated"


def _html(values: dict[str, str], locale: str) -> str:
    button, sender, settings_text = WORDS[locale]
    return (
        texts.environment(html=True)
        .get_template(f"{texts.LAYOUT}/mail.html")
        .render(
            language="en" if locale == "en" else "zh-CN",
            paragraphs=[part.split("\n") for part in values["body"].split("\n\n")],
            button=button,
            sender=sender,
            settings_text=settings_text,
            **values,
        )
    )


def _attach_calendar(
    session: Session, message: EmailMessage, delivery: Delivery, sender: Sender, contact: Contact
) -> None:
    method = WITH_CALENDAR.get(delivery.template)
    entry = calendar.entry(session, delivery.engagement_id or "") if method else None
    if method is None or entry is None:
        return
    style = calendar.Style(
        contact.locale, sender.public_url, sender.address, method, attendee=contact.email
    )
    message.add_attachment(
        calendar.calendar([entry], style),
        maintype="text",
        subtype="calendar",
        filename="xiuhao.ics",
        params={"method": method, "charset": "utf-8"},
    )
