"""Notify as the front sees it: contacts, the inbox, deliveries, calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.web.clients.base import Client, Json, Page, read, read_all


@dataclass(frozen=True)
class Contact:
    """Where a person can be reached."""

    email: str | None
    locale: str = "zh"


@dataclass(frozen=True)
class Message:
    """One message in the inbox."""

    id: str
    title: str
    body: str
    link: str | None
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Inbox:
    """A page of messages and how many are unread."""

    items: tuple[Message, ...]
    next_cursor: str | None
    unread: int


@dataclass(frozen=True)
class CustodyNews:
    """One message about a device that stays; 0 days: that it can be fetched."""

    custody_id: str
    days: int
    channel: str
    state: str
    due_at: datetime
    sent_at: datetime | None
    reason_text: str | None = None


class NotifyClient(Client):
    """Messages to people."""

    service = "notify"

    def set_contact(
        self, person_id: str, email: str | None, locale: str, front: bool = False
    ) -> None:
        """Say where a person can be reached."""
        self.put(f"/contacts/{person_id}", {"email": email, "locale": locale}, front=front)

    def contact(self) -> Contact:
        """One's own contact."""
        return read(Contact, self.get("/contacts/me"))

    def custody_news(self, ids: Sequence[str]) -> dict[str, tuple[CustodyNews, ...]]:
        """What was said about devices that stay, by device (staff)."""
        found: dict[str, tuple[CustodyNews, ...]] = {}
        answer = self.get("/custody-news", params={"custody_ids": ",".join(ids)})
        for one in read_all(CustodyNews, answer["items"]):
            found[one.custody_id] = (*found.get(one.custody_id, ()), one)
        return found

    def inbox(self, cursor: str | None = None, limit: int = 30) -> Inbox:
        """One's own messages, newest first."""
        params: Json = {"limit": limit}
        if cursor:
            params["cursor"] = cursor
        answer = self.get("/inbox", params=params)
        return Inbox(read_all(Message, answer["items"]), answer["next_cursor"], answer["unread"])

    def read_inbox(self, ids: list[str] | None = None) -> None:
        """Mark messages as read; all when none are named."""
        self.post("/inbox/read", {"ids": ids} if ids is not None else {"all": True})

    def mail_wishes(self) -> dict[str, bool]:
        """Which kinds of news the caller wants by mail."""
        found: dict[str, bool] = self.get("/preferences")["mail"]
        return found

    def set_mail_wishes(self, wishes: dict[str, bool]) -> None:
        """Choose which kinds of news come by mail."""
        self.put("/preferences", {"mail": wishes})

    def send(self, person_id: str, template: str, params: Json, key: str) -> None:
        """Send a message of the front's own (password reset)."""
        self.post(
            "/messages",
            {"person_id": person_id, "template": template, "params": params},
            front=True,
            key=key,
        )

    def deliveries(
        self, state: str | None = None, session_id: str | None = None, cursor: str | None = None
    ) -> Page:
        """Who was told what, and what failed (staff)."""
        params = {"state": state, "session_id": session_id, "cursor": cursor}
        answer = self.get(
            "/deliveries", params={name: value for name, value in params.items() if value}
        )
        return Page(tuple(answer["items"]), answer.get("next_cursor"))

    def feed(self) -> str:
        """The token of one's own calendar feed."""
        return str(self.get("/feed")["token"])

    def renew_feed(self) -> str:
        """A new token; the old address ends."""
        return str(self.post("/feed/renew")["token"])

    def calendar(self, what: str, id: str) -> bytes:
        """The .ics bytes of one's own appointment, enrolment or assignment."""
        return bytes(self.raw(f"/calendar/{what}/{id}.ics").content)

    def feed_calendar(self, token: str) -> bytes:
        """The .ics bytes of a feed."""
        return bytes(self.raw(f"/feeds/{token}.ics").content)
