"""HTTP in: the roster's blueprints, and the one table that says who may call what."""

from services.roster.routes import assignments, hours, shifts, skills, volunteers
from shared.auth import ON_SITE, SIGNED_IN, STAFF, Access

BLUEPRINTS = (
    skills.blueprint,
    volunteers.blueprint,
    shifts.blueprint,
    assignments.blueprint,
    hours.blueprint,
)

ACCESS: Access = {
    "skills.list_skills": SIGNED_IN,
    "skills.put_skill": STAFF,
    "volunteers.list_volunteers": STAFF,
    "volunteers.my_volunteer": SIGNED_IN,
    "volunteers.grant_skills": STAFF,
    "shifts.list_shifts": SIGNED_IN,
    "shifts.session_shifts": STAFF,
    "shifts.session_audience": STAFF,
    "shifts.accept_shift": ON_SITE,
    "assignments.my_assignments": SIGNED_IN,
    "assignments.get_assignment": SIGNED_IN,
    "assignments.drop_assignment": ON_SITE,
    "assignments.check_in": ON_SITE,
    "assignments.check_out": ON_SITE,
    "assignments.mark_absent": STAFF,
    "hours.my_hours": SIGNED_IN,
    "hours.list_hours": STAFF,
}
