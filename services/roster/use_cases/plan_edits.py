"""A coordinator changes a plan: put somebody on a shift, take them off, lock, let somebody back in.

Every edit locks the plan first. What taking a shift would refuse is refused here too; what is advice there is a
warning here, and needs a second word.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from services.roster.errors import NeedsWord, NoSuchCell, NoSuchShift, NoSuchVolunteer, RuleInTheWay
from services.roster.models import Proposal, ProposalBan, ProposedCell
from services.roster.models.proposal import BY_HAND, PLANNED
from services.roster.planning import words
from services.roster.planning.reasons import AGAINST, FIXED
from services.roster.planning.standing import Standing
from services.roster.queries import proposals as queries
from services.roster.queries.plan_people import Ask
from services.roster.queries.problems import Asked, ask
from services.roster.use_cases.proposals import enter_plan, visible_proposal
from shared import audit
from shared.database import insert_if_absent

AROUND = timedelta(days=9)  # whose shifts can matter to a week, a rest, a turn
ADVICE = frozenset(
    {"availability", "pairing"}
)  # taking a shift warns of these, and refuses the others
OFF = "kept_off"  # a person put back is kept off no longer


@dataclass(frozen=True)
class Choice:
    """Somebody who might be put on a shift of a plan: which rules that breaks, and their hours in the term."""

    person_id: str
    minutes: int
    broken: tuple[str, ...]
    time_unknown: bool

    @property
    def refused(self) -> bool:
        """Tell whether a rule stands in the way that no word makes up for."""
        return bool(set(self.broken) - ADVICE - {OFF})


@dataclass(frozen=True)
class Around:
    """A plan near one of its shifts, as the rules see it."""

    asked: Asked
    shift_id: str
    standing: Standing
    but: str | None = None

    def choices(self) -> list[Choice]:
        """Return everybody else who is not on the shift: who could come first, the fewest hours before others."""
        problem = self.asked.problem
        shift = problem.shift[self.asked.holder[self.shift_id]]
        role = next(one for one in shift.roles if one.code == self.shift_id)
        there = {person.id for person, _ in self.standing.crew[shift.id]}
        found = [
            Choice(
                one.id,
                self.standing.hours(one) // timedelta(minutes=1),
                tuple(sorted(self.standing.broken(one, shift, role))),
                one.id in self.asked.unknown,
            )
            for one in problem.volunteers
            if one.id not in there and one.id != self.but
        ]
        return sorted(
            found,
            key=lambda one: (
                one.refused,
                len(one.broken),
                one.time_unknown,
                one.minutes,
                one.person_id,
            ),
        )


def around(session: Session, row: Proposal, shift_id: str, but: str | None = None) -> Around:
    """Return a plan near one of its shifts, as if ``but`` were not on it; raise ``NoSuchShift``."""
    known = next((one for one in queries.shifts_of(session, row) if one.shift.id == shift_id), None)
    if known is None:
        raise NoSuchShift
    of = queries.ask_of(session, row)
    on = known.shift.starts_at.astimezone(of.place).date()
    near = Ask(max(row.from_on, on - AROUND), min(row.until_on, on + AROUND), row.zone, off=of.off)
    asked = ask(session, near)
    if shift_id not in asked.holder:
        raise NoSuchShift
    cells = set(asked.problem.fixed)
    for shift, person in of.last:
        if (
            shift in asked.rows
            and person in asked.problem.volunteer
            and (shift, person) != (shift_id, but)
        ):
            cells.add(asked.cell(shift, person))
    return Around(asked, shift_id, Standing(asked.problem, cells), but)


def choices_for(
    session: Session, proposal_id: str, shift_id: str, but: str | None = None
) -> list[Choice]:
    """Return who could be put on a shift of a plan, in place of ``but`` if named."""
    return around(session, visible_proposal(session, proposal_id), shift_id, but).choices()


def put_on_plan(
    session: Session,
    proposal_id: str,
    *,
    shift_id: str,
    person_id: str,
    instead_of: str | None,
    moved_from: str | None,
    even_so: bool,
    actor: str,
) -> Proposal:
    """Put somebody on a shift of a plan, in somebody's place and away from another shift if named; it is locked then.

    Raises ``RuleInTheWay``, or ``NeedsWord`` for a warning that was not answered with ``even_so``.
    """
    row = enter_plan(session, proposal_id)
    if moved_from is not None:
        _remove(session, proposal_id, moved_from, person_id)
    near = around(session, row, shift_id, instead_of)
    choice = next((one for one in near.choices() if one.person_id == person_id), None)
    if choice is None:
        raise NoSuchVolunteer
    _ask_rules(choice, even_so=even_so)
    if instead_of is not None:
        _remove(session, proposal_id, shift_id, instead_of)
        keep_off(session, proposal_id, shift_id, instead_of)
    _write(session, proposal_id, shift_id, choice)
    audit.record(session, actor, "proposal.changed", proposal_id)
    return visible_proposal(session, proposal_id)


def take_off_plan(
    session: Session, proposal_id: str, *, shift_id: str, person_id: str, actor: str
) -> Proposal:
    """Take somebody off a shift of a plan, and keep them off it when it is solved again."""
    enter_plan(session, proposal_id)
    _remove(session, proposal_id, shift_id, person_id)
    keep_off(session, proposal_id, shift_id, person_id)
    audit.record(session, actor, "proposal.changed", proposal_id)
    return visible_proposal(session, proposal_id)


def lock_cell(
    session: Session, proposal_id: str, *, shift_id: str, person_id: str, locked: bool, actor: str
) -> Proposal:
    """Keep somebody on a shift however often the plan is solved again, or no longer."""
    enter_plan(session, proposal_id)
    cell = _cell(proposal_id, shift_id, person_id)
    changed = session.execute(update(ProposedCell).where(*cell).values(locked=locked))
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        raise NoSuchCell
    audit.record(session, actor, "proposal.changed", proposal_id)
    return visible_proposal(session, proposal_id)


def let_back_in(
    session: Session, proposal_id: str, *, shift_id: str, person_id: str, actor: str
) -> Proposal:
    """Keep somebody off a shift no longer."""
    enter_plan(session, proposal_id)
    _let_in(session, proposal_id, shift_id, person_id)
    audit.record(session, actor, "proposal.changed", proposal_id)
    return visible_proposal(session, proposal_id)


def keep_off(session: Session, proposal_id: str, shift_id: str, person_id: str) -> None:
    """Note that somebody is not to be on a shift of this plan."""
    pair = {"proposal_id": proposal_id, "shift_id": shift_id, "person_id": person_id}
    insert_if_absent(session, ProposalBan, pair, key=list(pair))


def _ask_rules(choice: Choice, *, even_so: bool) -> None:
    broken = [rule for rule in choice.broken if rule != OFF]
    hard = [rule for rule in broken if rule not in ADVICE]
    if hard:
        raise RuleInTheWay(why_zh=in_words(hard, 0), why_en=in_words(hard, 1))
    if broken and not even_so:
        raise NeedsWord(why_zh=in_words(broken, 0), why_en=in_words(broken, 1))


def in_words(rules: list[str], column: int) -> str:
    """Return rules as one sentence in Chinese (0) or English (1)."""
    return ("；", "; ")[column].join(words.RULES[rule][column] for rule in rules)


def _write(session: Session, proposal_id: str, shift_id: str, choice: Choice) -> None:
    _let_in(session, proposal_id, shift_id, choice.person_id)
    against = [[AGAINST, {"rule": rule}] for rule in choice.broken if rule in ADVICE]
    session.execute(
        insert(ProposedCell).values(
            proposal_id=proposal_id,
            shift_id=shift_id,
            person_id=choice.person_id,
            made_by=BY_HAND,
            locked=True,
            why=[[FIXED, {}], *against],
        )
    )


def _remove(session: Session, proposal_id: str, shift_id: str, person_id: str) -> None:
    gone = session.execute(delete(ProposedCell).where(*_cell(proposal_id, shift_id, person_id)))
    if gone.rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        raise NoSuchCell


def _let_in(session: Session, proposal_id: str, shift_id: str, person_id: str) -> None:
    session.execute(
        delete(ProposalBan).where(
            ProposalBan.proposal_id == proposal_id,
            ProposalBan.shift_id == shift_id,
            ProposalBan.person_id == person_id,
        )
    )


def _cell(proposal_id: str, shift_id: str, person_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ProposedCell.proposal_id == proposal_id,
        ProposedCell.shift_id == shift_id,
        ProposedCell.person_id == person_id,
        ProposedCell.state == PLANNED,
    )
