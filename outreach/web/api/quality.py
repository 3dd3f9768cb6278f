"""Which calls and replies does a lead look at, and how good were they?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from outreach.callbacks import quality, reply_quality
from outreach.callbacks.quality import Rule
from outreach.web.auth import Authorized
from outreach.web.shapes import Note, Text

router = APIRouter(tags=["quality"])

_MONTH = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class DrawnCall:
    """A call to look at."""

    call: str
    agent: str
    campaign: str
    disposition: str
    ended_at: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """Calls, drawn by chance."""

    calls: list[DrawnCall]


@dataclass(frozen=True, slots=True)
class DrawnReply:
    """What was written, as what it was read by which rule, and the campaign that it answered."""

    reply: str
    channel: str
    at: datetime
    intent: str
    rule: str
    campaign: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ReplySample:
    """Replies, drawn by chance."""

    replies: list[DrawnReply]


@dataclass(frozen=True, slots=True)
class ReplyResultShown:
    """How good replies of an intent to a campaign were dealt with, from 0 to 1."""

    intent: str
    campaign: str | None
    replies: int
    share: float
    worst: float


@dataclass(frozen=True, slots=True)
class ReplyResults:
    """By intent and campaign."""

    results: list[ReplyResultShown]


@dataclass(frozen=True, slots=True)
class Scoring:
    """How many points a call or reply got for each question, and who says so."""

    call: Text
    lead: Text
    points: dict[Text, int]
    note: Note = ""


@dataclass(frozen=True, slots=True)
class CallScored:
    """How good the call was, from 0 to 1."""

    call: str
    share: float


@dataclass(frozen=True, slots=True)
class ResultShown:
    """How good the calls of an agent for a campaign were, from 0 to 1."""

    agent: str
    campaign: str
    calls: int
    share: float
    worst: float


@dataclass(frozen=True, slots=True)
class Results:
    """By agent and campaign."""

    results: list[ResultShown]


@router.get("/quality/{card}/sample")
def draw_sample(  # FastAPI reads the query off the parameters
    caller: Authorized,
    card: Text,
    name: Text,
    many: Annotated[int, Query(ge=1, le=1000)] = 10,
    agent: Text | None = None,
    campaign: Text | None = None,
    disposition: Text | None = None,
    since: AwareDatetime | None = None,
) -> Sample:
    """Calls that fit and were not scored yet; the same `name` draws the same ones."""
    rule = Rule(since or caller.means.clock() - _MONTH, agent, campaign, disposition)
    with caller.begin() as tx:
        drawn = quality.sample(tx, card, rule, name=name, many=many)
    return Sample(
        [DrawnCall(d.call, d.agent, d.campaign, d.disposition, d.ended_at, d.note) for d in drawn]
    )


@router.get("/quality/{card}/replies")
def draw_replies(  # FastAPI reads the query off the parameters
    caller: Authorized,
    card: Text,
    name: Text,
    many: Annotated[int, Query(ge=1, le=1000)] = 10,
    intent: Text | None = None,
    channel: Text | None = None,
    campaign: Text | None = None,
    since: AwareDatetime | None = None,
) -> ReplySample:
    """Replies that fit and were not scored yet; the same `name` draws the same ones."""
    rule = reply_quality.Rule(since or caller.means.clock() - _MONTH, intent, channel, campaign)
    with caller.begin() as tx:
        drawn = quality.sample_replies(tx, card, rule, name=name, many=many)
    return ReplySample(
        [DrawnReply(d.reply, d.channel, d.at, d.intent, d.rule, d.campaign, d.text) for d in drawn]
    )


@router.get("/quality/{card}/replies/results")
def list_reply_results(
    caller: Authorized, card: Text, since: AwareDatetime | None = None
) -> ReplyResults:
    """How good replies were dealt with, by what they were read as and campaign."""
    with caller.begin() as tx:
        since = since or caller.means.clock() - _MONTH
        found = quality.reply_results(tx, card, since=since)
    return ReplyResults(
        [
            ReplyResultShown(one.intent, one.campaign, one.replies, one.share, one.worst)
            for one in found
        ]
    )


@router.post("/quality/{card}/scores", status_code=201)
def score_call(caller: Authorized, card: Text, scoring: Scoring) -> CallScored:
    """Write down how good a call, or a reply `rpl_…`, was; once for each scorecard."""
    with caller.begin() as tx:
        share = quality.score(
            tx, caller.brand, card, scoring.call, scoring.points,
            lead=scoring.lead, note=scoring.note, now=caller.means.clock(),
        )  # fmt: skip
    return CallScored(scoring.call, share)


@router.get("/quality/{card}/results")
def list_results(caller: Authorized, card: Text, since: AwareDatetime | None = None) -> Results:
    """How good calls were, by agent and campaign."""
    with caller.begin() as tx:
        found = quality.results(tx, card, since=since or caller.means.clock() - _MONTH)
    return Results(
        [ResultShown(one.agent, one.campaign, one.calls, one.share, one.worst) for one in found]
    )
