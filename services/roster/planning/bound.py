"""What no plan can beat: a lower bound by prices for seats, without any library.

Lagrangian relaxation (Geoffrion 1974, subgradient steps after Held, Wolfe and Crowder 1974, deflected as in Camerini,
Fratta and Maffioli 1975): a seat pays a price to whoever takes it, people take what is worth it to them alone, and what
both sides cost together is never more than the best plan. A second price per person stands for their hours. Pairing is
left out, which only lowers the bound.
"""

from math import ceil

from services.roster.planning.grid import Grid
from services.roster.planning.objective import HOUR, MOVED, SPARE, Cost, strain
from services.roster.planning.shortfall import Offer, Week, surely_empty

SHORT = 2 * SPARE  # for somebody missing: any number gives a bound, a large one a slow search
SCALE = 0.001  # steps of a price for hours beside those of a price for a seat
FRESH = (
    0.3  # how much of a direction is new; the rest is the one before, so that it does not zigzag
)
STEP, PATIENCE, SHRINK = 1.0, 12, 0.66  # a step shrinks after so many rounds without a better bound


class Prices:
    """Prices under search, and the best bound they gave."""

    def __init__(self, grid: Grid) -> None:
        self.grid, self.best, self._step, self._since = grid, float("-inf"), STEP, 0
        self._given = [0] * len(grid.seats)
        could = [set(who) for who in grid.who]
        for v, seat in grid.fixed:
            self._given[seat] += 1
            could[seat].add(v)
        self._most = [min(most, len(who)) for most, who in zip(grid.most, could, strict=True)]
        self._weeks = [_weeks(grid, v) for v in range(len(grid.people))]
        self._base = list(grid.served)
        self._sure = MOVED * sum(held.bit_count() for held in grid.last)
        for v, seat in grid.fixed:
            self._base[v] += grid.quarters[grid.shift_of[seat]]
            self._sure += _holding(grid, v, grid.shift_of[seat])
        self.surely_short = surely_empty(grid, self._weeks, self._given, grid.least)
        nobody = surely_empty(grid, self._weeks, self._given, grid.most)
        self.unavoidable = SPARE * max(0, nobody - self.surely_short)
        hours = sum(m * grid.quarters[s] for m, s in zip(self._most, grid.shift_of, strict=True))
        slope = 2 * (sum(grid.served) + hours) / max(1, len(grid.people)) / HOUR
        self._price = [slope * grid.quarters[s] + 10 for s in grid.shift_of]
        self._slope = [slope for _ in grid.people]
        self._toward = [0.0] * (len(self._price) + len(self._slope))

    def search(self, target: float, rounds: int) -> None:
        """Better the bound in so many rounds; `target` is what the best plan known costs (`weighed`)."""
        for _ in range(rounds):
            value, seats, hours = self._round()
            self._since += 1
            if value > self.best:
                self.best, self._since = value, 0
            elif self._since >= PATIENCE:
                self._step, self._since = self._step * SHRINK, 0
            if not any(seats) and not any(hours):
                return
            self._go(seats, hours, self._step * max(1.0, target - value))

    def _go(self, seats: list[int], hours: list[int], far: float) -> None:
        """Change the prices along what seats lack and hours are off, and the way gone before."""
        new = zip([*seats, *hours], self._toward, strict=True)
        self._toward = [FRESH * now + (1 - FRESH) * before for now, before in new]
        number = len(seats)
        seat_way, hour_way = self._toward[:number], self._toward[number:]
        square = sum(one * one for one in seat_way) + SCALE * sum(one * one for one in hour_way)
        far /= square or 1.0
        self._price = [max(0.0, p + far * g) for p, g in zip(self._price, seat_way, strict=True)]
        self._slope = [
            max(0.0, p + SCALE * far * g) for p, g in zip(self._slope, hour_way, strict=True)
        ]

    def bound(self, cost: Cost) -> Cost | None:
        """Return the least possible cost beside a known one; None if fewer people might be missing."""
        if cost.short > self.surely_short or self.best == float("-inf"):
            return None
        return Cost(cost.short, max(0, ceil(self.best - 1e-6) - SHORT * cost.short))

    def _round(self) -> tuple[float, list[int], list[int]]:
        """Return what prices cost, how many people each seat lacks, and how many hours each person is off."""
        value, lacking = self._seats()
        value += self._sure
        off = []
        for v, weeks in enumerate(self._weeks):
            cost, load = self._person(weeks, self._slope[v], lacking)
            spent, wanted = self._hours(v)
            value += cost + spent
            off.append(load - wanted)
        return value, lacking, off

    def _seats(self) -> tuple[float, list[int]]:
        """Return the cheapest staffing of all seats at their prices, and how many people each wants."""
        grid, value, wanted = self.grid, 0.0, []
        rows = zip(grid.least, grid.most, self._most, self._price, self._given, strict=True)
        for least, full, most, price, given in rows:
            there = most if price < SPARE else min(least, most) if price < SHORT else given
            there = max(there, given)
            value += price * (there - given)
            value += SHORT * max(0, least - there) + SPARE * (full - max(least, there))
            wanted.append(there - given)
        return value, wanted

    def _person(self, weeks: list[Week], slope: float, lacking: list[int]) -> tuple[float, int]:
        """Return what one person takes at these prices: its cost and its quarters."""
        cost, load, price = 0.0, 0, self._price
        for most, groups in weeks:
            best = [min([(p - price[n] + slope * q, n, q) for n, p, q in each]) for each in groups]
            if len(best) > most:
                best.sort()
            for gain, seat, quarters in best[:most]:
                if gain < 0:
                    cost += gain
                    load += quarters
                    lacking[seat] -= 1
        return cost, load

    def _hours(self, v: int) -> tuple[float, int]:
        """Return the least of strain less pay over all hours somebody could have, and those hours but the sure ones."""
        slope, base = self._slope[v], self._base[v]
        load = max(base, HOUR * max(0, int((slope + 1) / 2)))
        return strain(load) - slope * (load - base), load - base


def weighed(cost: Cost) -> float:
    """Return a cost as the bound reckons it."""
    return cost.points + SHORT * cost.short


def _holding(grid: Grid, v: int, s: int) -> int:
    return grid.wish[v][s] - (MOVED if grid.last[v] >> s & 1 else 0)


def _weeks(grid: Grid, v: int) -> list[Week]:
    """Return, week by week, what one person may take beside what is fixed, in groups that exclude each other."""
    fixed = [grid.shift_of[seat] for w, seat in grid.fixed if w == v]
    weeks: dict[int, dict[int, list[Offer]]] = {}
    for seat in grid.may[v]:
        s = grid.shift_of[seat]
        if not any(grid.bans[v].pairs[s] >> one & 1 for one in fixed):
            offers = weeks.setdefault(grid.week[s], {}).setdefault(s, [])
            offers.append((seat, _holding(grid, v, s), grid.quarters[s]))
    found = []
    for week, shifts in weeks.items():
        most = grid.weekly[v] - sum(grid.week[s] == week for s in fixed)
        if most > 0:
            found.append((most, _groups(shifts, grid.bans[v].pairs)))
    return found


def _groups(shifts: dict[int, list[Offer]], pairs: list[int]) -> list[list[Offer]]:
    """Put shifts that all exclude each other into one group."""
    groups: list[tuple[int, list[Offer]]] = []
    for s, offers in shifts.items():
        for n, (held, group) in enumerate(groups):
            if pairs[s] & held == held:
                groups[n] = (held | 1 << s, group + offers)
                break
        else:
            groups.append((1 << s, list(offers)))
    return [group for _, group in groups]
