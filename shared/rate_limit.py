"""Limits that hold across processes: token buckets in the service's own database."""

from math import ceil

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.clock import now
from shared.database import insert_if_absent
from shared.errors import TooMany
from shared.tables import rate_bucket


def spend(session: Session, bucket: str, key: str, capacity: int, per_seconds: int) -> None:
    """Take one token from ``key``'s bucket, which holds ``capacity`` and refills in ``per_seconds``.

    Raises ``TooMany`` with the seconds until the next token. Use it in a transaction of its own:
    an attempt counts also when what follows fails.
    """
    at = now()
    values = {"bucket": bucket, "key": key, "tokens": float(capacity), "filled_at": at}
    insert_if_absent(session, rate_bucket, values, key=["bucket", "key"])
    mine = (rate_bucket.c.bucket == bucket) & (rate_bucket.c.key == key)
    row = session.execute(select(rate_bucket).where(mine).with_for_update()).one()
    rate = capacity / per_seconds
    elapsed = max(0.0, (at - row.filled_at).total_seconds())
    tokens = min(float(capacity), row.tokens + elapsed * rate)
    if tokens < 1.0:
        raise TooMany(retry_after=ceil((1.0 - tokens) / rate))
    session.execute(update(rate_bucket).where(mine).values(tokens=tokens - 1.0, filled_at=at))
