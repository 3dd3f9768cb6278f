"""What came of the demo, for a marketing person? Who got what and when, who did not, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from outreach import timezones
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.demo.document import Result
from outreach.demo.world import Inhabitant
from outreach.enrolments.evidence import evidence_of
from outreach.hours.places import place_of
from outreach.people import store as people
from outreach.people.model import person_id
from outreach.reports.reasons import said

_WIDTH = 118
# Row by row; the demo is small, and this is no page of the product.
_TOUCHES = text("""
    select p.ref, c.key as campaign, t.step + 1 as step, t.channel, t.state::text, t.reason,
           t.person_id, coalesce(t.settled_at, t.due_at) as at
    from outreach.touches t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    order by at, p.ref, c.key, step
""")
_DECLINED = text("""
    select p.ref, c.key as campaign, null as step, null as channel, 'skipped' as state, n.reason,
           n.person_id, n.created_at as at
    from outreach.enrolments n
    join outreach.campaigns c on c.brand_id = n.brand_id and c.id = n.campaign_id
    join outreach.persons p on p.brand_id = n.brand_id and p.id = n.person_id
    where n.state = 'declined' order by at, p.ref, c.key
""")

Row = Mapping[str, object]


def show(app: Outreach, result: Result, inhabitants: Sequence[Inhabitant]) -> None:
    """Print it."""
    console = Console(width=_WIDTH, highlight=False)
    places = {person.ref: person.place for person in inhabitants}
    rows = _rows(app)
    console.print(_got(rows, places))
    console.print(_not(rows, places))
    console.print(_sums(result))
    for line in _closing(result):
        console.print(line)


def _rows(app: Outreach) -> list[dict[str, object]]:
    """Every candidate with its local times: of each zone that the person may be in."""
    found = []
    for ref in brands.directory(app.means.database).values():
        with app.means.database.begin(ref) as tx:
            rows = [row._asdict() for row in (*tx.execute(_TOUCHES), *tx.execute(_DECLINED))]
            known = people.by_id(tx, [row["person_id"] for row in rows])
        for row in rows:
            zones = place_of(evidence_of(known[person_id(ref, row["ref"])])).zones
            found.append(row | {"brand": ref.key, "local": _local(row["at"], zones)})
    return found


def _local(at: datetime, zones: Sequence[str]) -> str:
    """`Tue 10 10:00`, or the span of it over several zones."""
    if not zones:
        return f"{at:%a %d %H:%M} UTC, place unknown"
    walls = sorted({at.astimezone(timezones.load(zone)).replace(tzinfo=None) for zone in zones})
    first, last = (f"{wall:%a %d %H:%M}" for wall in (walls[0], walls[-1]))
    return first if first == last else f"{first} to {last}"


def _got(rows: Iterable[Row], places: Mapping[str, str]) -> Table:
    """One who got something from each place, for each brand."""
    drawn = _table("Who got what, when in their own local time (one of each place)",
                   "brand", "person", "lives in", "campaign", "by", "there it was")  # fmt: skip
    seen = set()
    for row in rows:
        home = (row["brand"], places[str(row["ref"])])
        if row["state"] in {"sent", "delivered"} and home not in seen:
            seen.add(home)
            what = f"{row['campaign']} {row['step']}"
            _add(drawn, home[0], row["ref"], home[1], what, row["channel"], row["local"])
    return drawn


def _not(rows: Iterable[Row], places: Mapping[str, str]) -> Table:
    """How many did not, by brand and reason, with one of them."""
    drawn = _table("Who did not, and why", "brand", "how many", "because", "such as")
    counted: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        if row["state"] not in {"sent", "delivered"}:
            key = (row["brand"], row["state"] == "planned", row["reason"])
            counted.setdefault(key, []).append(row)
    for (brand, waits, reason), group in sorted(counted.items(), key=_by_size):
        words = said(str(reason)).phrase("en") if reason else "its time has not come"
        held = "held: " if waits and reason else ""
        example = str(group[0]["ref"])
        such_as = f"{example}, {places[example]}: {group[0]['campaign']}"
        _add(drawn, brand, len(group), f"{held}{words}", such_as)
    return drawn


def _by_size(item: tuple[tuple[object, ...], list[Row]]) -> tuple[str, int, str]:
    return (str(item[0][0]), -len(item[1]), str(item[0]))


def _sums(result: Result) -> Table:
    drawn = _table("The account", "brand / campaign", "candidates", "sent", "skipped", "failed",
                   "cancelled", "uncertain", "open", "closes")  # fmt: skip
    for key, account in result.accounts().items():
        parts = (
            account.candidates, account.sent, sum(account.skipped.values()),
            sum(account.failed.values()), sum(account.cancelled.values()), account.uncertain,
            sum(account.open.held.values()) + account.open.waiting,
        )  # fmt: skip
        _add(drawn, key, *parts, "yes" if account.closes else "NO")
    return drawn


def _closing(result: Result) -> list[str]:
    accounts = result.accounts().values()
    total, sent = sum(a.candidates for a in accounts), sum(a.sent for a in accounts)
    calls = sent - sum(len(touches) for touches in result.ledger_sent.values())
    events = asdict(result.tally)
    same = "the same, id by id" if result.receivers == result.ledger_sent else "NOT THE SAME"
    told = f"{events['accepted']} accepted + {events['already_seen']} already seen"
    closes = "yes" if all(account.closes for account in accounts) else "NO"
    mails, texts = len(result.receivers["email"]), len(result.receivers["sms"])
    return [
        f"events: {events['sent']} reported = {told} + {events['refused']} refused",
        f"sum: {total} candidates, {sent} sent ({calls} as calls); every account closes: {closes}",
        f"the mail server received {mails}, the SMS gateway {texts}; ledger: {same}",
        f"{result.document['elapsed_s']} s. Calling hours are a reference, not legal advice.",
    ]


def _add(drawn: Table, *cells: object) -> None:
    drawn.add_row(*(str(cell) for cell in cells))


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
