"""Refusals of an import of records."""

from shared.errors import Conflict, Invalid


class UnreadableRecords(Invalid):
    """The file is none of Open Repair Data."""

    code = "unreadable_records"
    zh = "这个文件读不了：{why_zh}。"
    en = "This file cannot be read: {why_en}."


class NothingNew(Conflict):
    """All lines are known or cannot be taken."""

    code = "nothing_new"
    zh = "这个文件里没有新的记录。"
    en = "There is nothing new in this file."


class UndoneAlready(Conflict):
    """A batch is taken back once."""

    code = "undone_already"
    zh = "这一批已经撤回了。"
    en = "This batch was taken back already."
