"""One client per service: the only way the front knows a service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import current_app

from services.web.clients.base import Caller, Transport
from services.web.clients.booking import BookingClient
from services.web.clients.catalog import CatalogClient
from services.web.clients.identity import IdentityClient
from services.web.clients.notify import NotifyClient
from services.web.clients.roster import RosterClient


@dataclass(frozen=True)
class Clients:
    """The five clients of a running front."""

    catalog: CatalogClient
    booking: BookingClient
    roster: RosterClient
    notify: NotifyClient
    identity: IdentityClient


def connect(transports: Mapping[str, Transport], caller: Callable[[bool], Caller]) -> Clients:
    """Clients over the given addresses or in-process applications."""
    return Clients(
        catalog=CatalogClient(transports["catalog"], caller),
        booking=BookingClient(transports["booking"], caller),
        roster=RosterClient(transports["roster"], caller),
        notify=NotifyClient(transports["notify"], caller),
        identity=IdentityClient(transports["identity"], caller),
    )


def clients() -> Clients:
    """The clients of the current application."""
    found: Clients = current_app.extensions["clients"]
    return found
