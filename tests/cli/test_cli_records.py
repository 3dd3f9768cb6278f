"""Do the commands show what is on record and what waits, and rebuild it?"""

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.cli.conftest import Run
from tests.records import building as r


@pytest.fixture
def lumen(app: Outreach) -> BrandRef:
    brand = b.a_brand(app)
    r.tell(
        app, brand,
        r.an_event(
            "order.placed", r.hours_ago(9), order="O-1", total="199.00", currency="CNY", parcels=1,
            lines=[{"line": 1, "product": "Lamp", "quantity": 2, "amount": "199.00"}],
        ),
        r.an_event("parcel.delivered", r.hours_ago(1), parcel="P-1", order="O-1", quality="丰巢"),
        r.an_event("contract.started", r.hours_ago(9), contract="K-1", ends_on="2026-12-31"),
        r.an_event("case.opened", case="C-1", opened_at="x", order="O-1", kind="complaint"),
        r.an_event("product.registered", product="Lamp", serial="SN-1"),
        r.an_event("person.deceased", notice="N-1"), r.an_event("person.alive", notice="N-1"),
    )  # fmt: skip
    return brand


SAID = {
    "en": [
        "Order O-1: placed; complete since 2026-03-10 11:00 UTC.",
        "Line 1 of order O-1: 2 × Lamp, ordered.",
        "Parcel P-1: delivered, left in a locker or at a pick-up point.",
        "Product Lamp (serial number SN-1): registered.",
        "Contract K-1: running, until 2026-12-31.",
        "Case C-1: open.",
        "The person is said to have died, by mistake.",
    ],
    "zh-CN": [
        "订单 O-1:已下单;2026-03-10 11:00 UTC 全部送达。",
        "订单 O-1 第 1 行:2 × Lamp,已订购。",
        "包裹 P-1:已签收,放入快递柜或驿站。",
        "产品 Lamp(序列号 SN-1):已登记。",
        "合同 K-1:生效中,至 2026-12-31。",
        "工单 C-1:处理中。",
        "客户误报已故,已更正。",
    ],
}


@pytest.mark.parametrize("language", SAID)
@pytest.mark.usefixtures("lumen")
def test_a_persons_records_are_a_sentence_each(run: Run, language: str) -> None:
    said = run("records", "show", r.PERSON, "-b", "lumen", "--language", language)
    assert (said.code, said.out.splitlines()) == (0, SAID[language])


@pytest.mark.usefixtures("lumen")
def test_an_order_is_shown_by_its_number(run: Run) -> None:
    """With its lines, parcels and cases; money in minor units."""
    said = run("records", "show", "O-1", "-b", "lumen", "--json")
    assert [one["kind"] for one in said.json] == ["orders", "order_lines", "parcels", "cases"]
    assert said.json[0]["fields"]["total_minor"] == 19900
    missing = run("records", "show", "O-9", "-b", "lumen")
    assert (missing.code, "nothing is on record" in missing.err) == (2, True)


def test_explaining_a_person_tells_what_is_on_record(
    app: Outreach, run: Run, lumen: BrandRef
) -> None:
    b.a_person(app, lumen, r.PERSON)
    assert "Case C-1: open." in run("explain", r.PERSON, "-b", "lumen").out


def test_a_rebuild_says_whether_records_were_the_same(
    app: Outreach, run: Run, lumen: BrandRef
) -> None:
    """Twice: after a parcel was lost from the records, and when nothing was wrong."""
    with app.means.database.begin(lumen) as tx:
        tx.execute(text("delete from outreach.parcels"))
    mended = run("records", "rebuild", "--json").json
    assert [row["kind"] for row in mended if row["same"] == "NO"] == ["parcels"]
    [parcels] = [row for row in mended if row["kind"] == "parcels"]
    assert (parcels["before"], parcels["after"], parcels["removed"]) == (0, 1, 0)
    again = run("records", "rebuild", "-b", "lumen", "--json").json
    assert {row["same"] for row in again} == {"yes"}


def test_what_waits_is_listed_and_counted(app: Outreach, run: Run, lumen: BrandRef) -> None:
    """Until an order says whose it is."""
    r.tell(app, lumen, r.an_event("parcel.delivered", subject=None, parcel="P-7", order="O-7"))
    [waiting] = run("events", "waiting", "-b", "lumen", "--json").json
    assert (waiting["event"], waiting["waits_for"]) == ("parcel.delivered:P-7", "order:O-7")
    counted = run("ledger", "reconcile", "-b", "lumen")
    assert "events that wait to learn whose they are: 1" in counted.out
    r.tell(app, lumen, r.an_event("order.placed", order="O-7"))
    assert "no event waits" in run("events", "waiting", "-b", "lumen").out
