"""How many people must be missing whatever one does: places of the minima against people, week by week, as a flow.

A person gives as many shifts a week as they want, and one of those that exclude each other; Kuhn's augmenting paths match
them to the places. What stays unmatched is missing in every plan. (Turns and pairing are left out: it may be more.)
"""

from collections.abc import Sequence

from services.roster.planning.grid import Grid

Offer = tuple[int, int, int]  # seat, points of having it, quarters
Week = tuple[int, list[list[Offer]]]  # how many at most, and groups of which one at most
Node = tuple[int, int, int]  # person, number of their week, group


def surely_missing(grid: Grid, weeks: Sequence[list[Week]], given: Sequence[int]) -> int:
    """Return the least number of people missing; `given` are those fixed on each seat."""
    flow = Flow(len(grid.seats), weeks)
    wanted = [max(0, least - there) for least, there in zip(grid.least, given, strict=True)]
    return sum(
        not flow.serve(seat, set()) for seat, count in enumerate(wanted) for _ in range(count)
    )


class Flow:
    """Who serves which place now."""

    def __init__(self, seats: int, weeks: Sequence[list[Week]]) -> None:
        self._ways: list[list[Node]] = [[] for _ in range(seats)]
        self._spare: dict[tuple[int, int], int] = {}
        self._groups: dict[tuple[int, int], list[Node]] = {}
        self._serves: dict[Node, int] = {}
        for v, mine in enumerate(weeks):
            for w, (most, groups) in enumerate(mine):
                self._spare[v, w] = most
                self._groups[v, w] = [(v, w, g) for g in range(len(groups))]
                for g, group in enumerate(groups):
                    for seat in {offer[0] for offer in group}:
                        self._ways[seat].append((v, w, g))

    def serve(self, seat: int, seen: set[Node]) -> bool:
        """Find somebody for a place, moving others if need be."""
        for node in self._ways[seat]:
            if node not in seen:
                seen.add(node)
                if self._free(node, seen):
                    self._serves[node] = seat
                    return True
        return False

    def _free(self, node: Node, seen: set[Node]) -> bool:
        """Make somebody free for one more place in this group; count it as theirs."""
        if node in self._serves:
            return self.serve(self._serves[node], seen)
        week = node[:2]
        if self._spare[week] > 0:
            self._spare[week] -= 1
            return True
        for other in self._groups[week]:
            if other in self._serves and other not in seen:
                seen.add(other)
                if self.serve(self._serves[other], seen):
                    del self._serves[other]
                    return True
        return False
