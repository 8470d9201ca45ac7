"""Rules of the code base that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, calls, modules, tree, words

OURS = ("deploy", "services", "shared", "tests")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
BUSINESS = (
    "appointment|enrolment|waitlist|slot|shift|assignment|ticket|visit|walk_in|bench|venue|offering"
    "|programme|repair|training|roster|booking"
)


@pytest.mark.parametrize("path", modules(*OURS), ids=str)
def test_every_module_says_what_lives_in_it(path: Path) -> None:
    module = tree(path)

    assert not module.body or ast.get_docstring(module), f"{path} starts without a docstring"


@pytest.mark.parametrize("path", modules("deploy", "services", "shared"), ids=str)
def test_files_and_functions_stay_short(path: Path) -> None:
    lines = (ROOT / path).read_text("utf-8").count("\n")
    functions = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and "migrations" not in path.parts
    ]
    long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= LONGEST_FUNCTION]

    assert lines < LONGEST_FILE or "migrations" in path.parts, f"{path} has {lines} lines"
    assert not long, f"{path}: {', '.join(long)} have more than {LONGEST_FUNCTION} lines"


def where(pattern: str, *folders: str) -> set[str]:
    regex = re.compile(pattern)
    return {str(path) for path in modules(*folders) if any(regex.fullmatch(c) for c in calls(path))}


def test_only_the_database_module_commits() -> None:
    assert where(r".*\.commit", "services", "shared", "deploy") <= {"shared/database.py"}


def test_only_settings_read_the_environment() -> None:
    found = where(r"os\.(environ|getenv)(\..*)?", "services", "shared")

    assert {path for path in found if not path.endswith("settings.py")} == set()


def test_only_the_clock_reads_the_wall_clock() -> None:
    clocks = r"(.*\.)?(datetime\.(now|utcnow|today)|date\.today)|time\.time"

    assert where(clocks, "services", "shared") <= {"shared/clock.py"}


@pytest.mark.parametrize("path", modules("shared"), ids=str)
def test_the_plumbing_knows_no_word_of_the_business(path: Path) -> None:
    known = re.compile(rf"(^|_|\W)({BUSINESS})s?($|_|\W)", re.IGNORECASE)

    assert {word for word in words(path) if known.search(word)} == set()


def test_no_test_file_is_left_uncollected() -> None:
    helpers = ("support", "conftest.py", "__init__.py", "source.py", "builders.py")
    strays = [
        path
        for path in modules("tests")
        if not path.name.startswith("test_")
        and any(
            isinstance(n, ast.FunctionDef) and n.name.startswith("test_") for n in tree(path).body
        )
        and not any(part in helpers for part in path.parts)
    ]

    assert strays == []


PROCESSES = [path for path in modules("services") if path.name == "wsgi.py"]


@pytest.mark.parametrize("path", [*PROCESSES, Path("services/booking/live.py")], ids=str)
def test_every_web_process_takes_the_clock_that_its_settings_name(path: Path) -> None:
    named = [
        node.func.id
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]

    assert "configure_clock" in named, f"{path} shows the machine's time in a simulated suite"
