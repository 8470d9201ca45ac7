"""What the desk's acts share: coming back to the desk, and the key of the form that was sent."""

from typing import Any

from flask import redirect, request, url_for


def back(session_id: str) -> Any:
    """To the desk again."""
    return redirect(url_for("desk.show", session_id=session_id), 303)


def form_key() -> str:
    """The key of the form that was sent."""
    return request.form.get("idempotency_key", "")
