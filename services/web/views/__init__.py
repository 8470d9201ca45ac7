"""The pages, one module per area; BLUEPRINTS is the list that the application registers."""

from services.web.views import (
    account,
    book,
    custody,
    desk,
    feedback,
    go,
    impact,
    manage,
    me,
    opening,
    places,
    public,
    sessions,
    shifts,
    turns,
    wall,
)

BLUEPRINTS = (
    public.blueprint,
    account.blueprint,
    me.blueprint,
    sessions.blueprint,
    book.blueprint,
    custody.blueprint,
    places.blueprint,
    turns.blueprint,
    opening.blueprint,
    shifts.blueprint,
    manage.blueprint,
    desk.blueprint,
    feedback.blueprint,
    wall.blueprint,
    go.blueprint,
    impact.blueprint,
)
