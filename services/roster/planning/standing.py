"""How things stand in a plan: who has which shifts, who is on a shift; and who else could take a place."""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta

from services.roster.planning.problem import Cell, Problem, Role, Shift, Volunteer
from services.roster.planning.rules import RULES, Case, Rule, broken


class Standing:
    """A plan, looked up by person and by shift."""

    def __init__(self, problem: Problem, cells: Collection[Cell]) -> None:
        self.problem = problem
        self._passing: dict[tuple[str, str, str], frozenset[str]] = {}
        self.held: dict[str, list[Shift]] = defaultdict(list)
        self.crew: dict[str, list[tuple[Volunteer, Role]]] = defaultdict(list)
        for cell in sorted(cells):
            shift, person = problem.shift[cell.shift], problem.volunteer[cell.volunteer]
            self.held[person.id].append(shift)
            self.crew[shift.id].append((person, problem.role(cell)))

    def hours(self, person: Volunteer, but: Shift | None = None) -> timedelta:
        """Return somebody's time in the term: served before, and planned here but for one shift."""
        planned = (one.length for one in self.held[person.id] if one is not but)
        return sum(planned, person.served)

    def there(self, shift: Shift, role: Role) -> int:
        """Return how many people a role has."""
        return sum(role.code == one.code for _, one in self.crew[shift.id])

    def broken(self, person: Volunteer, shift: Shift, role: Role) -> frozenset[str]:
        """Return the rules that somebody more on a role would break."""
        return broken(self._case(person, shift, role), RULES)

    def could_replace(self, person: Volunteer, cell: Cell) -> bool:
        """Tell whether somebody could have a cell in place of the one who has it."""
        shift, role = self.problem.shift[cell.shift], self.problem.role(cell)
        case = self._case(person, shift, role, but=cell.volunteer)
        return not any(rule.breaks(case) for rule in RULES)

    def passing(self, rule: Rule, cell: Cell) -> frozenset[str]:
        """Return the volunteers who pass a rule about the person and the seat alone."""
        key = (rule.name, cell.shift, cell.role)
        if key not in self._passing:
            shift, role = self.problem.shift[cell.shift], self.problem.role(cell)
            self._passing[key] = frozenset(
                person.id
                for person in self.problem.volunteers
                if not rule.breaks(Case(self.problem, person, shift, role))
            )
        return self._passing[key]

    def _case(self, person: Volunteer, shift: Shift, role: Role, but: str = "") -> Case:
        crew = [one for one in self.crew[shift.id] if one[0].id != but]
        return Case(self.problem, person, shift, role, self.held[person.id], crew)
