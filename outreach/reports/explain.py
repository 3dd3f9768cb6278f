"""Why was this sent, or why not, and when will it be?

Reads one touch with all that is known now, judges it as the gate would at this instant, and puts the
recorded verdicts beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from outreach import ids
from outreach.brands.model import Brand
from outreach.dispatch import store
from outreach.dispatch.facts import gather
from outreach.dispatch.gate import judge
from outreach.dispatch.means import Means
from outreach.dispatch.model import Facts, Hold, Send, Skip, Touch, Verdict
from outreach.errors import NotFound
from outreach.reports.reasons import Language, said

_HISTORY = text("""
    select at, stage, verdict, reason, until, pack, because from outreach.verdicts
    where touch_id = :touch order by id
""")
_ATTEMPTS = text("""
    select started_at, channel, outcome, provider_id, detail from outreach.attempts
    where touch_id = :touch order by started_at
""")
_OF_PERSON = text("""
    select id from outreach.touches where person_id = :person order by planned_for, id limit 200
""")
_DECLINED = text("""
    select c.key as campaign, n.reason, n.detail, n.created_at
    from outreach.enrolments n
    join outreach.campaigns c on c.brand_id = n.brand_id and c.id = n.campaign_id
    where n.person_id = :person and n.state = 'declined' order by n.created_at limit 200
""")


@dataclass(frozen=True, slots=True)
class Citation:
    """A rule that bears on the answer, and where it stands."""

    rule: str
    jurisdiction: str
    source: str
    basis: str
    binding: bool
    confidence: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One touch, explained: a sentence first, then everything that it rests on."""

    touch: str
    campaign: str
    channel: str
    purpose: str
    state: str
    reason: str | None
    sentence: str
    repair: str
    due_at: datetime
    useless_after: datetime
    zones: tuple[str, ...]
    local_times: tuple[str, ...]
    evidence: tuple[str, ...]
    citations: tuple[Citation, ...]
    consent: str
    now_says: str
    next_at: datetime | None
    pack: str
    history: tuple[dict[str, object], ...]
    attempts: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class PersonExplained:
    """Everything planned for a person, and every passage that did not begin."""

    touches: tuple[Explanation, ...]
    declined: tuple[dict[str, object], ...]


def touch(
    tx: Connection, means: Means, brand: Brand, touch_id: UUID, *, language: Language
) -> Explanation:
    """Explain one touch. Raises `NotFound`."""
    found = touches(tx, means, brand, [touch_id], language=language)
    if not found:
        raise NotFound("there is no such touch")
    return found[0]


def person(
    tx: Connection, means: Means, brand: Brand, person_id: UUID, *, language: Language
) -> PersonExplained:
    """Explain all that was planned or declined for one person."""
    keys = [row.id for row in tx.execute(_OF_PERSON, {"person": person_id})]
    declined = [row._asdict() for row in tx.execute(_DECLINED, {"person": person_id})]
    for one in declined:
        one["sentence"] = said(one["reason"]).phrase(language)
    return PersonExplained(touches(tx, means, brand, keys, language=language), tuple(declined))


def touches(
    tx: Connection, means: Means, brand: Brand, keys: Sequence[UUID], *, language: Language
) -> tuple[Explanation, ...]:
    """Explain these touches, in the order asked for; those that are not there are left out."""
    known = store.get(tx, keys)
    asked = [known[key] for key in keys if key in known]
    if not asked:
        return ()
    gathered = gather(tx, means, brand, asked, now=means.clock())
    return tuple(_explained(tx, gathered.facts[t.id], language) for t in asked)


def _explained(tx: Connection, facts: Facts, language: Language) -> Explanation:
    one, verdict = facts.touch, judge(facts)
    reason = one.reason or _reason(verdict, one)
    return Explanation(
        touch=ids.shown(ids.TOUCH, one.id),
        campaign=facts.campaign,
        channel=one.channel,
        purpose=one.purpose,
        state=one.state,
        reason=reason,
        sentence=_sentence(one, reason, language),
        repair=said(reason).repair(language) if reason else "",
        due_at=one.due_at,
        useless_after=one.useless_after,
        zones=facts.place.zones,
        local_times=tuple(_local(one.due_at, zone) for zone in facts.place.zones),
        evidence=facts.place.evidence,
        citations=_citations(facts),
        consent=facts.decision.sentence if facts.decision else said("no_address").phrase(language),
        now_says={Send: "send", Hold: "hold", Skip: "skip"}[type(verdict)],
        next_at=_next(verdict, one),
        pack=facts.pack,
        history=tuple(row._asdict() for row in tx.execute(_HISTORY, {"touch": one.id})),
        attempts=tuple(row._asdict() for row in tx.execute(_ATTEMPTS, {"touch": one.id})),
    )


def _reason(verdict: Verdict, one: Touch) -> str | None:
    """What the gate would object to now, for a touch that still waits."""
    waits = one.state == "planned" and not isinstance(verdict, Send)
    return verdict.reason if waits and not isinstance(verdict, Send) else None


def _next(verdict: Verdict, one: Touch) -> datetime | None:
    if one.state != "planned":
        return None
    return verdict.until if isinstance(verdict, Hold) else one.due_at


def _sentence(one: Touch, reason: str | None, language: Language) -> str:
    zh = language == "zh-CN"
    why = said(reason).phrase(language) if reason else ""
    match one.state:
        case "sent" | "delivered":
            return "已发送。" if zh else "It was sent."
        case "planned" if not reason:
            return "等待发送时间。" if zh else "It waits for its time."
        case "planned":
            return f"暂缓发送:{why}。" if zh else f"It is held: {why}."
        case "uncertain":
            return f"结果待确认:{why}。" if zh else f"We do not know whether it was sent: {why}."
        case "claimed" | "calling":
            return "正在发送。" if zh else "It is being sent right now."
        case _:
            return f"未发送:{why}。" if zh else f"It was not sent: {why}."


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def _citations(facts: Facts) -> tuple[Citation, ...]:
    return tuple(
        Citation(r.id, r.jurisdiction, r.source, r.basis, r.binding, r.confidence)
        for r in facts.admission.rules
    )
