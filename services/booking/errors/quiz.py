"""Refusals around the quiz after a training."""

from shared.errors import Invalid, Refusal


class NotAttended(Refusal):
    """The quiz is for who was at the training."""

    code = "not_attended"
    zh = "参加过这次培训（已签到）才能做小测验。"
    en = "The quiz is for those who attended this training."


class NoQuiz(Refusal):
    """The training has no quiz, or it is switched off."""

    code = "no_quiz"
    zh = "这个培训现在没有小测验。"
    en = "This training has no quiz at the moment."


class QuizPassed(Refusal):
    """Who has completed a training needs no further attempt."""

    code = "quiz_passed"
    zh = "你已经通过了，不用再做。"
    en = "You have passed already; there is nothing more to do."


class TriedEnough(Refusal):
    """So many attempts in so many hours."""

    code = "tried_enough"
    zh = "{hours} 小时内最多做 {attempts} 次。{at} 以后可以再做，先看看讲义吧。"
    en = "At most {attempts} tries in {hours} hours. You can try again from {at}; have a look at the materials meanwhile."


class AttemptUnderWay(Refusal):
    """One attempt at a time: it was begun on another device this moment."""

    code = "attempt_under_way"
    zh = "刚才在另一台设备上已经开始了，接着做那一份就好。"
    en = "It was begun on another device a moment ago. Please go on with that one."


class AttemptOver(Refusal):
    """Answers are sent once."""

    code = "attempt_over"
    zh = "这一份已经交过了。"
    en = "These answers were sent already."


class AnswersUnfit(Invalid):
    """Something is not answered, or in a way that cannot be."""

    code = "answers_unfit"
    zh = "有几题还要看一下，你选的都还在。"
    en = "Some questions need another look; what you chose is still there."
