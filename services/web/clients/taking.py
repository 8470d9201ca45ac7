"""Being asked, as the front sees it: offers with a deadline, who could be asked and why; calls for help."""

from dataclasses import dataclass
from datetime import datetime

from services.web.clients.base import Text, read, read_all
from services.web.clients.volunteers import VolunteerCalls


@dataclass(frozen=True)
class Why:
    """Why somebody was asked."""

    minutes: int | None = None
    free: bool | None = None


@dataclass(frozen=True)
class Swap:
    """A shift that could be had for one's own, or (in an offer) that is given for it."""

    shift_id: str
    session_id: str
    role: Text
    starts_at: datetime
    ends_at: datetime
    session_title: Text | None = None
    venue_name: Text | None = None
    skill: str | None = None
    people: int = 0


@dataclass(frozen=True)
class Offer:
    """A shift that somebody is asked to take until a deadline."""

    id: str
    shift_id: str
    session_id: str
    person_id: str
    role: Text
    starts_at: datetime
    ends_at: datetime
    drop_until: datetime
    state: str
    holds: bool
    made_at: datetime
    expires_at: datetime
    session_title: Text | None = None
    venue_name: Text | None = None
    venue_place: Text | None = None
    skill: str | None = None
    answered_at: datetime | None = None
    stand_in: bool = False
    in_return: Swap | None = None
    why: Why | None = None
    by_rule: bool = False


@dataclass(frozen=True)
class Round:
    """How a shift is being filled by asking."""

    shift_id: str
    state: str
    started_at: datetime

    @property
    def running(self) -> bool:
        """Whether somebody more will be asked."""
        return self.state in ("one_by_one", "to_all")


@dataclass(frozen=True)
class Asking:
    """All that is, and was, asked of a session's shifts."""

    offers: tuple[Offer, ...] = ()
    rounds: tuple[Round, ...] = ()

    def of(self, shift_id: str) -> tuple[Offer, ...]:
        """The offers of one shift, the newest first."""
        return tuple(one for one in self.offers if one.shift_id == shift_id)

    def round_of(self, shift_id: str) -> Round | None:
        """The round of one shift."""
        return next((one for one in self.rounds if one.shift_id == shift_id), None)

    @property
    def people(self) -> list[str]:
        """Whose names are needed."""
        return [one.person_id for one in self.offers]


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a shift."""

    person_id: str
    minutes: int
    free: bool
    newcomer: bool


@dataclass(frozen=True)
class HelpAsk:
    """Somebody is asked to come and help now."""

    id: str
    session_id: str
    role: Text
    ends_at: datetime
    until: datetime
    wanted: int
    joined: int
    state: str
    session_title: Text | None = None
    venue_name: Text | None = None
    venue_place: Text | None = None
    skill: str | None = None


@dataclass(frozen=True)
class MyHelp:
    """What the reader is asked now, and whether they want to be."""

    items: tuple[HelpAsk, ...] = ()
    asked: bool = False


@dataclass(frozen=True)
class HelpCall:
    """A call for help."""

    id: str
    state: str
    reason: str | None
    by_pressure: bool
    wanted: int
    joined: int
    opened_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class AskedPerson:
    """One person of a call, and what they answered."""

    person_id: str
    state: str
    answered_at: datetime | None = None


@dataclass(frozen=True)
class SessionHelp:
    """The newest call of a session, who was asked, and how many would be asked now."""

    call: HelpCall | None = None
    people: tuple[AskedPerson, ...] = ()
    idle: int = 0
    possible: bool = False


class TakingCalls(VolunteerCalls):
    """Calls about offers and calls for help."""

    def my_offers(self) -> tuple[Offer, ...]:
        """What the reader is asked and may still accept."""
        return read_all(Offer, self.get("/offers/mine")["items"])

    def offer(self, offer_id: str) -> Offer:
        """One offer to the reader, also one that is over."""
        return read(Offer, self.get(f"/offers/{offer_id}"))

    def answer_offer(self, offer_id: str, act: str, key: str) -> None:
        """Accept or decline."""
        self.post(f"/offers/{offer_id}/{act}", key=key)

    def standby(self, shift_id: str, act: str, key: str) -> None:
        """Stand by for a full shift, or no longer (`act`: join | leave)."""
        leave = "/leave" if act == "leave" else ""
        self.post(f"/shifts/{shift_id}/standby{leave}", key=key)

    def stand_in(self, assignment_id: str, act: str, key: str) -> None:
        """Look for somebody to take the reader's place, or look no longer (`act`: ask | end)."""
        end = "/end" if act == "end" else ""
        self.post(f"/assignments/{assignment_id}/stand-in{end}", key=key)

    def swaps(self, assignment_id: str) -> tuple[Swap, ...]:
        """The shifts that could be had for one of the reader's."""
        return read_all(Swap, self.get(f"/assignments/{assignment_id}/swaps")["items"])

    def ask_swap(self, assignment_id: str, shift_id: str, key: str) -> None:
        """Ask everybody on another shift to change places."""
        self.post(f"/assignments/{assignment_id}/swap", {"shift_id": shift_id}, key=key)

    def offer_shift(self, shift_id: str, person_id: str, key: str) -> None:
        """Keep a place for somebody and ask them (staff)."""
        self.post(f"/shifts/{shift_id}/offers", {"person_id": person_id}, key=key)

    def withdraw_offer(self, offer_id: str, key: str) -> None:
        """Take an offer back (staff)."""
        self.post(f"/offers/{offer_id}/withdraw", key=key)

    def candidates(self, shift_id: str) -> tuple[Candidate, ...]:
        """Who could take a shift, in the order in which they would be asked (staff)."""
        return read_all(Candidate, self.get(f"/shifts/{shift_id}/candidates")["items"])

    def start_round(self, shift_id: str, key: str) -> None:
        """Ask one after the other (staff)."""
        self.post(f"/shifts/{shift_id}/round", key=key)

    def stop_round(self, shift_id: str, key: str) -> None:
        """Ask nobody more (staff)."""
        self.post(f"/shifts/{shift_id}/round/stop", key=key)

    def asking(self, session_id: str) -> Asking:
        """Who is, and was, asked for a session's shifts (staff)."""
        return read(Asking, self.get(f"/sessions/{session_id}/offers"))

    def my_help(self) -> MyHelp:
        """What the reader is asked now, and whether they want to be."""
        return read(MyHelp, self.get("/help/mine"))

    def wish_help(self, *, asked: bool) -> None:
        """Say whether to be asked on the spot."""
        self.put("/help/mine", {"asked": asked})

    def help_ask(self, ask_id: str) -> HelpAsk:
        """One ask to the reader, also one that is over."""
        return read(HelpAsk, self.get(f"/help/{ask_id}"))

    def answer_help(self, ask_id: str, act: str, key: str) -> None:
        """Come, or not this time."""
        self.post(f"/help/{ask_id}/{act}", key=key)

    def session_help(self, session_id: str) -> SessionHelp:
        """How a session's call for help stands (staff)."""
        return read(SessionHelp, self.get(f"/sessions/{session_id}/help"))

    def call_for_help(self, session_id: str, wanted: int, key: str) -> None:
        """Ask every idle volunteer who wants to be asked (staff)."""
        self.post(f"/sessions/{session_id}/help", {"wanted": wanted}, key=key)

    def end_help(self, session_id: str, key: str) -> None:
        """End the call (staff)."""
        self.post(f"/sessions/{session_id}/help/end", key=key)
