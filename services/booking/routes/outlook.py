"""How the line goes on, and what another volunteer would change, over HTTP."""

from typing import Any
from uuid import UUID

from services.booking.queries import outlook as queries
from services.booking.routes.line import on_site
from services.booking.schemas.outlook import OutlookSchema, WhatIfQuery, WhatIfSchema
from shared.auth import ON_SITE, STAFF
from shared.http import Blueprint, reading

BLUEPRINT = Blueprint("outlook", __name__, description="How the line goes on until closing")
ACCESS = {"outlook.show": ON_SITE, "outlook.what_if": STAFF}


@BLUEPRINT.get("/sessions/<uuid:id>/outlook")
@BLUEPRINT.response(200, OutlookSchema)
def show(id: UUID) -> Any:
    """Show past waits and the waits that are likely until closing (staff, and volunteers here)."""
    with reading() as session:
        on_site(session, str(id))
        found = queries.as_it_stands(session, str(id))
    return queries.outlook(found)


@BLUEPRINT.get("/sessions/<uuid:id>/what-if")
@BLUEPRINT.arguments(WhatIfQuery, location="query")
@BLUEPRINT.response(200, WhatIfSchema)
def what_if(given: dict[str, Any], id: UUID) -> Any:
    """Compare the line as it stands with one more volunteer (or more, or fewer) for a while."""
    change = queries.Change(given["more"], given["from_"], given["to"])
    with reading() as session:
        found = queries.as_it_stands(session, str(id))
    return queries.what_if(found, change)
