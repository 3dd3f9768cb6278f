"""Are tests sent from the pages of texts and campaigns, to addresses that the settings list?"""

from fastapi.testclient import TestClient

from optout.model import Channel
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.proofs import store
from outreach.proofs.store import Own
from tests import builders as b

ROBIN = "sms:+12125550123"


def test_a_campaign_and_a_text_are_tested_on_ones_own_telephone(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """The key may not list addresses; whoever may try texts chooses among those listed."""
    browser.post("/campaigns", data={"like": "usage-tutorial", "key": "tips"})
    assert "No address of our own is listed yet" in browser.get("/campaigns/tips").text
    refused = browser.post("/settings/addresses", data={"channel": "sms", "address": "+1"})
    assert refused.status_code == 403
    with app.means.database.begin(brand) as tx:
        own = Own(Channel.SMS, "+1 212 555 0123", "Robin's telephone")
        store.put(tx, brand, own, by="ada", now=b.NOON)
    sent = browser.post("/campaigns/tips/proof", data={"to": ROBIN, "locale": "en"})
    assert "Tests: 2 accepted by the provider, 0 refused, 0 unknown." in sent.text
    assert [one.to for one in b.reached(app, Channel.SMS)] == ["+12125550123"] * 2
    text = browser.post("/templates/usage-tutorial-1/proof", data={"to": ROBIN, "locale": "zh-CN"})
    assert "Tests: 1 accepted" in text.text
    for to in ("sms:+12125550124", "voice:+12125550123", "<script>"):
        answer = browser.post("/campaigns/tips/proof", data={"to": to, "locale": "en"})
        assert answer.status_code in {404, 409, 422}
    assert len(b.reached(app, Channel.SMS)) == 3


def test_a_text_is_previewed_for_a_person_of_the_brands_own(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    person = b.a_person(app, brand, "c-1", name="<i>Ida</i> Example", locale="zh-CN")
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-1"))
    browser.post("/templates", data={"like": "usage-tutorial-1"})
    page = browser.get("/templates/usage-tutorial-1?person=c-1").text
    assert "As read by <bdi>&lt;i&gt;Ida&lt;/i&gt; Example</bdi> (zh-CN)" in page
    assert page.index("<h3>zh") < page.index("<h3>en")
    unknown = browser.get("/templates/usage-tutorial-1?person=nobody").text
    assert "Nobody is known by this id" in unknown
