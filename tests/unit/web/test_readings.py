"""What people type off an instrument or a receipt is read as they mean it, or asked for again."""

import pytest
from flask import Flask

from services.web.forms import Form
from services.web.readings import OVER, cents, reading


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0.12", 0.12), ("0,12", 0.12), ("０．１２", 0.12), (" 0.12 Ω ", 0.12), ("0.35mA", 0.35),
        (">500", 500.0), ("≥ 500 MΩ", 500.0), ("<0.01", 0.01), ("OL", OVER), ("∞", OVER),
        ("", None), ("200", 200.0),
    ],
)  # fmt: skip
def test_a_reading_is_read_as_it_is_meant(typed: str, meant: float | None) -> None:
    form = Form({"ohm": typed})

    assert reading(form, "ohm") == meant
    assert form.ok


@pytest.mark.parametrize("typed", ["很小", "-1", "1.2.3", "0.1 0.2x", "1e9", "nan", "9999999"])
def test_what_is_no_reading_is_asked_for_again(typed: str) -> None:
    with Flask(__name__).test_request_context():
        form = Form({"ohm": typed})

        assert reading(form, "ohm") is None
        assert form.errors["ohm"]


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("3.5", 350), ("3,50", 350), ("¥12", 1200), ("０．０５元", 5), ("", None), ("0", 0)],
)
def test_money_is_kept_in_fen(typed: str, fen: int | None) -> None:
    assert cents(Form({"cost": typed}), "cost") == fen


@pytest.mark.parametrize("typed", ["-1", "1.234", "便宜", "1000000"])
def test_what_is_no_amount_is_asked_for_again(typed: str) -> None:
    with Flask(__name__).test_request_context():
        form = Form({"cost": typed})

        assert cents(form, "cost") is None
        assert form.errors["cost"]
