"""Do planning and audiences read what their set needs, however much there is beside it?

`python -m bench.plans [PERSONS] [--json]`. A brand with fifty thousand persons and three times as
many events plans a set of each kind: a chunk of everybody, a chunk of an audience by its history,
events that somebody reported. Then one with a million. Told are the rows that PostgreSQL says it
read in that transaction, in sequence or by an index, for each person of the set: a plan that reads
a table whole beside a million would read twenty times as many.
"""

from hashlib import md5
from uuid import UUID

from sqlalchemy import Connection, text

from bench import figures, stage
from bench.audience import NOW
from bench.audience_count import FILL, fill
from bench.planning import go_live
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.enrolments import enrol, intake, planner
from outreach.events.model import Event, event_id

FEW, MANY, TOLD, MOST = 50_000, 1_000_000, 1000, 1.3
EVERYBODY = """\
{key: everybody, name: {en: News}, purpose: service, trigger: {audience: all, at: 2026-03-12T10:00},
 steps: [{key: one, channels: [email], template: news}]}
"""
BY_HISTORY = """\
{key: by-history, name: {en: News}, purpose: service,
 trigger: {audience: {count: events, within: 90 d, operator: at_least, value: 2,
                      where: {field: events.type, operator: is, value: parcel.delivered}},
           at: 2026-03-12T10:00},
 steps: [{key: one, channels: [email], template: news}]}
"""
DELIVERED = """\
{key: tutorial, name: {en: Tutorial}, purpose: service, trigger: {event: parcel.delivered},
 exits: [{event: order.refunded, same: order}],
 steps: [{key: one, after: 2 d, at: "10:00", channels: [email], template: news}]}
"""
READ = text("""
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))
    from pg_stat_xact_user_tables where schemaname = 'outreach'
""")


def main() -> None:
    (many,) = figures.sizes(__doc__, MANY)
    few, much = measured(FEW), measured(many)
    one = {**{f"{name}, few": rows for name, rows in few.items()}, **much}
    figures.report(
        figures.of_rounds([one], name, f"{name}, few", must=MOST, unit="rows") for name in much
    )


def measured(persons: int) -> dict[str, float]:
    """Rows read for each person of a set, by what is planned."""
    with stage.servers() as servers:
        app = stage.built(servers)
        brand = stage.brand(app)
        fill(stage.as_superuser(servers), persons, FILL[1:])  # the brand is there
        told = {
            "a chunk of everybody": _chunk(app, brand, EVERYBODY, "everybody"),
            "a chunk by history": _chunk(app, brand, BY_HISTORY, "by-history"),
            "events": _events(app, brand),
        }
        app.close()
    return told


def _chunk(app: Outreach, brand: BrandRef, document: str, key: str) -> float:
    go_live(app, brand, document, key)
    with app.means.database.begin(brand) as tx:
        done = planner.plan_next(tx, app.means.book, brand, now=NOW)
        return _read(tx) / done


def _events(app: Outreach, brand: BrandRef) -> float:
    go_live(app, brand, DELIVERED, "tutorial")
    with app.means.database.begin(brand) as tx:
        told = [_delivered(brand, number) for number in range(1, TOLD + 1)]
        intake.accept(tx, brand, told, source="shop", refused=0, now=NOW)
    with app.means.database.begin(brand) as tx:
        done = enrol.enrol(tx, app.means.book, brand, now=NOW)
        return _read(tx) / done


def _delivered(brand: BrandRef, number: int) -> Event:
    key, person = f"parcel.delivered:N-{number}", UUID(md5(f"p{number}".encode()).hexdigest())
    data = {"parcel": f"N-{number}", "order": f"O-{number}"}
    ref = f"c-{number}"
    return Event(event_id(brand, key), "parcel.delivered", key, ref, person, NOW, "shop", data)


def _read(tx: Connection) -> float:
    """Rows of all tables that this transaction has read so far."""
    return float(tx.execute(READ).scalar_one())


if __name__ == "__main__":
    main()
