"""Does a lead see who comes when, and change it where it stands?"""

from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.callbacks import queues
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.callbacks.test_callbacks_queues import CARE


def test_a_lead_sees_the_shifts_of_a_week_and_changes_them(
    console: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """What is wrong is said beside what was written, and nothing is changed."""
    with app.means.database.begin(brand) as tx:
        queues.put(tx, brand, CARE.replace("Ana", "<b>Ana"), name="care", now=b.NOON)
    assert 'href="/lead/queues/care"' in console.get("/lead").text
    page = console.get("/lead/queues/care").text
    assert "08:00 – 18:00 Europe/Lisbon" in page
    assert "&lt;b&gt;Ana" in page
    for wrong in (CARE.replace("08:00", "noon"), CARE.replace("key: care", "key: other")):
        refused = console.post("/lead/queues/care", data={"document_text": wrong})
        assert refused.status_code == 422
        assert wrong.split("agents")[1].strip()[:40] in refused.text.replace("&#34;", '"')
    assert "08:00 – 18:00" in console.get("/lead/queues/care").text
    later = CARE.replace("08:00-18:00", "10:00-19:00")
    kept = console.post("/lead/queues/care", data={"document_text": later})
    assert kept.headers["location"] == "/lead/queues/care?done=queue_kept"
    assert "10:00 – 19:00 Europe/Lisbon" in console.get("/lead/queues/care").text
    assert console.get("/lead/queues/none").status_code == 404
    assert console.post("/lead/queues/none", data={"document_text": CARE}).status_code == 404
