"""Refusals of identity: each names the rule that was broken, in both languages."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Unauthorized


class SignInRefused(Unauthorized):
    """Unknown account, wrong password, no password yet: one answer for all of them."""

    code = "sign_in_refused"
    zh = "账号或密码不对。请检查后再试，或重新设置密码。"
    en = "The account or the password is not right. Please check both, or reset the password."


class SignInEnded(Unauthorized):
    """The sign-in session was ended, is too old, or never was."""

    code = "sign_in_ended"
    zh = "登录已经结束，请重新登录。"
    en = "Your sign-in has ended. Please sign in again."


class FrontRefused(Unauthorized):
    """The front's secret does not match."""

    code = "front_refused"
    zh = "前端密钥不对。"
    en = "The secret of the front is not right."


class LoginTaken(Conflict):
    """Somebody has this login already (letters in upper and lower case are the same)."""

    code = "login_taken"
    zh = "这个账号已经有人用了，请换一个，或直接登录。"
    en = "This login is taken. Please choose another one, or sign in."


class BadLogin(Invalid):
    """The login has characters that a login cannot have."""

    code = "bad_login"


class WeakPassword(Invalid):
    """The password is too easy to guess."""

    code = "weak_password"


class WrongOldPassword(Invalid):
    """The old password, asked for before a change, is not right."""

    code = "wrong_old_password"
    zh = "原密码不对。"
    en = "The old password is not right."


class LinkEnded(Refusal):
    """A reset link is unknown, used or older than an hour."""

    status = 410
    code = "link_ended"
    zh = "这个链接已经用过或过期了，请重新申请。"
    en = "This link was used or has ended. Please ask for a new one."


class LastAdministrator(Conflict):
    """The suite never stands without an administrator."""

    code = "last_administrator"
    zh = "这是最后一位管理员。请先让另一个人成为管理员。"
    en = "This is the last administrator. Please make somebody else an administrator first."


class RoleNotYours(Forbidden):
    """Coordinators add students and volunteers; only administrators give the other roles."""

    code = "role_not_yours"
    zh = "只有管理员可以授予协调员或管理员角色。"
    en = "Only an administrator can give the role of coordinator or administrator."


class NoSuchPerson(NotFound):
    """There is nobody with this id."""

    code = "no_such_person"
    zh = "没有找到这个人。"
    en = "There is no such person."


class PersonErased(Conflict):
    """The person's data was erased: nothing about them can change any more."""

    code = "person_erased"
    zh = "这个人的资料已经注销，不能再修改。"
    en = "This person's data was erased and cannot change any more."


class DemoRefused(Refusal):
    """Demo people exist only in the demo."""

    status = 403
    code = "demo_refused"
    zh = "演示账号只在演示模式（DEMO=1）下存在。"
    en = "Demo people exist only in the demo (DEMO=1)."


class UnreadableFile(Invalid):
    """The imported file cannot be read as a table."""

    code = "unreadable_file"
