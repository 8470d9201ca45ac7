"""The pick-up code of a message: derived when it is read or mailed, never in an event or a row."""

from pathlib import Path
from typing import Any

from shared.codes import readable_code


def with_code(params: dict[str, Any], keys: Path) -> dict[str, Any]:
    """Return params with the code of the device they speak of, where they speak of one.

    Booking derives it from the same key and the same words (see the schema of custody.ready.v1).
    """
    id = params.get("custody_id")
    if not id:
        return params
    code = readable_code((keys / "wall.key").read_bytes(), f"pick-up|{id}")
    return params | {"code": f"{code[:3]} {code[3:]}"}
