"""What a container engine leaves mounted in its folder is found, the newest first."""

from pathlib import Path

from deploy.engine import mounts_below

MOUNTINFO = """\
22 1 0:20 / / rw,relatime - overlay overlay rw
31 22 0:29 / {folder}/storage/overlay rw - ext4 /dev/vda rw
32 31 0:30 / {folder}/storage/overlay/a\\040b/merged rw - overlay overlay rw
33 22 0:31 / {folder}/storage-of-others rw - tmpfs tmpfs rw
"""


def test_mounts_in_the_folder_are_found_the_newest_first(tmp_path: Path) -> None:
    storage = tmp_path / "storage"

    found = mounts_below(storage, MOUNTINFO.format(folder=tmp_path))

    assert found == [storage / "overlay/a b/merged", storage / "overlay"]
