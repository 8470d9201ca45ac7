"""Times of day on the wire: HH:MM at the venue, 24:00 for midnight at the end of a day."""

import re
from typing import Any

from marshmallow import ValidationError, fields

SHAPE = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


class ClockTime(fields.Field[int]):
    """A time of day; minutes since midnight inside, HH:MM outside."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"type": "string", "pattern": f"^({SHAPE.pattern})$", "example": "14:00"}
        super().__init__(metadata={**metadata, **kwargs.pop("metadata", {})}, **kwargs)

    def _serialize(self, value: Any, attr: Any, obj: Any, **_: Any) -> str | None:
        return None if value is None else f"{value // 60:02}:{value % 60:02}"

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> int:
        if not isinstance(value, str) or not SHAPE.fullmatch(value):
            raise ValidationError("Not a time of day.")
        return int(value[:2]) * 60 + int(value[3:])
