"""What happens to the demo's devices after the repair: tested, fetched or kept, asked about, back again."""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from deploy import demo_words as words
from deploy.driver import Account
from shared.http_client import Problem

TESTS = "electrical_safety"
READINGS = {
    "protection_class": "I",
    "visual_ok": True,
    "polarity": "right",
    "insulation_mohm": 120,
    "leakage_ma": 0.3,
    "instrument": "Benning ST 725",
}
LOOSE, GOOD = {"earth_ohm": 0.42}, {"earth_ohm": 0.12}  # ohm; up to 0.3 passes
ANSWERS, STILL_WORKS, FETCHED = 0.7, 0.85, 0.5
RULES = {"rework_days": 28, "disposal_days": 21}


class Care:
    """The devices of one session after the other; `people` act for themselves where they have an account."""

    def __init__(
        self,
        staff: Account,
        people: dict[str, Account],
        chance: Random,
        ask: Callable[[], object],
    ) -> None:
        self.staff, self.people, self.chance, self.ask = staff, people, chance, ask
        self._tester: str | None = None
        self._kept: list[str] = []
        self._home: list[tuple[Account, dict[str, Any]]] = []
        self._home_for_a_week: list[tuple[Account, dict[str, Any]]] = []
        self._again: tuple[Account, dict[str, Any]] | None = None
        self._first = self._keep_one = True

    def set_rules(self) -> None:
        """Let a device that nobody fetched be decided on within the demo's weeks."""
        self.staff.put("booking", "/custody-policy", RULES, version=0)

    def begin(self, session: str, crew: Iterable[str]) -> bool:
        """A session begins: who can test, what happened in the week before; whether somebody is back."""
        testers = {id for id, one in self.people.items() if TESTS in _skills(one.login)}
        self._tester = next((id for id in crew if id in testers), None)
        self._first = self._keep_one = True
        self._fetch()
        return self._bring_back(session)

    def end(self) -> None:
        """A session ends: who took a device home at the last one is asked, and some of them answer."""
        self.ask()
        self._answer()
        self._home_for_a_week, self._home = self._home, []

    def follow(self, ticket: dict[str, Any], owner: str | None, outcome: dict[str, Any]) -> None:
        """A device has its outcome: what was mended is tested and goes home, or stays for a while."""
        if outcome["status"] != "Fixed" or self._tester is None:
            return
        path = f"/tickets/{ticket['id']}"
        for reading in (LOOSE, GOOD) if self._first else (GOOD,):
            body = READINGS | reading | {"tester_id": self._tester}
            self.staff.post("booking", f"{path}/safety-tests", body)
        who = self.people.get(owner or "")
        if self._keep_one and who is not None:
            body = self.chance.choice(words.SHELF) | {"ready": True}
            self._kept.append(self.staff.post("booking", f"{path}/custody", body)["id"])
            self._keep_one = False
        else:
            self.staff.post("booking", f"{path}/hand-back")
            if who is not None:
                self._home.append((who, ticket))
        self._first = False

    def _answer(self) -> None:
        """Some of those asked after a week say how the device does."""
        for who, ticket in self._home_for_a_week:
            if self.chance.random() >= ANSWERS:
                continue
            works = self.chance.random() < STILL_WORKS
            said = self.chance.choice(words.STILL_WORKS if works else words.BROKEN_AGAIN)
            body = {"works": works, "words": said}
            who.post("booking", f"/tickets/{ticket['id']}/feedback", body)
            if not works:
                self._again = (who, ticket)

    def _fetch(self) -> None:
        """Some of what was kept has been fetched in the meantime."""
        stays = []
        for id in self._kept:
            if self.chance.random() < FETCHED:
                card = {"proof": "id_card"}
                self.staff.post("booking", f"/custody/{id}/hand-back", card)
            else:
                stays.append(id)
        self._kept = stays

    def _bring_back(self, session: str) -> bool:
        """Somebody whose device failed again brings it, unless they have a place here anyway."""
        if self._again is None:
            return False
        who, ticket = self._again
        same = {name: ticket[name] for name in ("category_id", "brand", "problem")}
        body = {"person_id": who.id, "devices": [same | {"rework_of": ticket["id"]}]}
        self._again = None
        try:
            self.staff.post("booking", f"/sessions/{session}/walk-ins", body)
        except Problem:
            return False
        return True


def _skills(login: str) -> list[str]:
    return words.VOLUNTEER_SKILLS.get(login, [])
