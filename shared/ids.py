"""Identifiers: random, so that no id tells how many of a thing there are."""

from uuid import uuid4


def new_id() -> str:
    """Return a fresh identifier: a random UUID (RFC 9562, version 4) as 36 characters."""
    return str(uuid4())
