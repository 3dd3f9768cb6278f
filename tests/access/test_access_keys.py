"""Does a key speak for its brand, for no other, and only until it is revoked?"""

import pytest
from sqlalchemy import text

from outreach.access import keys
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.errors import Forbidden, NotFound
from tests import builders as b


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


def issued(app: Outreach, brand: BrandRef) -> str:
    with app.means.database.begin(brand) as tx:
        return keys.issue(tx, brand, name="shop")


def test_a_key_speaks_for_its_brand(app: Outreach) -> None:
    """And shows it, so that a person can tell keys apart."""
    brand = b.a_brand(app, "keyed")
    key = issued(app, brand)
    assert key.startswith("ork.keyed.")
    assert keys.brand_of(app.means.database, key) == brand
    assert issued(app, brand) != key


def test_only_a_hash_of_a_key_is_kept(app: Outreach) -> None:
    """Whoever reads the table cannot use it."""
    brand = b.a_brand(app, "hashed")
    secret = issued(app, brand).rpartition(".")[2]
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(text("select k::text as row from outreach.api_keys k")).scalars().all()
    assert rows
    assert not any(secret in row or secret.encode().hex() in row for row in rows)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "ork",
        "ork.",
        "ork.wrong.",
        "ork.wrong.secret",
        "ork.nobody.secret",
        "sk.wrong.x",
        "\0",
        "ork.wrong.é",
    ],
)
def test_every_kind_of_wrong_is_answered_alike(app: Outreach, wrong: str) -> None:
    """A stranger learns nothing about which brands there are."""
    b.a_brand(app, "wrong")
    with pytest.raises(Forbidden) as refused:
        keys.brand_of(app.means.database, wrong)
    assert "Bearer ork.BRAND.SECRET" in refused.value.sentence


def test_a_key_of_one_brand_does_not_open_another(app: Outreach) -> None:
    """Whatever brand somebody writes into it."""
    one, other = b.a_brand(app, "one"), b.a_brand(app, "other")
    secret = issued(app, one).rpartition(".")[2]
    with pytest.raises(Forbidden):
        keys.brand_of(app.means.database, f"ork.{other.key}.{secret}")


def test_a_revoked_key_is_none(app: Outreach) -> None:
    """From the next request on."""
    brand = b.a_brand(app, "revoked")
    key = issued(app, brand)
    with app.means.database.begin(brand) as tx:
        (known,) = keys.every(tx)
        keys.revoke(tx, known.id, now=b.NOON)
    with pytest.raises(Forbidden):
        keys.brand_of(app.means.database, key)


def test_a_key_is_revoked_once(app: Outreach) -> None:
    """An id that is none, or no longer works, is an error and no silence."""
    brand = b.a_brand(app, "twice")
    issued(app, brand)
    with app.means.database.begin(brand) as tx:
        (known,) = keys.every(tx)
        keys.revoke(tx, known.id, now=b.NOON)
        assert keys.every(tx)[0].revoked_at == b.NOON
        with pytest.raises(NotFound):
            keys.revoke(tx, known.id, now=b.NOON)
