"""What would a campaign do, or have done, if these days passed?  `POST /api/v1/replays`

The answer comes as lines of JSON while the days pass. Bounded: so many days, events and lines, and
one replay at a time in a web process, since each takes a database of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Lock
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter
from fastapi.encoders import jsonable_encoder
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, ConfigDict, Field

from optout.model import Channel
from outreach.campaigns import document
from outreach.errors import Conflict, Invalid
from outreach.replay import ground, load, stream
from outreach.replay.asked import Question
from outreach.replay.carried import carried
from outreach.replay.moments import Days
from outreach.replay.run import Draft
from outreach.replay.stream import Wanted
from outreach.shapes import STRICT
from outreach.web.auth import Authorized, Caller
from outreach.web.shapes import Text

router = APIRouter(tags=["campaigns"])

LONGEST = timedelta(days=92)
_EVENTS, _LINES = 1000, 10_000
_HANDLING = timedelta(minutes=5)
_NDJSON = "application/x-ndjson"
_turn = Lock()

Price = Annotated[Decimal, Field(ge=0, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class ReplayAsked:
    """A campaign by its key, or a draft of it; in which days, or by which supposed events.

    `against` is a version to compare with; `capacity` such as `sms=3600`, an hour; `price` per
    message and channel; `every` how many minutes lie between two looks, none being exact; `rows`
    at most so many lines of contacts.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    campaign: Text
    source: Annotated[str, Field(max_length=200_000)] | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    events: Annotated[list[dict[str, Any]], Field(max_length=_EVENTS)] | None = None
    against: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    scale: Annotated[int, Field(ge=1, le=10_000)] = 1
    every: Annotated[int, Field(ge=0, le=1440)] = 0
    rows: Annotated[int, Field(ge=0, le=_LINES)] = 1000
    capacity: Annotated[list[Text], Field(max_length=20)] = field(default_factory=list)
    price: Mapping[Channel, Price] = field(default_factory=dict)


@router.post("/replays", response_class=StreamingResponse)
def replay(caller: Authorized, asking: ReplayAsked) -> StreamingResponse:
    """Lines of JSON: `at` as days pass, `row` and `change` of contacts, then `answer` or `error`.

    Nothing is sent or written. 409 while another replay is under way in this process.
    """
    wanted = _wanted(caller, asking)
    if not _turn.acquire(blocking=False):
        raise Conflict("a replay is under way: ask again when it has ended")
    told = stream.Lines(
        caller.door.app, caller.brand, wanted, place=ground.embedded, ended=_turn.release
    )
    written = (
        json.dumps(jsonable_encoder(line), ensure_ascii=False).encode() + b"\n" for line in told
    )
    return StreamingResponse(written, media_type=_NDJSON)


def _wanted(caller: Caller, asking: ReplayAsked) -> Wanted:
    """What is asked for. Raises `Invalid` for what cannot be asked, `NotFound` for no campaign."""
    known = load.read(asking.capacity)
    question = Question(
        asking.campaign,
        _draft(asking),
        days=_days(asking.since, asking.until, events=asking.events is not None),
        events=None if asking.events is None else [json.dumps(e).encode() for e in asking.events],
        against=asking.against,
        every=timedelta(minutes=asking.every),
    )
    if question.draft is None or question.against is not None:
        with caller.begin() as tx:
            caller.means.book.of(tx, asking.campaign)
    held_against = carried(caller.door.app, caller.brand, known, handling=_HANDLING)
    prices = {channel.value: price for channel, price in asking.price.items()}
    return Wanted(question, asking.rows, held_against, prices, asking.scale)


def _draft(asking: ReplayAsked) -> Draft | None:
    if asking.source is None:
        return None
    campaign = document.read(asking.source, name="source")
    if campaign.key != asking.campaign:
        raise Invalid(f"the document's key is {campaign.key!r}, and not {asking.campaign!r}")
    return Draft(campaign.key, asking.source)


def _days(since: datetime | None, until: datetime | None, *, events: bool) -> Days | None:
    if since is None and until is None and events:
        return None
    if since is None or until is None:
        raise Invalid("say which days: `since` and `until`, or `events` alone")
    if not since < until <= since + LONGEST:
        raise Invalid(f"`until` must come after `since`, at most {LONGEST.days} days")
    return Days(since, until)
