"""Do personal data lie sealed, open for their row alone, and stay readable through new keys?"""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from outreach.app import Outreach
from outreach.db import sealed
from outreach.db.engine import BrandRef, Database
from outreach.db.personal import PERSON_NAME
from outreach.db.sealed import Field
from outreach.errors import Misconfigured
from outreach.people import store as people
from outreach.sealing import MasterKey, Sealing
from tests import builders as b

ONE, OTHER = UUID(int=1), UUID(int=2)
NOTE = Field("calls", "note", ("task_id", "number"))
SAID = Field("calls", "said", ("task_id", "number"), "document", lambda name, _: name == "comment")


@pytest.fixture(scope="module")
def brand(shared_app: Outreach) -> BrandRef:
    """Any."""
    return b.a_brand(shared_app)


@pytest.fixture
def tx(shared_app: Outreach, brand: BrandRef) -> Iterator[Connection]:
    """A transaction of the brand."""
    with shared_app.means.database.begin(brand) as tx:
        yield tx


@pytest.mark.parametrize("told", ["a", "Ada Example", "张三", "sealed:2:1:x", "\ud800", "x" * 9000])
def test_what_is_sealed_opens_again_and_shows_nothing(tx: Connection, told: str) -> None:
    """Whatever it says, and twice the same is never the same."""
    kept = sealed.seal(tx, PERSON_NAME, told, ONE)
    assert kept is not None
    assert sealed.opened(tx, PERSON_NAME, kept, ONE) == told
    assert kept != sealed.seal(tx, PERSON_NAME, told, ONE)
    assert len(told) < 9 or told not in kept


def test_nothing_and_the_empty_text_stay_as_they_are(tx: Connection) -> None:
    """So that a statement may still ask whether there is something."""
    assert sealed.seal(tx, PERSON_NAME, None, ONE) is None
    assert sealed.seal(tx, PERSON_NAME, "", ONE) == ""


def test_many_are_sealed_at_once_as_each_is_alone(tx: Connection) -> None:
    """Each for its own row and by a nonce of its own; nothing and the empty text as they are."""
    told = ["Ada", None, "Ada", ""]
    kept = sealed.seal_all(tx, PERSON_NAME, [(one, (ONE,)) for one in told])
    assert [sealed.opened(tx, PERSON_NAME, one, ONE) for one in kept] == told
    assert kept[0] != kept[2]
    assert sealed.seal_all(tx, PERSON_NAME, [(None, (ONE,)), ("", (OTHER,))]) == [None, ""]
    with pytest.raises(Misconfigured, match="was changed, or moved there"):
        sealed.opened(tx, PERSON_NAME, kept[0], OTHER)


def test_what_lay_there_before_is_read_as_it_is(tx: Connection) -> None:
    """Until it is sealed."""
    assert sealed.opened(tx, PERSON_NAME, "Ada", ONE) == "Ada"
    assert sealed.opened_bytes(tx, PERSON_NAME, b"\xff", ONE) == b"\xff"


@pytest.mark.parametrize(
    ("of", "row"), [(PERSON_NAME, (OTHER,)), (Field("persons", "ref"), (ONE,)), (NOTE, (ONE, 1))]
)
def test_it_opens_in_its_row_and_column_alone(tx: Connection, of: Field, row: tuple[UUID]) -> None:
    """What was moved to another person, or to another column, is refused."""
    kept = sealed.seal(tx, PERSON_NAME, "Ada", ONE)
    with pytest.raises(Misconfigured, match="was changed, or moved there"):
        sealed.opened(tx, of, kept, *row)


def test_it_opens_for_its_brand_alone(
    shared_app: Outreach, brand: BrandRef, tx: Connection
) -> None:
    """The same id at another brand opens nothing: that brand has keys of its own."""
    kept = sealed.seal(tx, PERSON_NAME, "Ada", ONE)
    other = b.a_brand(shared_app, "other")
    with (
        shared_app.means.database.begin(other) as theirs,
        pytest.raises(Misconfigured, match=r"was changed, or moved there|data key \d of brand"),
    ):
        sealed.opened(theirs, PERSON_NAME, kept, ONE)


@pytest.mark.parametrize("broken", ["sealed:2:", "sealed:2:1:", "sealed:2:1:*", "sealed:2:²:AAAA"])
def test_what_was_broken_is_told_of(tx: Connection, broken: str) -> None:
    """Never taken for a text."""
    with pytest.raises(Misconfigured, match=r"persons\.name"):
        sealed.opened(tx, PERSON_NAME, broken, ONE)


def test_bytes_and_documents_open_again(tx: Connection) -> None:
    """Of a document what is not personal can be asked for as before."""
    raw = sealed.seal_bytes(tx, NOTE, b"\x00Ada", ONE, 1)
    told = {"survey": "S-1", "comment": "Ada"}
    kept = sealed.seal_parts(tx, SAID, told, ONE, 1)
    assert sealed.opened_bytes(tx, NOTE, raw, ONE, 1) == b"\x00Ada"
    assert sealed.opened_parts(tx, SAID, kept, ONE, 1) == told
    assert kept["survey"] == "S-1"
    assert "Ada" not in repr(raw) + repr(kept)


def test_a_new_key_seals_and_the_former_ones_open(
    shared_app: Outreach, brand: BrandRef, tx: Connection
) -> None:
    """A process that meets a number which it does not know asks for it."""
    before = sealed.seal(tx, PERSON_NAME, "Ada", ONE)
    apart = Database(str(shared_app.settings.database_url), sealing=shared_app.sealing)
    with apart.begin(brand) as elsewhere:
        number = apart.vault.add(elsewhere, brand.id)
    with apart.begin(brand) as elsewhere:
        after = sealed.seal(elsewhere, PERSON_NAME, "Ada", ONE)
    apart.close()
    assert after is not None
    assert after.startswith(f"sealed:2:{number}:")
    assert sealed.opened(tx, PERSON_NAME, after, ONE) == "Ada"
    assert sealed.opened(tx, PERSON_NAME, before, ONE) == "Ada"
    with pytest.raises(Misconfigured, match="data key 99 of brand"):
        sealed.opened(tx, PERSON_NAME, "sealed:2:99:AAAA", ONE)


def test_without_the_master_key_nothing_opens(shared_app: Outreach, brand: BrandRef) -> None:
    """The person's row stands there and says nothing."""
    person = b.a_person(shared_app, brand)
    stranger = Sealing((MasterKey(b"x" * 32),))
    for sealing in (stranger, None):
        apart = Database(str(shared_app.settings.database_url), sealing=sealing)
        with apart.begin(brand) as tx, pytest.raises(Misconfigured, match="master key"):
            people.by_id(tx, [person.id])
        apart.close()


def test_a_brand_from_before_gets_its_key_when_it_is_first_needed(database_url: str) -> None:
    """It is kept even where the transaction at hand is undone."""
    database = Database(database_url, sealing=Sealing((MasterKey(b"m" * 32),)))
    with database.engine.begin() as tx:
        tx.execute(text("select set_config('outreach.brand', '7', true)"))
        tx.execute(
            text("""
            insert into outreach.brands (id, key, name, locale, zone, profile)
            overriding system value values (7, 'older', 'Older', 'en', 'UTC', '{}')
        """)
        )
    older = BrandRef(7, "older")

    def undone() -> str | None:
        with database.begin(older) as tx:
            kept.append(sealed.seal(tx, PERSON_NAME, "Ada", ONE))
            raise KeyError

    kept: list[str | None] = []
    with pytest.raises(KeyError):
        undone()
    with database.begin(older) as tx:
        assert sealed.opened(tx, PERSON_NAME, kept[0], ONE) == "Ada"
    database.close()
