"""Debian's Chromium with a Chinese font, for tests that look at pages."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from deploy.local_servers import debian

PACKAGES = ["chromium", "fonts-noto-cjk", "libatomic1"]  # the last one for Playwright's driver
FONT = "usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


@dataclass(frozen=True)
class Chromium:
    """The browser's program and the environment it runs in."""

    program: Path
    env: dict[str, str]


def find_chromium(root: Path = Path("/")) -> Chromium | None:
    """Return a Chromium below the root folder with what it needs beside it, or None."""
    if not (root / FONT).exists() or not list(root.glob("usr/lib/*-linux-gnu/libatomic.so.1")):
        return None
    if root == Path("/"):
        named = os.environ.get("CHROMIUM") or shutil.which("chromium")
        return Chromium(Path(named), {}) if named else None
    fonts = {"XDG_DATA_HOME": f"{root}/usr/share", "FONTCONFIG_PATH": f"{root}/etc/fonts"}
    program = root / "usr/lib/chromium/chromium"
    return Chromium(program, {**debian.library_path(root), **fonts}) if program.exists() else None


def provide_chromium() -> Chromium:
    """Find the browser, installing Debian's packages when there is none."""
    found = find_chromium() or find_chromium(debian.provide(PACKAGES))
    if found is None:
        raise debian.CannotInstall("Debian's chromium package brought no browser.")
    return found
