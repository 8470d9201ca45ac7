"""Marshmallow building blocks that every API shares, and their messages in both languages."""

import re
import unicodedata
from datetime import datetime
from typing import Any

from marshmallow import RAISE, ValidationError, fields, validate
from marshmallow import Schema as MarshmallowSchema

from shared import clock
from shared.pagination import LIMIT, MOST

# control characters except tab and line feed; bidi marks stay: names are kept whole
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

MESSAGES: list[tuple[re.Pattern[str], str, str]] = [
    (re.compile(pattern), zh, en)
    for pattern, zh, en in [
        (r"Missing data for required field\.", "请填写这一项。", "Please fill this in."),
        (r"Field may not be null\.", "请填写这一项。", "Please fill this in."),
        (r"Unknown field\.", "没有这一项。", "There is no such field."),
        (r"Shorter than minimum length 1\.", "请填写这一项。", "Please fill this in."),
        (r"Shorter than minimum length (\d+)\.", r"至少需要 \1 个。", r"At least \1 needed."),
        (r"Longer than maximum length (\d+)\.", r"最多 \1 个。", r"At most \1 allowed."),
        (
            r"Length must be between (\d+) and (\d+)\.",
            r"需要 \1–\2 个。",
            r"Between \1 and \2, please.",
        ),
        (
            r"Must be greater than or equal to (\S+)\.",
            r"不能小于 \1。",
            r"Not less than \1, please.",
        ),
        (r"Must be less than or equal to (\S+)\.", r"不能大于 \1。", r"Not more than \1, please."),
        (
            r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.",
            r"请填 \1 到 \2 之间的数。",
            r"Between \1 and \2, please.",
        ),
        (r"Must be one of: (.+)\.", r"请从这些里选：\1。", r"Choose one of: \1."),
        (r"Not a valid integer\.", "请填整数。", "A whole number, please."),
        (r"Not a valid number\.", "请填数字。", "A number, please."),
        (r"Not a valid boolean\.", "请选是或否。", "Yes or no, please."),
        (r"Not a valid string\.", "请填文字。", "Text, please."),
        (r"Not a valid date\.", "日期看不懂，请写成 2026-11-25。", "Write the date as 2026-11-25."),
        (r"Not a time of day\.", "时间请写成 09:30 这样。", "Write the time as 09:30."),
        (r"Not a valid UUID\.", "编号无效。", "This is not a valid id."),
        (
            r"Not a valid email address\.",
            "邮箱地址看起来不对。",
            "This does not look like a mail address.",
        ),
        (
            r"Not an instant\.",
            "时间需要带时区，例如 2026-11-25T14:00:00+08:00。",
            "A time needs its offset, for example 2026-11-25T14:00:00+08:00.",
        ),
        (
            r"Control characters\.",
            "里面有看不见的控制字符，请重新输入。",
            "It contains invisible control characters; please type it again.",
        ),
        (r"Invalid input type\.", "格式不对。", "This has the wrong shape."),
        (r"Not a valid list\.", "这里需要一个列表。", "A list, please."),
    ]
]


def say(message: str, locale: str) -> str:
    """Return a validation message in ``locale``; one we do not know is returned as it is."""
    for pattern, zh, en in MESSAGES:
        if match := pattern.fullmatch(message):
            return match.expand(en if locale == "en" else zh)
    return message


class Schema(MarshmallowSchema):
    """A strict shape: unknown fields are refused (APIs are strict, consumers tolerant)."""

    class Meta:
        """Refuse what is not listed."""

        unknown = RAISE


class Instant(fields.Field[datetime]):
    """An RFC 3339 instant with offset; a naive one is refused. UTC with ``Z`` on the way out."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"type": "string", "format": "date-time", **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)

    def _serialize(self, value: Any, attr: Any, obj: Any, **_: Any) -> str | None:
        if value is None:
            return None
        return value if isinstance(value, str) else clock.iso(value)

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> datetime:
        try:
            return clock.parse(value)
        except (ValueError, TypeError, OverflowError) as problem:
            raise ValidationError("Not an instant.") from problem


class PersonText(fields.String):
    """Text that a person typed: kept as typed, trimmed at the ends, without control characters.

    ``most`` counts characters; ``lines`` allows line feeds. Nothing is normalised.
    """

    def __init__(self, most: int, *, least: int = 0, lines: bool = False, **kwargs: Any) -> None:
        self._lines = lines
        lengths = [validate.Length(max=most)]
        if least:  # a check of its own: an empty field is asked for, not counted
            lengths.append(validate.Length(min=least))
        super().__init__(validate=lengths, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).replace("\r\n", "\n").strip()
        if FORBIDDEN.search(text) or (not self._lines and "\n" in text):
            raise ValidationError("Control characters.")
        return text


class LocalTextShape(Schema):
    """The same text in both languages; English may be left empty and then falls back."""

    zh = PersonText(200, least=1, required=True)
    en = PersonText(200, load_default="")


class LongLocalTextShape(Schema):
    """Longer text in both languages."""

    zh = PersonText(4000, lines=True, load_default="")
    en = PersonText(4000, lines=True, load_default="")


class LocalText(fields.Nested):
    """``{"zh": …, "en": …}``."""

    def __init__(self, *, long: bool = False, **kwargs: Any) -> None:
        super().__init__(LongLocalTextShape if long else LocalTextShape, **kwargs)


class PageQuery(Schema):
    """Where in a list to start, and how many to give."""

    cursor = fields.String(load_default=None)
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, MOST))


def page_of(item: type[MarshmallowSchema]) -> type[MarshmallowSchema]:
    """Return the shape of one page of ``item``."""
    name = item.__name__.removesuffix("Schema") + "Page"
    members: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next_cursor": fields.String(allow_none=True, required=True),
    }
    made: type[MarshmallowSchema] = Schema.from_dict(members, name=name)
    return made


def searchable(text: str) -> str:
    """Return the form in which names are compared: NFC and case-folded (never NFKC)."""
    return unicodedata.normalize("NFC", text).casefold().strip()
