"""PostgreSQL for tests: a given server, or a throw-away one from Debian's programs."""

import os

from deploy.local_servers import debian, postgres
from tests.support.run import Run

GIVEN = "TEST_POSTGRES_URL"


def says() -> str:
    """One line for the header of a run: what is used and from where."""
    if os.environ.get(GIVEN):
        return f"PostgreSQL: the server given by {GIVEN}"
    found = postgres.find_postgres()
    if found:
        return f"PostgreSQL: {found.bin}, started in a temporary folder when first needed"
    return f"PostgreSQL: {debian.how_to_get(postgres.PACKAGES)}"


def server(run: Run) -> str:
    """Return the SQLAlchemy address of an administrator of the run's server."""
    given = os.environ.get(GIVEN)
    if not given:
        return run.server("postgresql")["url"]
    for plain in ("postgres://", "postgresql://"):
        given = given.replace(plain, "postgresql+psycopg://")
    return given
