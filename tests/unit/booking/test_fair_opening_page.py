"""The ten lines of the documentation are the ones that people download."""

from tests.architecture.source import ROOT


def test_the_script_of_the_page_is_the_one_to_download_and_has_ten_lines() -> None:
    page = (ROOT / "docs/fair-opening.md").read_text("utf-8")
    script = page.split("```python\n")[1].split("```")[0]

    assert script == (ROOT / "services/web/static/recompute.txt").read_text("utf-8")
    assert len([line for line in script.splitlines() if line]) == 10
