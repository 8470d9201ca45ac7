"""The code base as data: modules, their syntax trees, committed files."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("booking", "catalog", "identity", "notify", "roster")


@cache
def modules(*folders: str) -> list[Path]:
    """Return the Python files below these folders, relative to the project."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path.relative_to(ROOT) for path in found)


@cache
def tree(path: Path) -> ast.Module:
    """Parse a module."""
    return ast.parse((ROOT / path).read_text("utf-8"))


@cache
def committed() -> list[Path]:
    """Return every file that is, or is about to be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:  # an unpacked archive: everything that is not made here
        return [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
    return [Path(line) for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def docstrings(module: ast.Module) -> set[int]:
    """Return the ids of the constants that are docstrings."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = set()
    for node in ast.walk(module):
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr):
            found.add(id(node.body[0].value))
    return found


def words(path: Path) -> set[str]:
    """Return the names and strings of a module, without its docstrings and comments."""
    module = tree(path)
    skipped = docstrings(module)
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set() if id(node) in skipped else {node.value}
        for attribute in ("id", "attr", "arg", "name"):
            value = getattr(node, attribute, None)
            if isinstance(value, str):
                found.add(value)
    return found


def calls(path: Path) -> set[str]:
    """Return the dotted names a module calls or reads: `datetime.now`, `os.environ`."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            found.add(ast.unparse(node))
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found
