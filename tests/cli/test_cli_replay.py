"""Does the command line let days pass again, on a server that it starts for that?"""

import json
from pathlib import Path

import pytest

from outreach.app import Outreach
from tests import builders as b
from tests.cli.conftest import Run


def test_a_question_without_days_or_with_half_of_them_is_refused(app: Outreach, run: Run) -> None:
    """Before a server is started."""
    b.a_brand(app)
    half = run("replay", "news", "-b", "lumen", "--from", "2026-03-01T00:00Z")
    assert (half.code, "--from and --to go together" in half.err) == (2, True)
    strange = run("replay", "news", "-b", "lumen", "--capacity", "sms=lots")
    assert (strange.code, "is no capacity" in strange.err) == (2, True)
    strange = run("replay", "news", "-b", "lumen", "--price", "sms=cheap")
    assert (strange.code, "is no price" in strange.err) == (2, True)


@pytest.mark.long
def test_supposed_events_are_replayed_and_reviewed(app: Outreach, run: Run, tmp_path: Path) -> None:
    """Sums, lines, breaks and a page that is approved and brought back."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    b.a_person(app, brand, "ada")
    event = {
        "source": "shop", "type": "parcel.delivered", "subject": "ada", "time": b.NOON.isoformat(),
        "data": {"parcel": "P-1", "product": "Lumen One"},
    }  # fmt: skip
    events, lines, page = (tmp_path / name for name in ("events.ndjson", "rows", "page.html"))
    events.write_text(json.dumps(event), encoding="utf-8")
    asked = ("reminder", "-b", "lumen", "--events", events, "--capacity", "email=0")

    said = run("replay", *asked, "--rows", lines, "--json").json
    told = run("replay", *asked)
    reviewed = run("review", *asked, "--by", "Ines", "--json").json
    approved = run("approved", "reminder", "-b", "lumen", "--out", page, "--json").json

    assert (said["people_reached"], said["outcomes"]) == (1, {"send": 1})
    assert json.loads(lines.read_text(encoding="utf-8"))["person"] == "ada"
    assert "the first hour to break on email" in told.out
    assert [one["digest"] for one in approved] == [reviewed["digest"]]
    assert "Review before launch" in page.read_text(encoding="utf-8")
