"""What does the command line say of the record of changes?"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from outreach.app import Outreach
from outreach.audit import anchors, store
from outreach.audit.chain import Anchor
from outreach.db.engine import BrandRef
from outreach.embedded.desk import Servers
from tests import builders as b
from tests.cli.conftest import Run


def test_anchors_of_a_brand_that_is_gone_and_torn_lines_are_told(
    shared_app: Outreach, shared_run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "anchors"
    anchors.note(path, [Anchor("vanished", 3, b"\x01" * 32)], now=b.NOON)
    path.write_bytes(path.read_bytes() + b'{"brand": "lu')
    said = shared_run("audit", "verify", "--anchors", path)
    assert said.code == 1
    assert "vanished: record 1" in said.out
    assert "line 2, is no anchor" in said.out


@pytest.mark.parametrize("limit", ["-1", "0", "10001"])
def test_a_limit_that_cannot_be_is_refused(shared_run: Run, limit: str) -> None:
    said = shared_run("audit", "list", "--brand", "lumen", "--limit", limit)
    assert said.code == 2
    assert "--limit" in said.err


_OF_IT = "where brand_id = :brand and number"
# What whoever rules the database does to one chain of six, and the first record that tells of it.
TAMPERING = {
    "changed": (f"update outreach.audit set \"by\" = 'eve' {_OF_IT} = 3", 3),
    "deleted": (f"delete from outreach.audit {_OF_IT} = 3", 3),
    "swapped": (
        f"""update outreach.audit set number = -3 {_OF_IT} = 3;
            update outreach.audit set number = 3 {_OF_IT} = 4;
            update outreach.audit set number = 4 {_OF_IT} = -3""",
        3,
    ),
    "inserted": (
        """insert into outreach.audit
            select brand_id, 7, at, 'eve', role, deed, target, key, seal from outreach.audit
            where brand_id = :brand and number = 6""",
        7,
    ),
    "cut": (f"delete from outreach.audit {_OF_IT} > 4", 5),
    "rewritten": ("delete from outreach.audit where brand_id = :brand", 6),
    "whole": (f"update outreach.audit set number = number {_OF_IT} = 3", None),
}


def test_each_way_of_tampering_is_found_by_the_first_record_that_it_touches(
    app: Outreach, run: Run, migrated: Servers, tmp_path: Path
) -> None:
    """By whoever rules the database; who writes a chain anew has even the key."""
    known = {name: b.a_brand(app, name) for name in TAMPERING}
    for brand in known.values():
        grown(app, brand, "ada")
    path = tmp_path / "anchors"
    anchors.note(path, ends(app, known.values()), now=b.NOON)
    name = app.means.database.engine.url.database
    ruler = create_engine(migrated.superuser_url.replace("/postgres?", f"/{name}?"))
    with ruler.begin() as tx:
        for called, (deed, _) in TAMPERING.items():
            for one in deed.split(";"):
                tx.execute(text(one), {"brand": known[called].id})
    ruler.dispose()
    grown(app, known["rewritten"], "eve")
    said = run("audit", "verify", "--anchors", path, "--json")
    assert said.code == 1
    assert said.json["first_bad"] == {name: number for name, (_, number) in TAMPERING.items()}


def grown(app: Outreach, brand: BrandRef, by: str) -> None:
    """Six records more."""
    with app.means.database.begin(brand) as tx:
        for place in range(6):
            store.append(
                tx, app.link_keys[0], brand, by=by, role="admin", deed=f"POST /{place}", target="",
                now=b.NOON,
            )  # fmt: skip


def ends(app: Outreach, brands: Iterable[BrandRef]) -> Iterator[Anchor]:
    for brand in brands:
        with app.means.database.begin(brand) as tx:
            found = store.head(tx, brand)
        assert found
        yield found
