"""Names of people for a page, asked of identity in one batch; identity away means numbers only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from services.web.clients import clients
from services.web.clients.identity import Name
from shared.http_client import Problem, Unavailable


@dataclass(frozen=True)
class Names:
    """Full names (staff only) and masked names by person id."""

    by_id: Mapping[str, Name] = field(default_factory=dict)
    away: bool = False

    def full(self, person_id: str | None) -> str | None:
        """The whole name where the reader may see it, else the masked one, else None."""
        found = self.by_id.get(person_id or "")
        return found.shown if found else None

    def masked(self, person_id: str | None) -> str | None:
        """张*明, or None when it is not known."""
        found = self.by_id.get(person_id or "")
        return found.masked if found else None


def names_of(ids: Iterable[str | None]) -> Names:
    """The names of these people; empty when identity cannot be asked."""
    wanted = [one for one in ids if one]
    try:
        return Names(clients().identity.names(wanted))
    except (Unavailable, Problem):
        return Names(away=True)


def isolated(name: str | None) -> Markup:
    """A name inside a sentence: its own direction, whatever the script."""
    return Markup("<bdi>{}</bdi>").format(name or "")


def marked(sentence: str, **values: object) -> Markup:
    """Fill a sentence of ours with values, escaping all that is not marked up."""
    return Markup(sentence) % values  # noqa: S704 - the sentence is ours, the values are escaped
