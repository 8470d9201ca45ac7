"""How a quiz is drawn and marked."""

from typing import Any

from services.booking.models.quiz_paper import draw, passes


def question(key: str) -> dict[str, Any]:
    choices = [{"zh": one, "en": ""} for one in ("先断电", "先拆开", "以上都是")]
    return {"key": key, "choices": choices, "right": [0], "text": {"zh": "先做什么", "en": ""}}


def test_the_mark_is_reached_in_whole_numbers() -> None:
    assert passes(4, 5, 80)
    assert not passes(2, 3, 67)
    assert passes(2, 3, 66)


def test_a_draw_is_the_same_for_the_same_seed_and_keeps_the_order_of_choices() -> None:
    many = [question(str(n)) for n in range(20)]

    first, again, other = draw(many, 5, "x"), draw(many, 5, "x"), draw(many, 5, "y")

    assert first == again != other
    assert len({one["key"] for one in first}) == 5
    assert first[0]["choices"] == many[0]["choices"]
