"""How many places must stay empty whatever one does: places against people, week by week, as a flow.

A person gives as many shifts a week as they want, and one of those that exclude each other; shortest augmenting paths
(Edmonds and Karp 1972) match them to the places. What stays unmatched is empty in every plan. (Turns and pairing are
left out: it may be more.)
"""

from collections import deque
from collections.abc import Iterable, Sequence

from services.roster.planning.grid import Grid

Offer = tuple[int, int, int]  # seat, points of having it, quarters
Week = tuple[int, list[list[Offer]]]  # how many at most, and groups of which one at most
Group = tuple[int, int, int]  # person, number of their week, group
Node = int | tuple[int, int] | Group  # a seat, somebody's week, a group of it


def surely_empty(
    grid: Grid, weeks: Sequence[list[Week]], given: Sequence[int], upto: Sequence[int]
) -> int:
    """Return the least number of places, of `upto` at each seat, that stay empty; `given` are those fixed there."""
    flow = Flow(len(grid.seats), weeks)
    wanted = [max(0, places - there) for places, there in zip(upto, given, strict=True)]
    return sum(not flow.serve(seat) for seat, count in enumerate(wanted) for _ in range(count))


class Flow:
    """Who serves which place now."""

    def __init__(self, seats: int, weeks: Sequence[list[Week]]) -> None:
        self._ways: list[list[Group]] = [[] for _ in range(seats)]
        self._spare: dict[tuple[int, int], int] = {}
        self._groups: dict[tuple[int, int], list[Group]] = {}
        self._serves: dict[Group, int] = {}
        for v, mine in enumerate(weeks):
            for w, (most, groups) in enumerate(mine):
                self._spare[v, w] = most
                self._groups[v, w] = [(v, w, g) for g in range(len(groups))]
                for g, group in enumerate(groups):
                    for seat in {offer[0] for offer in group}:
                        self._ways[seat].append((v, w, g))

    def serve(self, seat: int) -> bool:
        """Find somebody for one more place of a seat, moving others if need be."""
        came: dict[Node, Node | None] = {seat: None}
        queue = deque[Node](came)
        while queue:
            node = queue.popleft()
            if isinstance(node, tuple) and len(node) == 2 and self._spare[node] > 0:
                self._spare[node] -= 1
                self._turn(node, came)
                return True
            for further in self._next(node):
                if further not in came:
                    came[further] = node
                    queue.append(further)
        return False

    def _next(self, node: Node) -> Iterable[Node]:
        """Return where one more could go on: a seat to its groups, a free group to its week, a taken one to its seat."""
        if isinstance(node, int):
            return self._ways[node]
        if len(node) == 2:
            return [group for group in self._groups[node] if group in self._serves]
        return [self._serves[node] if node in self._serves else node[:2]]

    def _turn(self, week: Node, came: dict[Node, Node | None]) -> None:
        """Let everybody along a path that ends in `week` serve what it says."""
        node, before = week, came[week]
        while before is not None:
            if isinstance(before, int) and isinstance(node, tuple) and len(node) == 3:
                self._serves[node] = before
            elif isinstance(node, tuple) and len(node) == 3:  # given up, so that its week has room
                del self._serves[node]
            node, before = before, came[before]
