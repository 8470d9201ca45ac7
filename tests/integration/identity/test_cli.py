"""Operator commands of identity, as they are typed."""

from pathlib import Path

import pytest

from services.identity import cli
from shared.auth import ensure_keys


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url) -> pytest.MonkeyPatch:
    """A machine with an empty database where the demo is off."""
    ensure_keys(tmp_path / "keys")
    for name, value in {
        "IDENTITY_DATABASE_URL": database_url(None, "sqlite"),
        "DATA_DIR": str(tmp_path),
        "TOKEN_KEYS": str(tmp_path / "keys"),
        "PUBLIC_URL": "https://xiuhao.example.edu.cn",
        "DEMO": "0",
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_first_administrator_is_made_on_an_empty_database(machine, capsys):
    assert cli.main(["create-admin", "chief", "--name", "王主任"]) == 0

    said = capsys.readouterr().out
    assert "chief is an administrator" in said
    assert "https://xiuhao.example.edu.cn/reset/" in said


def test_a_login_that_cannot_be_one_is_explained(machine, capsys):
    assert cli.main(["create-admin", "not a login"]) == 1

    assert "A login has 2 to 64 letters" in capsys.readouterr().err


def test_demo_people_are_refused_where_the_demo_is_off(machine, capsys):
    assert cli.main(["demo-people"]) == 1
    assert "Demo people exist only in the demo" in capsys.readouterr().err

    machine.setenv("DEMO", "1")
    assert cli.main(["demo-people"]) == 0
    assert "student12" in capsys.readouterr().out


def test_dead_letters_can_be_shown_though_identity_listens_to_nothing(machine, capsys):
    cli.main(["migrate"])

    assert cli.main(["dead-letters", "show"]) == 0
    assert "0 dead letters" in capsys.readouterr().err
