"""The rules that notify can see broken, in both languages."""

from shared.errors import Conflict, Invalid, NotFound


class PersonErased(Conflict):
    """The person asked to be forgotten."""

    code = "person_erased"
    zh = "这位用户已经注销，不再保存联系方式。"
    en = "This person has left; contact details are no longer kept."


class UnknownTemplate(Invalid):
    """Only named messages can be sent, not free text."""

    code = "unknown_template"
    zh = "没有这种消息模板：{template}。"
    en = "There is no such message: {template}."


class WrongParams(Invalid):
    """A message needs exactly the values its text speaks of."""

    code = "wrong_params"
    zh = "这条消息需要且只需要这些内容：{needed}。"
    en = "This message needs exactly these values: {needed}."


class NoSuchDelivery(NotFound):
    """There is no such delivery."""

    code = "delivery_not_found"
    zh = "没有找到这条送达记录。"
    en = "There is no such delivery."


class NotToBeSentAgain(Conflict):
    """Only what did not arrive can be sent again."""

    code = "delivery_not_open"
    zh = "这条消息已经送达或正在发送，不用再发一次。"
    en = "This message has arrived or is on its way; it need not be sent again."


class NoSuchEntry(NotFound):
    """There is no such calendar entry, or it is somebody else's."""

    code = "calendar_entry_not_found"
    zh = "没有找到这一项日程。"
    en = "There is no such calendar entry."


class NoSuchFeed(NotFound):
    """The feed's secret was renewed, or never existed."""

    code = "feed_not_found"
    zh = "这个日历订阅地址已经失效，请在“我的”页面重新复制。"
    en = "This calendar address has ended. Please copy the new one from your page."
