"""Skills over HTTP."""

import re
from typing import Any

from services.roster.queries.volunteers import all_skills
from services.roster.schemas.skills import CODE, SkillListSchema, SkillSchema, SkillTitleSchema
from services.roster.use_cases import skills as use_cases
from shared.auth import current_person
from shared.errors import NotFound
from shared.http import Blueprint, reading, transaction

blueprint = Blueprint("skills", __name__, description="技能 · what volunteers can do")


@blueprint.route("/skills")
@blueprint.response(200, SkillListSchema)
def list_skills() -> dict[str, Any]:
    """List every skill."""
    with reading() as session:
        return {"items": all_skills(session), "next_cursor": None}


@blueprint.route("/skills/<code>", methods=["PUT"])
@blueprint.arguments(SkillTitleSchema)
@blueprint.response(200, SkillSchema)
@blueprint.alt_response(404, description="not a possible code")
def put_skill(body: dict[str, Any], code: str) -> Any:
    """Create a skill or change its title. Codes are lower-case letters, digits, - and _."""
    if not re.fullmatch(CODE, code):
        raise NotFound
    with transaction() as session:
        actor, title, rules = current_person().id, body.pop("title"), _rules(body)
        return use_cases.put_skill(session, code, title, actor=actor, **rules)


def _rules(body: dict[str, Any]) -> dict[str, Any]:
    """Return what was said beside the title; an offering's id as text."""
    if body.get("offering_id"):
        body["offering_id"] = str(body["offering_id"])
    return body
