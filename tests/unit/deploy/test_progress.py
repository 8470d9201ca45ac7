"""A long command says how far it is, also where nobody sees a bar."""

import io

from deploy.progress import Lines, shown


def test_without_a_terminal_a_line_is_written_now_and_then_and_at_the_end() -> None:
    out, at = io.StringIO(), [0.0]
    lines = Lines(out, 200, "devices", now=lambda: at[0])

    for many, seconds in ((50, 5.0), (50, 16.0), (50, 20.0), (50, 25.0)):
        at[0] = seconds
        lines.update(many)

    assert out.getvalue().splitlines() == [
        "   100 of 200 devices   50%      16 s",
        "   200 of 200 devices  100%      25 s",
    ]


def test_a_file_gets_lines_and_no_bar() -> None:
    out = io.StringIO()

    with shown(out, 3, "device") as done:
        done(1)
        done(2)

    assert out.getvalue() == "     3 of 3 devices  100%       0 s\n"
