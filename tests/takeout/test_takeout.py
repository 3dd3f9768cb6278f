"""Does all of a brand leave, come in elsewhere as it was, and behave as it would have here?"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from optout.model import Action, Channel, How
from outreach import app as application
from outreach.app import Outreach
from outreach.audit import chain
from outreach.audit import store as audit
from outreach.brands import store as brands
from outreach.db import tables
from outreach.db.engine import BrandRef
from outreach.embedded import desk
from outreach.errors import Conflict, Invalid, NotFound
from outreach.inbound import erasure
from outreach.inbound.consent import Change, change_person
from outreach.reports import reconcile, sums
from outreach.settings import Secret, Settings
from outreach.takeout import arriving, goods, leaving, manifest
from tests import builders as b
from tests.clones import cloned

_NAMES = text("select name from outreach.persons where name <> ''")
REFS = ("sent", "no-more", "forgotten", "waits")


@contextmanager
def elsewhere(settings: Settings, migrated: desk.Servers) -> Iterator[Outreach]:
    """An empty installation under the same secrets and the same clock."""
    with cloned(migrated) as clone:
        there = application.build(replace(settings, database_url=clone.url))
        yield there
        there.close()


@pytest.fixture
def there(settings: Settings, migrated: desk.Servers) -> Iterator[Outreach]:
    with elsewhere(settings, migrated) as app:
        yield app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    """A brand with a live campaign: one mail left, one person said no, one is forgotten."""
    b.a_brand(app, "other")
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    people = {ref: b.a_person(app, brand, ref) for ref in REFS}
    b.accepted(app, brand, b.an_event(app, brand, people["sent"], parcel="sent"))
    b.everything_due(app)
    said_no = Change(Action.WITHDRAW, How.API, "told us")
    change_person(app.means, brand, people["no-more"].id, said_no)
    erasure.erase(app.means, brand, people["forgotten"].id, evidence="asked")
    for ref in REFS:
        b.accepted(app, brand, b.an_event(app, brand, people[ref], parcel=f"later {ref}"))
    return brand


def written(app: Outreach, brand: BrandRef, directory: Path) -> Path:
    now = app.means.clock()
    leaving.write(app.means.database, app.link_keys, brand, directory, now=now)
    return directory


def brought(app: Outreach, directory: Path) -> BrandRef:
    now = app.means.clock()
    return arriving.bring_in(app.means, app.link_keys, directory, by="host:ops", now=now).brand


def spoilt(directory: Path, table: str, old: bytes, new: bytes) -> None:
    """The file of this table as somebody wrote it who also knows to write a checksum."""
    path = directory / manifest.file_of(table)
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    page = directory / manifest.NAME
    said = json.loads(page.read_text())
    rows = path.read_bytes().count(b"\n")
    said["tables"][table] = {
        "rows": rows, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }  # fmt: skip
    page.write_text(json.dumps(said))


def test_every_table_goes_along_or_says_why_it_stays() -> None:
    """One that is added goes along by itself."""
    known = {table.name for table in tables.metadata.tables.values()}
    assert known - {table.name for table in goods.taken()} == goods.LEFT.keys()
    assert goods.DOCUMENTS.keys() <= {table.name for table in goods.taken()}


def test_what_came_in_is_what_went_out(
    app: Outreach, brand: BrandRef, there: Outreach, tmp_path: Path
) -> None:
    """Row by row, in files that are alike, but for the record of who brought it in."""
    first = written(app, brand, tmp_path / "first")
    came = brought(there, first)
    second = written(there, came, tmp_path / "second")
    for table in goods.taken():
        if table.name == "audit":
            continue
        file = manifest.file_of(table.name)
        assert (first / file).read_bytes() == (second / file).read_bytes(), table.name
    assert (first / "persons.ndjson").read_text().count("Ada Example") == 3
    assert list((first / "campaigns").iterdir())
    with there.means.database.begin(came) as tx:
        found = list(audit.chain(tx))
        assert not [name for (name,) in tx.execute(_NAMES) if "Ada" in name]
        assert reconcile.reconcile(tx).closes
        assert sums.drifted(tx) == []
    assert found[-1].record.deed == "outreach brands import"
    assert chain.first_bad(there.link_keys, came.key, found) is None


def test_it_is_stopped_and_then_does_what_it_would_have_done(
    app: Outreach, brand: BrandRef, there: Outreach, tmp_path: Path
) -> None:
    """Nobody is written to twice, who said no or is forgotten not at all, the others as here."""
    came = brought(there, written(app, brand, tmp_path / "all"))
    b.everything_due(there)
    assert b.reached(there, Channel.EMAIL) == []
    with there.means.database.begin(came) as tx:
        brands.stop(tx, stopped=False)
    before = len(b.reached(app, Channel.EMAIL))
    b.everything_due(app)
    b.everything_due(there)
    here = [one.to for one in b.reached(app, Channel.EMAIL)[before:]]
    assert [one.to for one in b.reached(there, Channel.EMAIL)] == here
    assert b.fates(there, came) == b.fates(app, brand)
    assert {reason for _, _, reason in b.fates(app, brand)} > {None}


def test_a_brand_that_is_there_is_not_brought_in(
    app: Outreach, brand: BrandRef, tmp_path: Path
) -> None:
    directory = written(app, brand, tmp_path / "all")
    with pytest.raises(Conflict, match="already"):
        brought(app, directory)
    with pytest.raises(Conflict, match="not empty"):
        written(app, brand, directory)


def test_other_secrets_another_version_and_half_an_export_are_refused(
    app: Outreach, brand: BrandRef, there: Outreach, tmp_path: Path, settings: Settings
) -> None:
    """Under another secret nobody who said no would be known."""
    directory = written(app, brand, tmp_path / "all")
    stranger = application.build(replace(settings, secret_key=Secret("s" * 32)))
    with pytest.raises(Conflict, match="OUTREACH_SECRET_KEY"):
        arriving.bring_in(
            there.means, stranger.link_keys, directory, by="host:ops", now=there.means.clock()
        )
    stranger.close()
    page = directory / manifest.NAME
    said = json.loads(page.read_text())
    page.write_text(json.dumps(said | {"columns": "0" * 64}))
    with pytest.raises(Conflict, match="another version"):
        brought(there, directory)
    page.write_text(json.dumps(said | {"brand": said["brand"] | {"key": "../x"}}))
    with pytest.raises(Invalid, match=r"brand\.key"):
        brought(there, directory)
    page.unlink()
    with pytest.raises(NotFound, match=r"manifest\.json"):
        brought(there, directory)


HOSTILE = (
    ("persons", b'"ref": "sent"', b'"ref": "waits-too"', "id: is not that"),
    ("persons", b'"ref": "sent"', b'"ref": "a\\u0000"', "NUL"),
    ("persons", b'"locale": "en"', b'"locale": "en", "brand_id": 1', "brand_id"),
    ("persons", b"{", b"[", "JSON"),
    ("addresses", b"sent@customers", b"sent@strangers", "hash: is not that"),
    ("events", b'"data": {', b'"data": {"sealed:2": {"kept": "x"}, ', "sealed:2"),
    ("touches", b'"email"', b'"fax"', "touches_channel_check"),
    ("touches", b'"priority": ', b'"priority": 9999', "priority"),
    ("entries", b'"withdraw"', b'"grant-all"', "entries_action_known"),
    ("attempts", b'"accepted"', b'"perhaps"', "outcome"),
)  # fmt: skip


def test_a_hostile_line_is_refused_by_file_and_line_and_nothing_stays(
    app: Outreach, brand: BrandRef, there: Outreach, tmp_path: Path
) -> None:
    whole = written(app, brand, tmp_path / "all")
    for number, (table, old, new, said) in enumerate(HOSTILE):
        directory = shutil.copytree(whole, tmp_path / str(number))
        assert old in (directory / manifest.file_of(table)).read_bytes()
        spoilt(directory, table, old, new)
        with pytest.raises(Invalid, match=rf"{table}\.ndjson, line \d: .*{said}"):
            brought(there, directory)
    assert brands.directory(there.means.database) == {}


def test_a_file_that_was_cut_changed_or_lost_is_refused(
    app: Outreach, brand: BrandRef, there: Outreach, tmp_path: Path
) -> None:
    directory = written(app, brand, tmp_path / "all")
    path = directory / "touches.ndjson"
    whole = path.read_bytes()
    for changed in (whole[: whole.rindex(b"{")], whole.replace(b'"priority": 5', b'"priority": 6')):
        path.write_bytes(changed)
        with pytest.raises(Invalid, match="checksum"):
            brought(there, directory)
    path.unlink()
    with pytest.raises(Invalid, match="missing"):
        brought(there, directory)
    assert brands.directory(there.means.database) == {}
