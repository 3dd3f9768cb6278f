"""Does a door open to what is hostile? It is refused or passed over, and nothing of it stays."""

from dataclasses import replace

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient
from sqlalchemy import text

from outreach.app import Outreach, back_tokens
from outreach.channels.accounts import read
from outreach.channels.vendors.catalogue import VENDORS
from outreach.db.engine import BrandRef
from outreach.events.sources import store
from outreach.hints import Hints
from outreach.inbound import refusals
from outreach.standins.vendors.catalogue import IMITATED
from outreach.web import server
from tests.builders import NOON
from tests.sources.messages import SAMPLES, Sample

HOSTILE = {
    "nothing": b"",
    "no encoding of ours": b"\xff\xfe\x00",
    "latin-1": '{"type": "é", "id": 1}'.encode("latin-1"),
    "utf-16": '{"type": "x"}'.encode("utf-16"),
    "deep and open": b"[" * 100_000,
    "deep": b'{"a":' * 900 + b"1" + b"}" * 900,
    "NUL": b'{"type": "\x00", "id": "\\u0000"}',
    "a NUL in a form": b"a=%00&MessageSid=%00&param=%00",
    "no number": b'{"type": NaN}',
    "a long number": b'{"id": ' + b"9" * 5000 + b"}",
    "an unknown topic": b'{"type": "of.another.kind", "event": "x"}',
    "10 MB": b"x" * 10 * 1024 * 1024,
}
_STORED = text("""
    select (select count(*) from outreach.inbox), (select count(*) from outreach.events),
           (select count(*) from outreach.receipts), (select count(*) from outreach.replies),
           (select count(*) from outreach.attempts)
""")
_COUNTED = text("select key, refused, set_aside from outreach.sources")
pytestmark = pytest.mark.long  # every door, a dozen times
bodies = pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)


def stored(app: Outreach, brand: BrandRef) -> tuple[int, ...]:
    with app.means.database.begin(brand) as tx:
        return tuple(tx.execute(_STORED).one())


def doors(app: Outreach, brand: BrandRef) -> dict[str, str]:
    """The address of a source of each kind."""
    with app.means.database.begin(brand) as tx:
        return {
            one.kind: "/in/" + store.add(
                tx, brand, key=one.kind, kind=one.kind, secret=one.secret, zone="Asia/Shanghai",
                test=False,
                sealing=app.sealing,
            )
            for one in SAMPLES
        }  # fmt: skip


def knock(client: TestClient, where: str, sample: Sample, body: bytes, secret: str) -> int:
    signed = sample.sign(body, secret, NOON)
    said = client.post(
        where, content=signed.body, params=dict(signed.query),
        headers={**sample.headers, **signed.headers, "x-shopify-topic": "themes/publish"},
    )  # fmt: skip
    return said.status_code


@bodies
def test_no_source_keeps_what_is_hostile(
    app: Outreach, stranger: TestClient, brand: BrandRef, body: bytes
) -> None:
    """Signed as it should be it is refused, or passed over as the platform wants; else 4xx."""
    where = doors(app, brand)
    for one in SAMPLES:
        genuine = knock(stranger, where[one.kind], one, body, one.secret)
        forged = stranger.post(where[one.kind], content=body, headers=dict(one.headers))
        assert genuine == 200 or 400 <= genuine < 500, one.kind
        assert 400 <= forged.status_code < 500 or not body, one.kind
    with app.means.database.begin(brand) as tx:
        counted = {row.key: row.refused + row.set_aside for row in tx.execute(_COUNTED)}
    assert all(counted[one.kind] for one in SAMPLES) or not body
    assert sum(stored(app, brand)) == 0


@bodies
def test_no_provider_leaves_what_is_hostile(
    app: Outreach, broker: StubBroker, brand: BrandRef, body: bytes
) -> None:
    """At every provider's address; a refusal is counted, and nothing else is."""
    found = {name: read(IMITATED[name].url.format(port=1)) for name in VENDORS}
    app = replace(app, providers={name: one for name, one in found.items() if one})
    with TestClient(server.create(app, Hints(broker)), follow_redirects=False) as client:
        said = {
            name: client.post(
                f"/back/{name}/{back_tokens(app.link_keys, name)[0]}", content=body
            ).status_code
            for name in VENDORS
        }
    signed = {name for name in VENDORS if IMITATED[name].signed}
    assert {name for name in signed if not 400 <= said[name] < 500} == set()
    assert {name for name in said if said[name] not in {200, *range(400, 500)}} == set()
    refused = {name for name, status in said.items() if status != 200}
    assert refusals.of(app.means.database).keys() == refused
    assert sum(stored(app, brand)) == 0
