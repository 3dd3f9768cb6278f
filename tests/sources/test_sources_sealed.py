"""Do the secrets of sources lie sealed, and do they hold on when the key is replaced?"""

from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.events.sources import store
from outreach.sealing import MasterKey, Sealing
from tests import builders as b

NEW = MasterKey(b"n" * 32)


def kept(app: Outreach, brand: BrandRef) -> list[str]:
    with app.means.database.begin(brand) as tx:
        [row] = tx.execute(text("select secrets from outreach.sources"))
    return list(row.secrets)


def a_source(app: Outreach, brand: BrandRef, secret: str = "canary-secret") -> str:
    with app.means.database.begin(brand) as tx:
        return store.add(
            tx, brand, key="shop", kind="generic", secret=secret, zone="UTC", test=False,
            sealing=app.sealing,
        )  # fmt: skip


def live(app: Outreach, brand: BrandRef, sealing: Sealing) -> tuple[str, ...]:
    with app.means.database.begin(brand) as tx:
        return store.by_key(tx, brand, "shop", sealing=sealing).secrets


def test_a_secret_is_not_in_the_database(shared_app: Outreach) -> None:
    """What is kept of it opens with a key that is elsewhere."""
    brand = b.a_brand(shared_app, "sealed-1")
    a_source(shared_app, brand)
    assert "canary" not in str(kept(shared_app, brand))
    assert live(shared_app, brand, shared_app.sealing) == ("canary-secret",)


def test_two_secrets_live_while_one_takes_the_others_place(shared_app: Outreach) -> None:
    """The third ends the first; both are sealed."""
    brand = b.a_brand(shared_app, "sealed-2")
    a_source(shared_app, brand, "first")
    with shared_app.means.database.begin(brand) as tx:
        for secret in ("second", "third"):
            store.rotate(tx, key="shop", secret=secret, sealing=shared_app.sealing)
    assert live(shared_app, brand, shared_app.sealing) == ("third", "second")
    assert all(map(shared_app.sealing.fresh, kept(shared_app, brand)))


def test_sealing_anew_brings_all_under_the_key_in_use(shared_app: Outreach) -> None:
    """What lay in the clear, too; a second time there is nothing to do."""
    brand = b.a_brand(shared_app, "sealed-3")
    a_source(shared_app, brand)
    after = Sealing((NEW, *shared_app.sealing.keys))
    with shared_app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.sources set secrets = secrets || 'in the clear'::text"))
        assert store.unsealed(tx, sealing=after) == 2
        assert (store.seal(tx, sealing=after), store.seal(tx, sealing=after)) == (2, 0)
        assert store.unsealed(tx, sealing=after) == 0
    assert live(shared_app, brand, Sealing((NEW,))) == ("canary-secret", "in the clear")
