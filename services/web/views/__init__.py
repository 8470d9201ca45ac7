"""The pages, one module per area; BLUEPRINTS is the list that the application registers."""

from services.web.views import account, book, me, places, public, sessions

BLUEPRINTS = (
    public.blueprint,
    account.blueprint,
    me.blueprint,
    sessions.blueprint,
    book.blueprint,
    places.blueprint,
)
