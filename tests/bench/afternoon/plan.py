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
OPENS, CLOSES = time(13), time(18)
SLOT_MINUTES = 15
SLOTS = 20
DEVICES = 150
VOLUNTEERS = 6
WALK_INS = 0.2
NO_SHOWS = 0.1
LATE = 0.12
MISSES_FIRST_CALL = 0.04

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
    """Somebody with one device. Times are instants of the suite; minutes are true service times."""

    index: int
    outcome: Outcome
    minutes: float
    slot: int | None
    comes_at: datetime | None
    misses_first_call: bool

    @property
    def kind(self) -> str:
        """How they stand in the line: booked | walk_in."""
        return "walk_in" if self.slot is None else "booked"


@dataclass(frozen=True)
class Afternoon:
    """The whole plan of one afternoon."""

    day: datetime
    clients: tuple[Client, ...]
    drops_at: datetime
    wifi_gone: tuple[datetime, datetime]

    def at(self, of_day: time) -> datetime:
        """Return the instant of a time of that day."""
        return self.day.replace(hour=of_day.hour, minute=of_day.minute)


def make(seed: int, file: Path | None = None, devices: int = DEVICES) -> Afternoon:
    """Return the afternoon of a seed; devices from an Open Repair Data file, or made up."""
    chance = random.Random(seed)
    day = datetime(2026, 10, 21, tzinfo=ZONE)
    outcomes = _from_file(file, devices, chance) if file else _made_up(devices, chance)
    walking = round(devices * WALK_INS)
    booked = devices - walking
    kinds = [True] * walking + [False] * booked
    chance.shuffle(kinds)
    slots = [index * SLOTS // booked for index in range(booked)]
    opens = day.replace(hour=OPENS.hour)
    clients = []
    for index, (outcome, walks) in enumerate(zip(outcomes, kinds, strict=True)):
        slot = None if walks else slots.pop(0)
        comes_at = _walks_in(opens, chance) if slot is None else _comes(opens, slot, chance)
        minutes = service_minutes(outcome.category_id, chance)
        misses = chance.random() < MISSES_FIRST_CALL
        clients.append(Client(index, outcome, minutes, slot, comes_at, misses))
    gone = day.replace(hour=14, minute=40)
    return Afternoon(
        day, tuple(clients), day.replace(hour=15, minute=10), (gone, gone + timedelta(minutes=5))
    )


def service_minutes(category_id: int, chance: random.Random) -> float:
    """Return how long this device truly takes: given up soon, as usual, or a long job."""
    usual = USUAL_MINUTES.get(category_id, OTHERS_MINUTES)
    kind = chance.random()
    if kind < 0.15:
        return chance.uniform(2.0, 5.0)
    minutes = max(2.0, chance.weibullvariate(usual * 1.1, 2.2))
    return minutes + chance.expovariate(1 / usual) if kind > 0.92 else minutes


def _comes(opens: datetime, slot: int, chance: random.Random) -> datetime | None:
    """Return when somebody who booked comes: some not at all, some late, most a little early."""
    if chance.random() < NO_SHOWS:
        return None
    starts = opens + timedelta(minutes=slot * SLOT_MINUTES)
    late = chance.random() < LATE
    minutes = chance.uniform(11, 30) if late else chance.triangular(-20, 8, -4)
    return starts + timedelta(minutes=minutes)


def _walks_in(opens: datetime, chance: random.Random) -> datetime:
    """Return when somebody without a booking comes: most in the first half of the afternoon."""
    return opens + timedelta(minutes=chance.triangular(-10, 240, 60))


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
