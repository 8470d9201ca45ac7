"""Refusals: what the suite says when a rule stands in the way, in both languages."""

from collections.abc import Mapping
from typing import Any, ClassVar

FieldTexts = Mapping[str, tuple[str, str]]


class InBoth(str):
    """A value within a sentence that the two languages write differently; as plain text it is Chinese."""

    en: str

    def __new__(cls, zh: str, en: str) -> "InBoth":
        """Keep both."""
        made = super().__new__(cls, zh)
        made.en = en
        return made


class Refusal(Exception):
    """A rule said no.

    A subclass names the rule: its HTTP ``status``, a stable machine ``code`` and one kind sentence
    in each language. ``{placeholders}`` are filled from keyword arguments. ``fields`` maps a field's
    path (``devices.0.problem``) to its texts (zh, en).
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    zh: ClassVar[str] = "现在还不能这样做。"
    en: ClassVar[str] = "This cannot be done now."

    def __init__(self, *, fields: FieldTexts | None = None, **values: Any) -> None:
        self.values = values
        self.fields = dict(fields or {})
        super().__init__(f"{self.code} {values}" if values else self.code)

    def text(self, locale: str) -> str:
        """Return the sentence in ``locale`` (``zh`` or ``en``)."""
        if locale != "en":
            return self.zh.format(**self.values)
        return self.en.format(
            **{k: v.en if isinstance(v, InBoth) else v for k, v in self.values.items()}
        )

    def field_texts(self, locale: str) -> dict[str, str]:
        """Return each wrong field's sentence in ``locale``."""
        return {path: texts[locale == "en"] for path, texts in self.fields.items()}


class Unauthorized(Refusal):
    """Nobody is signed in, or the token has ended."""

    status = 401
    code = "sign_in_needed"
    zh = "请先登录。"
    en = "Please sign in first."


class Forbidden(Refusal):
    """Somebody is signed in, but this is not theirs to do."""

    status = 403
    code = "not_allowed"
    zh = "你的身份不能做这件事。"
    en = "Your role does not allow this."


class NotFound(Refusal):
    """There is no such thing, or it is somebody else's."""

    status = 404
    code = "not_found"
    zh = "没有找到，可能已经被移走了。"
    en = "Not found. It may have been moved away."


class Conflict(Refusal):
    """Two acts met, and the other one came first."""

    status = 409
    code = "conflict"
    zh = "刚才有人先改了这里，请看一下最新的内容再试。"
    en = "Somebody else changed this a moment ago. Please look at the newest version and try again."


class Stale(Refusal):
    """An edit was made against an older version (RFC 9110, If-Match)."""

    status = 412
    code = "stale"
    zh = "这里在你打开之后被别人改过。请核对最新内容，再保存一次。"
    en = "This was changed after you opened it. Please check the newest version and save again."


class Invalid(Refusal):
    """The input does not fit; the fields say where."""

    status = 422
    code = "invalid"
    zh = "有几处需要改一下。"
    en = "Some fields need another look."


class KeyReused(Refusal):
    """An idempotency key came back with another request."""

    status = 422
    code = "idempotency_key_reused"
    zh = "这份表单已经提交过，内容却变了。请刷新页面后再提交。"
    en = "This form was sent before with other content. Please reload the page and send it again."


class VersionNeeded(Refusal):
    """An edit must say which version it was made against (RFC 6585, 428)."""

    status = 428
    code = "version_needed"
    zh = "请先打开最新内容再修改（缺少 If-Match）。"
    en = "Say which version you edit (the If-Match header is missing)."


class TooMany(Refusal):
    """A limit of attempts was reached; ``retry_after`` says in how many seconds to come back."""

    status = 429
    code = "too_many"
    zh = "操作有点频繁，请在 {retry_after} 秒后再试。"
    en = "That was a little too often. Please try again in {retry_after} seconds."


class Away(Refusal):
    """Something needed is away for a moment (database, service)."""

    status = 503
    code = "away"
    zh = "服务暂时忙不过来，请稍后再试。你填写的内容没有丢。"
    en = "The service is away for a moment. Please try again shortly; nothing you typed is lost."
