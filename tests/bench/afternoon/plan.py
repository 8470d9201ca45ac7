"""Who comes on the simulated afternoon, when, with what, and how long it takes: all from one seed.

The truth is deliberately not of the model's own family: a device is looked at briefly and given up
(uniform), repaired as usual (Weibull about the category's usual time), or turns out to be a long job
(usual time plus an exponential tail). Open Repair Data files hold devices and outcomes but no times.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy import repair_data
from deploy.repair_data import Outcome

ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 10, 21, tzinfo=ZONE)
OPENS = time(13)
SLOT = timedelta(minutes=15)
DEVICES_A_SLOT = 1.25  # per volunteer: 150 devices and six volunteers make five hours
DEVICES = 150
VOLUNTEERS = 6
WALK_INS = 0.2
REWORKS = 0.04
NO_SHOWS = 0.1
LATE = 0.12
MISSES_FIRST_CALL = 0.04
BOOKED, WALK_IN, REWORK = "booked", "walk_in", "rework"

USUAL_MINUTES = {16: 14.0, 4: 14.0, 36: 13.0, 25: 12.0, 27: 12.0, 34: 11.0, 12: 11.0, 13: 11.0}
OTHERS_MINUTES = 8.5
MADE_UP: Sequence[tuple[int, str, str, float]] = (
    (39, "飞科", "不出热风", 5.0),
    (15, "欧普", "开关没有反应，灯不亮", 6.0),
    (11, "漫步者", "左边没有声音", 6.0),
    (14, "美的", "插电不加热", 5.0),
    (16, "联想", "充不进电", 3.0),
    (7, "", "转得很慢，有响声", 4.0),
    (28, "九阳", "按键失灵", 4.0),
    (34, "小米", "吸力变小", 2.0),
    (31, "", "按下去弹起来", 2.0),
    (36, "德龙", "漏水", 1.5),
)
STATUSES = (("Fixed", 0.58), ("Repairable", 0.2), ("End of life", 0.16), ("Unknown", 0.06))


@dataclass(frozen=True)
class Client:
    """Somebody with one device. Times are instants of the suite; minutes are true service times.

    `kind` is how they stand in the line: booked | walk_in | rework (repaired last week, back again).
    """

    index: int
    kind: str
    outcome: Outcome
    minutes: float
    slot: int | None
    comes_at: datetime | None
    misses_first_call: bool

    @property
    def device(self) -> dict[str, object]:
        """The device as it is written down when it is booked or brought."""
        said = self.outcome
        return {"category_id": said.category_id, "brand": said.brand, "problem": said.problem}


@dataclass(frozen=True)
class Afternoon:
    """The whole plan of one afternoon."""

    opens: datetime
    slots: int
    volunteers: int
    clients: tuple[Client, ...]
    drops_at: datetime
    wifi_gone: tuple[datetime, datetime]

    @property
    def closes(self) -> datetime:
        """When the doors close; the line is worked off after that."""
        return self.opens + self.slots * SLOT

    @property
    def no_shows(self) -> int:
        """How many booked and do not come."""
        return sum(one.comes_at is None for one in self.clients)

    def of(self, kind: str) -> list[Client]:
        """Return everybody of a kind."""
        return [one for one in self.clients if one.kind == kind]

    def slot_starts(self, client: Client) -> datetime | None:
        """Return when somebody's slot starts; None without a booking."""
        return None if client.slot is None else self.opens + client.slot * SLOT


def make(
    seed: int, file: Path | None = None, devices: int = DEVICES, volunteers: int = VOLUNTEERS
) -> Afternoon:
    """Return the afternoon of a seed; devices from an Open Repair Data file, or made up."""
    chance = random.Random(seed)
    outcomes = _from_file(file, devices, chance) if file else _made_up(devices, chance)
    kinds = _kinds(devices, chance)
    count, slots = kinds.count(BOOKED), round(devices / volunteers / DEVICES_A_SLOT)
    places = [index * slots // count for index in range(count)]
    opens = DAY.replace(hour=OPENS.hour)
    span = slots * SLOT
    clients = []
    for index, (outcome, kind) in enumerate(zip(outcomes, kinds, strict=True)):
        slot = places.pop(0) if kind == BOOKED else None
        comes_at = _walks_in(opens, span, chance) if slot is None else _comes(opens, slot, chance)
        minutes = service_minutes(outcome.category_id, chance)
        misses = chance.random() < MISSES_FIRST_CALL
        clients.append(Client(index, kind, outcome, minutes, slot, comes_at, misses))
    gone = opens + span / 3
    wifi = (gone, gone + timedelta(minutes=5))
    return Afternoon(opens, slots, volunteers, tuple(clients), opens + span * 13 / 30, wifi)


def service_minutes(category_id: int, chance: random.Random) -> float:
    """Return how long this device truly takes: given up soon, as usual, or a long job."""
    usual = USUAL_MINUTES.get(category_id, OTHERS_MINUTES)
    kind = chance.random()
    if kind < 0.15:
        return chance.uniform(2.0, 5.0)
    minutes = max(2.0, chance.weibullvariate(usual * 1.1, 2.2))
    return minutes + chance.expovariate(1 / usual) if kind > 0.92 else minutes


def _kinds(devices: int, chance: random.Random) -> list[str]:
    walking, again = round(devices * WALK_INS), max(1, round(devices * REWORKS))
    kinds = [WALK_IN] * walking + [REWORK] * again + [BOOKED] * (devices - walking - again)
    chance.shuffle(kinds)
    return kinds


def _comes(opens: datetime, slot: int, chance: random.Random) -> datetime | None:
    """Return when somebody who booked comes: some not at all, some late, most a little early."""
    if chance.random() < NO_SHOWS:
        return None
    late = chance.random() < LATE
    minutes = chance.uniform(11, 30) if late else chance.triangular(-20, 8, -4)
    return opens + slot * SLOT + timedelta(minutes=minutes)


def _walks_in(opens: datetime, span: timedelta, chance: random.Random) -> datetime:
    """Return when somebody without a booking comes: most in the first half of the afternoon."""
    return opens + span * chance.triangular(-1 / 30, 0.8, 0.2)


def _from_file(file: Path, devices: int, chance: random.Random) -> list[Outcome]:
    everything = [outcome for rows in repair_data.read(file).values() for outcome in rows]
    return [chance.choice(everything) for _ in range(devices)]


def _made_up(devices: int, chance: random.Random) -> list[Outcome]:
    kinds = chance.choices(MADE_UP, [one[3] for one in MADE_UP], k=devices)
    statuses = chance.choices([name for name, _ in STATUSES], [p for _, p in STATUSES], k=devices)
    return [
        Outcome(status, category, "", brand, problem)
        for status, (category, brand, problem, _) in zip(statuses, kinds, strict=True)
    ]
