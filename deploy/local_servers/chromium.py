"""Debian's Chromium with a Chinese font, for tests that look at pages."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from deploy.local_servers import debian

PACKAGES = ["chromium", "fonts-noto-cjk"]
FONT = "usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


@dataclass(frozen=True)
class Chromium:
    """The browser's program and the environment it runs in."""

    program: Path
    env: dict[str, str]


def find_chromium(root: Path = Path("/")) -> Chromium | None:
    """Return a Chromium below the root folder with a Chinese font, or None."""
    program = root / "usr/lib/chromium/chromium"
    named = os.environ.get("CHROMIUM")
    if root == Path("/"):
        wrapper = named or shutil.which("chromium")
        if named or (wrapper and (root / FONT).exists()):
            return Chromium(Path(str(wrapper)), {})
        return None
    if not program.exists():
        return None
    return Chromium(
        program, {**debian.library_path(root), "XDG_DATA_HOME": str(root / "usr/share")}
    )


def provide_chromium() -> Chromium:
    """Find the browser, installing Debian's packages when there is none."""
    found = find_chromium() or find_chromium(debian.provide(PACKAGES))
    if found is None:
        raise debian.CannotInstall("Debian's chromium package brought no browser.")
    return found
