"""What if these events happened? Events of a file take their place among what came in."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, text

from outreach.db.engine import BrandRef
from outreach.errors import Invalid, Problem
from outreach.events import reading
from outreach.events.model import Event, Refusal
from outreach.replay.moments import Days
from outreach.replay.taking import KEPT

AFTERWARDS = timedelta(days=30)
"""For so long what such events begin is followed."""

_BATCH = 500
_SHOWN = 20
_NDJSON = "application/x-ndjson"
_KEEP = text(f"""
    insert into {KEPT}.events
        (brand_id, id, type, key, subject, person_id, source, occurred_at, received_at, state, data)
    select distinct on (id) :brand, id, type, key, subject, person_id, source, occurred_at,
           occurred_at, 'pending', data
    from jsonb_to_recordset(cast(:events as jsonb)) as given(
        id uuid, type text, key text, subject text, person_id uuid, source text,
        occurred_at timestamptz, data jsonb)
    where id not in (select id from {KEPT}.events)
""")


@dataclass(frozen=True, slots=True)
class Given:
    """How many events there were, and the days that they span."""

    events: int
    days: Days


def take_in(ground: Connection, brand: BrandRef, lines: Iterable[bytes], *, now: datetime) -> Given:
    """Let these events, one in JSON a line, have come in as they happened.

    One that the log has already is no other. Raises `Invalid`, naming the first lines that cannot
    be read, or a file without any.
    """
    many, since, until = 0, None, None
    read = _read(brand, lines, now)
    while batch := list(islice(read, _BATCH)):
        ground.execute(_KEEP, {"brand": brand.id, "events": _document(batch)})
        many += len(batch)
        happened = [event.occurred_at for event in batch]
        since, until = min(filter(None, [since, *happened])), max(filter(None, [until, *happened]))
    if since is None or until is None:
        raise Invalid("the file holds no event: write one CloudEvent in JSON a line")
    return Given(many, Days(since, until + AFTERWARDS))


def _read(brand: BrandRef, lines: Iterable[bytes], now: datetime) -> Iterator[Event]:
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        for raw in reading.raw_events(_NDJSON, {}, line):
            one = reading.read(raw, position=number, brand=brand, now=_then(raw, now))
            if isinstance(one, Refusal):
                problems.append(Problem(f"line {number}", one.sentence))
            else:
                yield one
        if len(problems) >= _SHOWN:
            break
    if problems:
        raise Invalid("not every event can be read", problems=problems)


def _then(raw: object, now: datetime) -> datetime:
    """When it is said to happen: what is supposed may lie ahead."""
    time = raw.get("time") if isinstance(raw, dict) else None
    try:
        at = datetime.fromisoformat(str(time))
    except ValueError:
        return now
    return now if at.tzinfo is None else max(at, now)


def _document(events: Sequence[Event]) -> str:
    return json.dumps(
        [
            {
                "id": str(event.id), "type": event.type, "key": event.key,
                "subject": event.subject, "person_id": str(event.person_id),
                "source": event.source, "occurred_at": event.occurred_at.isoformat(),
                "data": event.data,
            }
            for event in events
        ]
    )  # fmt: skip
