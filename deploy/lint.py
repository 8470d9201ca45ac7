"""Every cheap check of the code base, one after the other; says how long each took."""

import subprocess
import sys
import time
from pathlib import Path

COMPOSE = "docker-compose.yml"
DOCKERFILE = "deploy/docker/Dockerfile"
CHECKS = {
    "style": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "layers": ["lint-imports"],
    "yaml": ["yamllint", "--strict", COMPOSE, ".yamllint", "deploy"],
    "dockerfile": ["hadolint", "--ignore", "DL3008", DOCKERFILE],
    "compose": ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE],
}


def main() -> int:
    """Run every check, show the output of those that fail, return how many did."""
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    failed += [] if _javascript_parses() else ["javascript"]
    print(f"lint: {', '.join(failed)} failed" if failed else "lint: all checks passed")
    return len(failed)


def _passes(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:<12}{verdict:<8}{time.monotonic() - started:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def _javascript_parses() -> bool:
    """Refuse scripts with a byte-order mark or a merge conflict (there is no Node to parse them)."""
    own = [path for path in Path("services/web/static").rglob("*.js") if "vendor" not in path.parts]
    bad = [path for path in own if path.read_text("utf-8").startswith(("\ufeff", "<<<<<<<"))]
    for path in bad:
        print(f"{path} is no clean script")
    return not bad


if __name__ == "__main__":
    sys.exit(main())
