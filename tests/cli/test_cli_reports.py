"""Does the command line tell what is planned?"""

from pathlib import Path

from outreach.app import Outreach
from tests import builders as b
from tests.cli.conftest import Run


def test_the_calendar_shows_hours_quotas_and_sales(app: Outreach, run: Run) -> None:
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, steps=[b.a_step(after="P2D", at="10:00")])
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand, "ada")))

    told = run("reports", "calendar", "-b", "lumen", "--from", "2026-03-08", "--quota", "email=0")
    nothing = run("reports", "calendar", "-b", "lumen", "--from", "2027-11-27", "--days", "1")

    assert "2026-03-12" in told.out
    assert told.out.split()[-7:] == ["2026-03-12", "10", "email", "1", "0", "0", "1"]
    assert nothing.out.startswith("nothing is planned")
    for wrong in (("--quota", "email=lots"), ("--quota", "fax=1"), ("--from", "soon")):
        assert run("reports", "calendar", "-b", "lumen", *wrong).code == 2


def test_what_a_month_came_to_is_told_in_tables(app: Outreach, run: Run, tmp_path: Path) -> None:
    """Fates, usage with a price, domains, and the sums counted anew: none was wrong."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand, "ada")))
    b.everything_due(app)
    out = tmp_path / "usage.csv"

    sums = run("reports", "sums", "2026-03", "-b", "lumen", "--by", "hour", "--json").json
    asked = ("reports", "usage", "2026-03", "-b", "lumen", "--price", "email=0.5", "--out", out)
    (used,) = run(*asked, "--json").json
    (domain,) = run("reports", "domains", "2026-03", "-b", "lumen", "--json").json

    assert {(one["fate"], one["many"], one["hour"]) for one in sums} == {
        ("candidate", 1, 8), ("sent", 1, 8),
    }  # fmt: skip
    assert (used["contacts"], used["messages"], float(used["cost"])) == (1, 1, 0.5)
    assert out.read_text(encoding="utf-8").startswith("campaign,channel,contacts")
    assert domain["sent"] == 1
    assert run("ledger", "recount", "-b", "lumen", "--json").json == {"mended": 0}
    assert run("ledger", "reconcile", "-b", "lumen", "--json").json["drifted"] == []
    assert run("experiments", "stops", "-b", "lumen").out.startswith("no campaign has paused")
    told = run("experiments", "brand", "-b", "lumen", "--outcome", "withdrawn", "--json").json
    assert [one["people"] for one in told] == [0, 0]
