"""Does sealing anew reach every brand, and every user?"""

from base64 import b64encode

from outreach.access import factors, users
from outreach.app import Outreach
from outreach.callbacks.mirrors import store as mirrors
from outreach.callbacks.mirrors.protocol import Connected
from outreach.events.sources import store
from tests import builders as b
from tests.cli.conftest import Run


def test_a_new_master_key_seals_every_brand(app: Outreach, run: Run) -> None:
    """And a second time there is nothing to do. What logs in at a mirror is a secret as well."""
    for key in ("lumen", "kitchen"):
        brand = b.a_brand(app, key)
        with app.means.database.begin(brand) as tx:
            store.add(
                tx, brand, key="shop", kind="generic", secret="x", zone="UTC", test=False,
                sealing=app.sealing,
            )  # fmt: skip
    with app.means.database.begin(brand) as tx:
        desk = Connected("https://desk.example", "whsec_c2VjcmV0", {})
        mirrors.add(tx, brand, "desk", "webhook", desk, sealing=app.sealing, now=app.means.clock())
    user = b.a_user(app, brand)
    with app.means.database.access() as tx:
        kept = app.sealing.seal("JBSWY3DPEHPK3PXP", of=factors.sealed_as(user.id))
        users.set_second_factor(tx, user, kept, now=app.means.clock())
    master = {"OUTREACH_MASTER_KEY": b64encode(b"m" * 32).decode()}
    assert "5 are not sealed" in run("check", **master).out
    answer = run("secrets", "seal", "--json", **master).json
    assert answer == {"sealed": {"lumen": 1, "kitchen": 3}, "users": 1}
    assert run("secrets", "seal", **master).out.strip() == "all are sealed"
    assert "outreach secrets seal" not in run("check", **master).out
