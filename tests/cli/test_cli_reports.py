"""Does the command line tell what is planned?"""

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
