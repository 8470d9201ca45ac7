"""`make compose-test`: build the images, bring docker-compose.yml up, run the main job, take it down.

Uses Docker where it runs. Elsewhere, as root on Debian, it installs podman and drives it through
the Compose binary of the development list; where no image registry can be reached, it makes the
base images from Debian packages. It prints how long each step took.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from deploy import engine
from deploy.local_servers import CannotInstall, free_port
from deploy.processes import ROOT
from deploy.secret_files import write

WORK = ROOT / "var" / "compose"
PROJECT = "xiuhao-test"
FIRST_ADMINISTRATOR = [
    "identity",
    "python",
    "-m",
    "services.identity.cli",
    "create-admin",
    "smoke-admin",
]


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say how long a step took."""
    started = time.monotonic()
    print(f"{name} …", flush=True)
    yield
    print(f"{name}: {time.monotonic() - started:.1f} s", flush=True)


def main() -> int:
    """Do it all; leave nothing running."""
    started = time.monotonic()
    try:
        with engine.ready(WORK, step) as containers:
            status = _try_it(containers)
    except (CannotInstall, engine.Failed) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"compose-test: {time.monotonic() - started:.0f} s in all")
    return status


def _try_it(containers: engine.Engine) -> int:
    write(WORK / "secrets")
    port = os.environ.get("COMPOSE_TEST_PORT") or str(free_port())
    url = f"http://127.0.0.1:{port}"
    images = {}
    with step("base images"):
        images = containers.base_images(ROOT / "deploy" / "docker" / "local")
    with step("application image"):
        containers.build(ROOT, images)
    file = ROOT / "docker-compose.yml"
    env = {
        **images,
        "APP_IMAGE": engine.APP,
        "SECRETS": str(WORK / "secrets"),
        "PORT": port,
        "PUBLIC_URL": url,
        "DEMO": "0",
    }
    try:
        with step("up"):
            containers.up(env, file, PROJECT)
        with step("main job through the proxy"):
            told = containers.inside(env, file, PROJECT, FIRST_ADMINISTRATOR)
            link = told.strip().splitlines()[-1]
            return containers.run([sys.executable, "-m", "deploy.smoke", url, link])
    finally:
        with step("down"):
            containers.down(env, file, PROJECT)


if __name__ == "__main__":
    sys.exit(main())
