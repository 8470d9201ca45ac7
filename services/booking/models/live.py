"""Versions of what pages show: one row per topic, counted up in the transaction of each change."""

import threading
from collections.abc import Iterable

from sqlalchemy import String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.booking.models.base import Base
from shared.database import BigId

CHANGED = (
    threading.Event()
)  # wakes this process's live streams after a commit: a hint, not the truth


class LiveVersion(Base):
    """A topic (`session:<id>`) and how often what it shows has changed."""

    __tablename__ = "live_version"

    topic: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int] = mapped_column(BigId)


COUNT_UP = text(  # as text: SQLAlchemy compiles an INSERT with ON CONFLICT anew each time
    "INSERT INTO live_version (topic, version) VALUES (:topic, 1)"
    " ON CONFLICT (topic) DO UPDATE SET version = live_version.version + 1 RETURNING version"
)


def topic_of(session_id: str) -> str:
    """Return the topic that the pages of a session follow."""
    return f"session:{session_id}"


def touch(session: Session, session_id: str) -> int:
    """Say that a page of this session shows something new; return the new version.

    Call it as the last write of a transaction: it locks the topic's row until the commit.
    """
    session.flush()  # what is still pending is written before, not at the commit
    version = int(session.execute(COUNT_UP, {"topic": topic_of(session_id)}).scalar_one())
    session.info.setdefault("after_commit", []).append(CHANGED.set)
    return version


def version_of(session: Session, session_id: str) -> int:
    """Return the version of a session's pages, 0 before the first change."""
    topic = topic_of(session_id)
    return versions(session, [topic])[topic]


def versions(session: Session, topics: Iterable[str]) -> dict[str, int]:
    """Return the versions of several topics in one statement."""
    known = dict.fromkeys(topics, 0)
    wanted = select(LiveVersion.topic, LiveVersion.version).where(LiveVersion.topic.in_(known))
    known.update((topic, version) for topic, version in session.execute(wanted))
    return known
