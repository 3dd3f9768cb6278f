"""Does the chain that the database keeps grow one by one, and does it stay as it is?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from outreach.app import Outreach
from outreach.audit import anchors, chain, store
from outreach.audit.anchors import Noted
from outreach.audit.chain import Anchor
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.hints import Hints
from outreach.ticker import Ticker
from tests import builders as b

WRITERS = 32


def written(app: Outreach, brand: BrandRef, by: str) -> int:
    with app.means.database.begin(brand) as tx:
        return store.append(
            tx, app.link_keys[0], brand, by=by, role="admin", deed="POST /x", target="", now=b.NOON
        )


def test_thirty_two_writers_make_one_chain(shared_app: Outreach) -> None:
    brand, other = b.a_brand(shared_app, "written"), b.a_brand(shared_app, "quiet")
    with ThreadPoolExecutor(8) as pool:
        numbers = pool.map(lambda n: written(shared_app, brand, f"user-{n}"), range(WRITERS))
    assert sorted(numbers) == list(range(1, WRITERS + 1))
    with shared_app.means.database.begin(brand) as tx:
        found = list(store.chain(tx))
        last = store.head(tx, brand)
        newest = store.newest(tx, limit=2)
    assert chain.first_bad(shared_app.link_keys, brand.key, found) is None
    assert last == Anchor(brand.key, WRITERS, found[-1].seal)
    assert [one.number for one in newest] == [WRITERS, WRITERS - 1]
    with shared_app.means.database.begin(other) as tx:
        assert store.head(tx, other) is None
        assert list(store.chain(tx)) == []


@pytest.mark.parametrize(
    "tampering", ["update outreach.audit set \"by\" = 'eve'", "delete from outreach.audit"]
)
def test_the_application_cannot_change_what_is_written(
    shared_app: Outreach, tampering: str
) -> None:
    brand = b.a_brand(shared_app, "kept")
    written(shared_app, brand, "ada")
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        shared_app.means.database.begin(brand) as tx,
    ):
        tx.execute(text(tampering))


def test_anchors_are_added_to_their_file_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "anchors"
    first, second = Anchor("lumen", 3, b"\x01" * 32), Anchor("north", 9, b"\x02" * 32)
    anchors.note(path, [first], now=b.NOON)
    anchors.note(path, [second], now=b.NOON)
    assert anchors.read(path) == Noted((first, second))
    with pytest.raises(Invalid, match="nowhere"):
        anchors.read(tmp_path / "nowhere")


def test_a_torn_line_spoils_no_other(tmp_path: Path) -> None:
    """What is added begins a line of its own, and who reads is told of the torn one."""
    path = tmp_path / "anchors"
    one = Anchor("lumen", 3, b"\x01" * 32)
    anchors.note(path, [one], now=b.NOON)
    path.write_bytes(path.read_bytes() + b'{"brand": "lu\xff')
    anchors.note(path, [one], now=b.NOON)
    noted = anchors.read(path)
    assert noted.anchors == (one, one)
    (unreadable,) = noted.unreadable
    assert "line 2, is no anchor" in unreadable


def test_the_ticker_notes_each_hour_where_the_chains_end(
    shared_app: Outreach, tmp_path: Path
) -> None:
    brand, path = b.a_brand(shared_app, "anchored"), tmp_path / "anchors"
    number = written(shared_app, brand, "ada")
    app = replace(shared_app, settings=replace(shared_app.settings, audit_anchors=str(path)))
    ticker = Ticker(app, cast("Hints", None))
    ticker.anchor()
    ticker.anchor()
    noted = [one for one in anchors.read(path).anchors if one.brand == brand.key]
    assert [one.number for one in noted] == [number]
