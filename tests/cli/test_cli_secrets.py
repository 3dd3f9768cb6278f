"""Does sealing anew reach every brand, and every user?"""

from base64 import b64encode

from sqlalchemy import text

from outreach.access import factors, users
from outreach.app import Outreach
from outreach.callbacks.mirrors import store as mirrors
from outreach.callbacks.mirrors.protocol import Connected
from outreach.events.sources import store
from outreach.people import store as people
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
    assert "7 are not sealed" in run("check", **master).out
    answer = run("secrets", "seal", "--json", **master).json
    nobody = {"lumen": 0, "kitchen": 0}
    assert answer == {"sealed": {"lumen": 2, "kitchen": 4}, "rows": nobody, "users": 1}
    assert run("secrets", "seal", **master).out.strip() == "all are sealed"
    assert "outreach secrets seal" not in run("check", **master).out


def test_a_master_key_that_opens_nothing_is_told(app: Outreach, run: Run) -> None:
    """Nobody's name can be read with it: that is bad, and the key that is missing is named."""
    b.a_person(app, b.a_brand(app), "c-1")
    assert "personal data" not in run("check").out
    told = run("check", "--json", OUTREACH_SECRET_KEY="n" * 32)
    (found,) = [one for one in told.json["findings"] if one["name"] == "personal data"]
    assert (told.code, found["state"]) == (1, "bad")
    assert "name it in OUTREACH_FORMER_MASTER_KEYS" in found["sentence"]


def test_what_lies_in_the_clear_is_sealed_and_sealed_anew(app: Outreach, run: Run) -> None:
    """Row by row, and everybody is known as before, also with a new data key."""
    brand = b.a_brand(app)
    person = b.a_person(app, brand, "c-1", name="Ada", phone=None)
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.persons set name = 'Ada'"))
        tx.execute(text("update outreach.addresses set value = 'c-1@customers.example'"))
    assert "addresses.value, persons.name lies unsealed" in run("check").out
    assert run("secrets", "seal", "--json").json["rows"] == {"lumen": 2}
    assert run("secrets", "seal").out.strip() == "all are sealed"
    assert run("secrets", "rotate", "-b", "lumen", "--json").json == {"key": 2, "rows": 2}
    with app.means.database.begin(brand) as tx:
        kept = [*tx.execute(text("select name from outreach.persons union all "
                                 "select value from outreach.addresses")).scalars()]  # fmt: skip
        assert people.by_id(tx, [person.id]) == {person.id: person._replace(dates=None)}
    assert all(one.startswith("sealed:2:2:") for one in kept)
    assert "personal data" not in run("check").out


def test_the_check_says_when_addresses_wait_for_their_hashes(app: Outreach, run: Run) -> None:
    """And the command that it names makes them known, brand by brand."""
    for key in ("lumen", "kitchen"):
        b.a_person(app, b.a_brand(app, key), "ada", phone=None)
    turned = {"OUTREACH_SECRET_KEY": "n" * 32, "OUTREACH_FORMER_SECRET_KEYS": "k" * 32}
    assert "outreach secrets hashes" not in run("check").out
    assert "outreach secrets hashes" in run("check", **turned).out
    assert run("secrets", "hashes", "--json", **turned).json == {
        "addresses": {"lumen": 1, "kitchen": 1}
    }
    told = run("secrets", "hashes", **turned).out.strip()
    assert told == "all are known under every secret"
    assert "outreach secrets hashes" not in run("check", **turned).out
