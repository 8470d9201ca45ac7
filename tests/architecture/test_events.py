"""Every event has a schema, an example that fits it, and somebody who listens."""

import ast
import json
import re
from importlib import import_module
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.architecture.source import ROOT, SERVICES, modules, tree

TYPE = re.compile(r"[a-z_]+\.[a-z_]+\.v\d+")


def schemas() -> list[Path]:
    return sorted(ROOT.glob("services/*/contracts/*.schema.json"))


def owned() -> dict[str, str]:
    return {path.name.removesuffix(".schema.json"): path.parts[-3] for path in schemas()}


def announced(service: str) -> list[str]:
    """The event types a service's code names, with `*` where a name is put together."""
    found = set()
    for path in modules(f"services/{service}"):
        if path.parts[2].split(".")[0] not in ("events", "use_cases"):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and TYPE.fullmatch(str(node.value)):
                found.add(str(node.value))
            if isinstance(node, ast.JoinedStr):
                parts = [p.value if isinstance(p, ast.Constant) else "*" for p in node.values]
                text = "".join(map(str, parts))
                found |= {text} if re.fullmatch(r"[a-z_*]+\.[a-z_*]+\.v\d+", text) else set()
    return sorted(found)


@pytest.mark.parametrize("service", SERVICES)
def test_every_event_that_is_announced_has_a_schema(service: str) -> None:
    mine = [type for type, owner in owned().items() if owner == service]

    for name in announced(service):
        pattern = re.compile(re.escape(name).replace(r"\*", "[a-z_]+"))
        assert any(pattern.fullmatch(type) for type in mine), f"{name} has no schema"


@pytest.mark.parametrize("path", schemas(), ids=lambda path: path.name)
def test_every_schema_has_an_example_that_fits(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    example = path.with_name(path.name.replace(".schema.json", ".example.json"))

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(example.read_text("utf-8")))


def test_every_example_belongs_to_a_schema() -> None:
    for example in ROOT.glob("services/*/contracts/*.example.json"):
        assert example.with_name(example.name.replace(".example.", ".schema.")).exists()


def test_every_event_has_an_owner_and_a_reader() -> None:
    read = {
        type
        for service in SERVICES
        for type in import_module(f"services.{service}.consumers").HANDLERS
    }

    assert read - set(owned()) == set(), "these are listened to, and nobody announces them"
    assert set(owned()) - read == set(), "these would come back undeliverable"
