"""Refusals about records of service hours."""

from shared.errors import Conflict, Invalid, NotFound


class NoSuchRecord(NotFound):
    """There is no such record, or it is somebody else's."""

    code = "no_such_record"
    zh = "没有找到这份记录单。"
    en = "There is no such record."


class BadStretch(Invalid):
    """The days of a record are in order, and not ahead."""

    code = "bad_stretch"
    zh = "日期范围不对。"
    en = "These days do not fit."


class NotValidAnyMore(Conflict):
    """A record is ended once."""

    code = "not_valid_any_more"
    zh = "这份记录单已经被换发或作废。"
    en = "This record was replaced or revoked already."


class IssuedAlready(Conflict):
    """Two who issue for the same person and days at once: one of them does."""

    code = "issued_already"
    zh = "刚刚有人给同一个人开了同一段时间的记录单，请刷新看看。"
    en = "Somebody has just issued a record for the same person and days. Please look again."
