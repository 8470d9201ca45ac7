"""The pages, one module per area; BLUEPRINTS is the list that the application registers."""

from services.web.views import account, me, public

BLUEPRINTS = (public.blueprint, account.blueprint, me.blueprint)
