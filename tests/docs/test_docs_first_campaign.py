"""Does the newcomer's page do what it says? Its commands are run, in their order."""

import re
from pathlib import Path

import pytest

from outreach.app import Outreach
from outreach.enrolments.enrol import enrol
from outreach.settings import Settings
from tests import builders as b
from tests.cli.conftest import Run, bare, run

PAGE = (Path(__file__).parents[2] / "docs" / "first-campaign.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|yaml|json)\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)

__all__ = ["bare", "run"]  # fixtures


def plan(app: Outreach) -> None:
    """What a worker does meanwhile."""
    brand = app.brand("lumen")
    with app.means.database.begin(brand) as tx:
        enrol(tx, app.means.book, brand, now=app.means.clock())


def edit(folder: Path) -> None:
    """What the reader does before the second import."""
    file = folder / "campaigns" / "first-days.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("after: 2 h", "after: 3 h"), encoding="utf-8")


@pytest.mark.long
def test_the_page_can_be_followed(
    app: Outreach, run: Run, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are saved, commands are run; a worker plans and the reader edits in between."""
    monkeypatch.chdir(tmp_path)
    files = iter(["brand.yaml", "people.ndjson", "events.ndjson"])
    owner = settings.database_url.replace("outreach_app", "outreach_owner")
    after = {
        "events import events.ndjson": lambda: plan(app),
        "campaigns resume": lambda: edit(tmp_path),
    }
    said: dict[str, str] = {}
    for kind, text in BLOCKS:
        if kind != "sh":
            written = text.replace("TODAY", f"{b.NOON:%Y-%m-%d}")
            (tmp_path / next(files)).write_text(written, encoding="utf-8")
            continue
        for command in (line.removeprefix("outreach ") for line in text.splitlines()):
            done = run(*command.split(), OUTREACH_OWNER_DATABASE_URL=owner)
            assert (command, done.code) == (command, 0), done.err
            said[command] = done.out
            for begins, deed in after.items():
                if command.startswith(begins):
                    deed()
    assert said["touches list --brand lumen"].count("first-days") == 2
    assert "lesson-1.after: 2 h → 3 h" in said["campaigns diff first-days --brand lumen"]
    assert "1 passages were moved" in said["campaigns activate first-days --move --brand lumen"]
    assert "2 touches are cancelled" in said["campaigns end first-days --brand lumen"]
