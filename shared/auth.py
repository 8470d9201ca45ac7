"""Who is asking: signed tokens, roles, and the one table per service that says who may call what.

Tokens are JSON Web Tokens (RFC 7519) signed with Ed25519 (RFC 8037). Keys come by file: every
``*.private.pem`` can sign (the newest name is used), every ``*.public.pem`` is accepted, so that two
can stand side by side while keys are rotated.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.clock import now
from shared.errors import Forbidden, Unauthorized

STUDENT = "student"
VOLUNTEER = "volunteer"
COORDINATOR = "coordinator"
ADMIN = "admin"
FRONT = "front"
ROLES = (STUDENT, VOLUNTEER, COORDINATOR, ADMIN)

ANYONE = frozenset({"*"})
SIGNED_IN = frozenset({STUDENT, VOLUNTEER, COORDINATOR, ADMIN})
STAFF = frozenset({COORDINATOR, ADMIN})
ON_SITE = frozenset({VOLUNTEER, COORDINATOR, ADMIN})
ADMINS = frozenset({ADMIN})
FRONT_ONLY = frozenset({FRONT})

ISSUER = "xiuhao"
ALGORITHM = "Ed25519"
TOKEN_SECONDS = 300
LEEWAY = timedelta(seconds=5)

Access = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Person:
    """Who is asking. ``id`` of the web front itself is ``front``."""

    id: str
    roles: frozenset[str]

    @property
    def is_staff(self) -> bool:
        """Tell whether this is a coordinator or an administrator."""
        return bool(self.roles & STAFF)

    def has(self, role: str) -> bool:
        """Tell whether this person has ``role``."""
        return role in self.roles


class TokenKeys:
    """The keys of a folder: the newest private one signs, all public ones are accepted."""

    def __init__(self, signing: OKPKey | None, accepted: KeySet) -> None:
        self.signing = signing
        self.accepted = accepted

    @classmethod
    def load(cls, folder: Path) -> "TokenKeys":
        """Read the keys of ``folder``."""
        public = [_key(path) for path in sorted(folder.glob("*.public.pem"))]
        private = [_key(path) for path in sorted(folder.glob("*.private.pem"))]
        if not public:
            raise FileNotFoundError(f"no *.public.pem in {folder}: make keys first (ensure_keys)")
        return cls(private[-1] if private else None, KeySet([*public]))

    def mint(self, person_id: str, roles: frozenset[str], seconds: int = TOKEN_SECONDS) -> str:
        """Return a token that says who its bearer is for the next ``seconds``."""
        if self.signing is None:
            raise RuntimeError("this process holds no signing key")
        issued = now()
        claims = {
            "iss": ISSUER,
            "sub": person_id,
            "roles": sorted(roles),
            "iat": int(issued.timestamp()),
            "exp": int((issued + timedelta(seconds=seconds)).timestamp()),
        }
        header = {"alg": ALGORITHM, "kid": self.signing.kid}
        return jwt.encode(header, claims, self.signing, algorithms=[ALGORITHM])

    def read(self, token: str) -> Person:
        """Return the bearer of a valid token; anything else is ``Unauthorized``."""
        try:
            claims = jwt.decode(token, self.accepted, algorithms=[ALGORITHM]).claims
            ends = int(claims["exp"])
            if claims["iss"] != ISSUER or ends < (now() - LEEWAY).timestamp():
                raise Unauthorized
            return Person(str(claims["sub"]), frozenset(map(str, claims["roles"])))
        except (JoseError, KeyError, TypeError, ValueError) as problem:
            raise Unauthorized from problem


def ensure_keys(folder: Path) -> None:
    """Make the suite's keys and secrets in ``folder`` unless they stand there already."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if not list(folder.glob("*.private.pem")):
        key = OKPKey.generate_key("Ed25519", private=True)
        _write(folder / "1.private.pem", key.as_pem(private=True))
        _write(folder / "1.public.pem", key.as_pem(private=False))
    for name in ("front.secret", "wall.key"):
        if not (folder / name).exists():
            _write(folder / name, secrets.token_hex(32).encode())


def wall_key(folder: Path) -> bytes:
    """Read the key that rotating codes are made with."""
    return (folder / "wall.key").read_bytes()


def install(app: Flask, keys: TokenKeys, access: Access) -> None:
    """Guard every endpoint of ``app`` by its table: what is not listed is nobody's."""
    app.extensions["access"] = access
    app.extensions["token_keys"] = keys

    @app.before_request
    def guard() -> None:
        g.person = _bearer(keys)
        if request.endpoint is None:
            return  # unknown path: the router answers 404
        allowed = access.get(request.endpoint)
        if allowed == ANYONE:
            return
        if g.person is None:
            raise Unauthorized
        if allowed is None or not allows(allowed, g.person.roles):
            raise Forbidden


def allows(allowed: frozenset[str], roles: frozenset[str]) -> bool:
    """Tell whether one of ``roles`` is among the allowed; an administrator counts as coordinator."""
    if ADMIN in roles:
        roles = roles | {COORDINATOR}
    return bool(allowed & roles)


def maybe_person() -> Person | None:
    """Return who is asking, or None."""
    person: Person | None = g.get("person")
    return person


def current_person() -> Person:
    """Return who is asking; nobody is ``Unauthorized``."""
    person = maybe_person()
    if person is None:
        raise Unauthorized
    return person


def token_keys() -> TokenKeys:
    """Return the keys of the current app."""
    keys: TokenKeys = current_app.extensions["token_keys"]
    return keys


def _bearer(keys: TokenKeys) -> Person | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return keys.read(token) if scheme.lower() == "bearer" and token else None


def _key(path: Path) -> OKPKey:
    key: Any = OKPKey.import_key(path.read_bytes(), {"use": "sig", "alg": ALGORITHM})
    key.ensure_kid()
    return key  # type: ignore[no-any-return]  # joserfc's loader is untyped


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
