"""Do other systems find the address at which they say how calls ended?"""

from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.callbacks.mirrors import store
from outreach.callbacks.mirrors.protocol import Connected
from outreach.db.engine import BrandRef
from outreach.signed.signatures import standard_made


def test_the_way_back_needs_no_key_but_a_signature(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """The address is secret; what is not signed is refused, and a strange address is none."""
    now = app.means.clock()
    ours = Connected("https://desk.example", "whsec_c2VjcmV0", {})
    with app.means.database.begin(brand) as tx:
        address = store.add(tx, brand, "ours", "webhook", ours, sealing=app.sealing, now=now)
    at = str(int(now.timestamp()))
    signature = standard_made(ours.secret, f"m.{at}.{{}}".encode())
    headers = {
        "webhook-id": "m", "webhook-timestamp": at, "webhook-signature": signature,
        "content-type": "application/json",
    }  # fmt: skip
    there = stranger.post(f"/calls/{address}", content=b"{}", headers=headers)
    assert there.status_code == 204
    assert stranger.post(f"/calls/{address}", content=b"{}").status_code in {401, 403}
    assert stranger.post("/calls/lumen.x", content=b"{}").status_code == 404
    assert stranger.post("/calls/nobody.x", content=b"{}").status_code == 404
