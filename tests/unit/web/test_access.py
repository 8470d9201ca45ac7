"""Who may open which page: every page is either public by name, or guarded."""

from pathlib import Path

import pytest
from flask import Flask

from services.web.app import create_app
from services.web.settings import read_settings
from shared.auth import ensure_keys

PUBLIC = {
    "static",
    "gateway.api",
    "gateway.live",
    "public.healthz",
    "public.home",
    "public.sessions",
    "public.programme",
    "public.privacy",
    "public.qr",
    "service_records.verify",
    "account.sign_in",
    "account.register",
    "account.leave",
    "account.forgot",
    "account.reset",
    "sessions.show",
    "sessions.training",
    "sessions.fragment",
    "book.device",
    "book.time",
    "book.remove",
    "places.show",  # booking decides: the owner, the desk, or whoever holds the key of the link
    "places.fragment",
    "places.leave",
    "feedback.ask",  # likewise
    "feedback.withdraw",
    "turns.put_off",
    "turns.switch",
    "opening.draw",  # anybody can recompute it
    "places.feed",  # a secret in the address
    "impact.impact",  # counts without people
    "impact.report_pdf",
    "go.arrive",  # asks to sign in by itself, in words that fit the wall's code
}
ROLES = {"signed_in", "volunteer", "coordinator", "admin"}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("front")
    ensure_keys(folder / "keys")
    settings = read_settings({"DATA_DIR": str(folder), "DEMO": "1"})
    names = ("catalog", "booking", "roster", "notify", "identity")
    return create_app(settings, dict.fromkeys(names, "http://127.0.0.1:9"))


def test_every_page_is_guarded_or_public_by_name(front: Flask) -> None:
    needs = {name: getattr(view, "needs", None) for name, view in front.view_functions.items()}

    open_to_all = {name for name, roles in needs.items() if roles is None}

    assert open_to_all == PUBLIC


def test_a_guard_names_roles_that_exist(front: Flask) -> None:
    named = {role for view in front.view_functions.values() for role in getattr(view, "needs", ())}

    assert named <= ROLES


def test_staff_pages_need_a_staff_role(front: Flask) -> None:
    loose = []
    for rule in front.url_map.iter_rules():
        roles = set(getattr(front.view_functions[rule.endpoint], "needs", ()))
        staffed = rule.rule.startswith(("/manage", "/desk", "/wall", "/fragments"))
        if staffed and not roles <= {"coordinator", "admin", "volunteer"}:
            loose.append(rule.rule)

    assert loose == []
