"""What stands in the repository: locks without addresses, documented settings, the same shape."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from deploy.processes import read_env
from tests.architecture.source import ROOT, SERVICES, committed, modules, tree

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
SETTING = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
REGISTRIES = r"files\.pythonhosted\.org|pypi\.org/simple|registry\.npmjs|/packages/[0-9a-f]{2}/"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")
    pinned = re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)

    assert "://" not in text
    assert pinned
    assert len(re.findall(r"^[\w.\[\]-]+==[^\n]*\\\n    --hash=", text, re.MULTILINE)) == len(
        pinned
    )


def test_no_file_names_a_registry() -> None:
    mine = Path(__file__).relative_to(ROOT)
    texts = [
        path for path in committed() if path.suffix in ("", ".txt", ".toml", ".yml", ".cfg", ".sh")
    ]
    naming = [
        str(path)
        for path in texts
        if path != mine and re.search(REGISTRIES, (ROOT / path).read_text("utf-8", "replace"))
    ]

    assert naming == []
    assert not [path for path in committed() if path.name in ("uv.lock", "pylock.toml")]


def settings_in_code() -> set[str]:
    """Every name that a settings module reads from the environment."""
    found: set[str] = set()
    for path in modules("services", "shared"):
        if path.name != "settings.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
                found |= {str(text) for text in texts if SETTING.fullmatch(str(text))}
    return found


def test_every_setting_is_documented() -> None:
    text = (ROOT / "deploy/README.md").read_text("utf-8")
    documented = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", text))
    for service in (*SERVICES, "web", "live"):
        documented |= {f"{service.upper()}_{end}" for end in ("URL", "PORT", "WORKER_PORT")}
        documented |= {f"{service.upper()}_DATABASE_URL"}
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    given = {
        name.removesuffix("_FILE") if name.endswith("URL_FILE") else name
        for service in compose["services"].values()
        for name in service.get("environment", {})
    }

    needed = settings_in_code() | set(read_env(over={})) | given
    assert needed - documented == set()


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_folders(service: str) -> None:
    folder = ROOT / "services" / service

    for name in (
        "README.md",
        "contracts",
        "migrations",
        "migrations/versions",
        "migrations/env.py",
    ):
        assert (folder / name).exists(), f"services/{service}/{name} is missing"


def test_no_file_holds_unfinished_business() -> None:
    unfinished = re.compile(r"\b(TODO|FIXME|XXX)\b")
    found = [
        str(path)
        for path in committed()
        if path.suffix in (".py", ".html", ".css", ".yml")
        and "tests" not in path.parts
        and unfinished.search((ROOT / path).read_text("utf-8"))
    ]

    assert found == []
