"""Does a campaign go its way from the command line, and is every count said?"""

from pathlib import Path

import pytest

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.cli.conftest import Run

LATER = b.a_step("later", after="1 d")


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    """A brand with one person under way in `reminder`, and a second version of it as a draft."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, steps=[LATER])
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand)))
    return brand


@pytest.fixture
def newer(run: Run, brand: BrandRef, tmp_path: Path) -> BrandRef:
    file = tmp_path / "reminder.yaml"
    file.write_text(b.written(steps=[LATER | {"after": "2 d"}]), encoding="utf-8")
    assert run("campaigns", "import", file, "-b", brand.key).code == 0
    return brand


def test_a_difference_is_told_in_lines_and_as_data(run: Run, newer: BrandRef) -> None:
    assert run("campaigns", "diff", "reminder", "-b", newer.key).out == (
        "reminder version 1 → 2\nsteps.later.after: 1 d → 2 d\n"
    )
    changes = run("campaigns", "diff", "reminder", "2", "1", "-b", newer.key, "--json").json
    assert changes["changes"] == [{"path": "steps.later.after", "was": "2 d", "now": "1 d"}]
    missing = run("campaigns", "diff", "reminder", "1", "7", "-b", newer.key)
    assert (missing.code, "has no version 7" in missing.err) == (2, True)


def test_a_campaign_goes_its_way(run: Run, newer: BrandRef) -> None:
    """Each deed says its counts; the same as data for machines."""

    def said(*words: str) -> str:
        return run("campaigns", words[0], "reminder", *words[1:], "-b", newer.key).out

    assert said("review") == "reminder version 2 is in review\n"
    assert said("activate", "--move").startswith(
        "reminder version 2 is live; 1 touches wait; 0 were past their last useful moment"
    )
    assert said("pause") == (
        "reminder version 2 is paused; 1 touches wait; "
        "0 are with a provider and cannot be called back\n"
    )
    assert said("resume").startswith("reminder version 2 is live; 1 touches wait; 0 were past")
    ended = run("campaigns", "end", "reminder", "-b", newer.key, "--json").json
    assert ended == {
        "campaign": "reminder", "version": 2, "state": "ended",
        "passages": 1, "cancelled": 1, "in_air": 0,
    }  # fmt: skip


def test_what_does_not_fit_is_refused_with_what_to_do(run: Run, brand: BrandRef) -> None:
    again = run("campaigns", "resume", "reminder", "-b", brand.key)
    assert again.code == 2
    assert "campaign 'reminder' is live: there is nothing to resume" in again.err
