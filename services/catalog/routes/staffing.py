"""The doors to staffing templates, and to changes of the staffing of many sessions."""

from typing import Any

from flask import Response

from services.catalog.models import StaffingChange
from services.catalog.models.need import Need
from services.catalog.queries import staffing as queries
from services.catalog.schemas.staffing import (
    LooksSchema,
    StaffingChangeAskedSchema,
    StaffingChangeSchema,
    StaffingChangesSchema,
    TemplateFieldsSchema,
    TemplatePage,
    TemplateQuery,
    TemplateSchema,
    UndoneSchema,
)
from services.catalog.use_cases import staffing_changes as changes
from services.catalog.use_cases import staffing_templates as templates
from shared.auth import STAFF, Access, current_person
from shared.http import Blueprint, etag, expected_version, once, reading, reply, transaction

BLUEPRINT = Blueprint("staffing", __name__, description="Shifts of many sessions, and templates")
ACCESS: Access = {
    "staffing.browse_templates": STAFF,
    "staffing.show_template": STAFF,
    "staffing.add_template": STAFF,
    "staffing.change_template": STAFF,
    "staffing.archive_template": STAFF,
    "staffing.browse_changes": STAFF,
    "staffing.look": STAFF,
    "staffing.change": STAFF,
    "staffing.undo": STAFF,
}
TEMPLATE = TemplateSchema()


@BLUEPRINT.route("/staffing-templates", methods=["GET"])
@BLUEPRINT.arguments(TemplateQuery, location="query")
@BLUEPRINT.response(200, TemplatePage)
def browse_templates(query: dict[str, Any]) -> Any:
    """List staffing templates."""
    with reading() as db:
        return queries.templates(db, **query)


@BLUEPRINT.route("/staffing-templates", methods=["POST"])
@BLUEPRINT.arguments(TemplateFieldsSchema)
@BLUEPRINT.response(201, TemplateSchema)
def add_template(body: dict[str, Any]) -> Response:
    """Add a staffing template."""
    actor = current_person()
    return once(lambda db: templates.add_template(db, actor.id, body), TEMPLATE)


@BLUEPRINT.route("/staffing-templates/<id>", methods=["GET"])
@BLUEPRINT.response(200, TemplateSchema)
def show_template(id: str) -> Response:
    """Show a staffing template."""
    with reading() as db:
        found = queries.template_by_id(db, id)
        return reply(TEMPLATE.dump(found), 200, etag(found.version))


@BLUEPRINT.route("/staffing-templates/<id>", methods=["PUT"])
@BLUEPRINT.arguments(TemplateFieldsSchema)
@BLUEPRINT.response(200, TemplateSchema)
def change_template(body: dict[str, Any], id: str) -> Response:
    """Change a staffing template (If-Match); sessions made from it stay as they are."""
    expected = expected_version()
    with transaction() as db:
        done = templates.change_template(db, current_person().id, id, expected, body)
    return reply(TEMPLATE.dump(done), 200, etag(done.version))


@BLUEPRINT.route("/staffing-templates/<id>/archive", methods=["POST"])
@BLUEPRINT.response(200, TemplateSchema)
def archive_template(id: str) -> Response:
    """Offer a staffing template no longer."""
    actor = current_person()
    return once(lambda db: templates.archive_template(db, actor.id, id), TEMPLATE, 200)


@BLUEPRINT.route("/staffing-changes", methods=["GET"])
@BLUEPRINT.response(200, StaffingChangesSchema)
def browse_changes() -> Any:
    """List the last changes of many sessions, the newest first."""
    with reading() as db:
        return {"items": queries.last_changes(db)}


@BLUEPRINT.route("/staffing-changes/preview", methods=["POST"])
@BLUEPRINT.arguments(StaffingChangeAskedSchema)
@BLUEPRINT.response(200, LooksSchema)
def look(body: dict[str, Any]) -> Any:
    """Show what a change would make of each session; nothing is written."""
    with reading() as db:
        return {"items": [_shown(one) for one in changes.look_at_change(db, body)]}


@BLUEPRINT.route("/staffing-changes", methods=["POST"])
@BLUEPRINT.arguments(StaffingChangeAskedSchema)
@BLUEPRINT.response(201, StaffingChangeSchema)
def change(body: dict[str, Any]) -> Response:
    """Change the staffing of all these sessions, as they were looked at, or of none."""
    actor = current_person()
    return once(lambda db: changes.change_staffing(db, actor.id, body), StaffingChangeSchema())


@BLUEPRINT.route("/staffing-changes/<id>/undo", methods=["POST"])
@BLUEPRINT.response(200, UndoneSchema)
def undo(id: str) -> Response:
    """Take a change back, within a day; sessions that have changed since keep what they have."""
    actor = current_person()
    return once(lambda db: _undone(changes.undo_change(db, actor.id, id)), status=200)


def _shown(one: changes.Look) -> dict[str, Any]:
    problem = dict(zip(("zh", "en"), one.problem, strict=True)) if one.problem else None
    return {
        "session_id": one.session.id,
        "version": one.session.version,
        "changes": one.changes,
        "before": _stored(one.before),
        "after": _stored(one.after),
        "problem": problem,
    }


def _stored(needs: tuple[Need, ...]) -> list[dict[str, Any]]:
    return [need.to_json() for need in needs]


def _undone(done: tuple[StaffingChange, list[str]]) -> dict[str, Any]:
    change, left = done
    return {**StaffingChangeSchema().dump(change), "left": left}
