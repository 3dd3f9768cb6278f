"""Why was this sent, or why not, and when will it be?

Reads a touch with all that is known now, judges it as the gate would when it is due, and puts the
recorded verdicts beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from outreach.bilingual import Language
from outreach.brands.model import Brand
from outreach.dispatch import claims
from outreach.dispatch.facts import gather
from outreach.dispatch.means import Means
from outreach.dispatch.model import Touch
from outreach.enrolments.waiting import CLOCK
from outreach.errors import NotFound
from outreach.reports import records
from outreach.reports.explaining import explained
from outreach.reports.model import Explanation, PersonExplained, Rows
from outreach.reports.reasons import said

MOST = 200
"""Touches, and refusals, of a person that are explained: the newest."""
_HISTORY = text("""
    select touch_id, at, stage, verdict, reason, until, pack, because from outreach.verdicts
    where touch_id = any(:touches) order by id
""")
_ATTEMPTS = text("""
    select touch_id, started_at, channel, outcome, provider_id, detail from outreach.attempts
    where touch_id = any(:touches) order by started_at
""")
# By way of the passages: they are found by their person, and touches by their passage.
_OF_PERSON = text("""
    select newest.id from (
        select t.id, t.planned_for from outreach.enrolments n
        join outreach.touches t on t.brand_id = n.brand_id and t.enrolment_id = n.id
        where n.person_id = :person and n.state <> 'declined'
        order by t.planned_for desc, t.id desc limit :most) newest
    order by newest.planned_for, newest.id
""")
_DECLINED = text("""
    select newest.* from (
        select c.key as campaign, n.reason, n.detail, n.created_at
        from outreach.enrolments n
        join outreach.campaigns c on c.brand_id = n.brand_id and c.id = n.campaign_id
        where n.person_id = :person and n.state = 'declined'
        order by n.created_at desc limit :most) newest
    order by newest.created_at
""")
_WAITS = text("""
    select c.key as campaign, w.step, w.event_type, w.began_at, w.due_at
    from outreach.waits w
    join outreach.campaigns c on c.brand_id = w.brand_id and c.id = w.campaign_id
    where w.person_id = :person and w.ended_at is null order by w.due_at limit 200
""")


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
    """Explain what was planned, declined or waited for of a person, beside what is on record.

    Of touches and refusals the newest 200 each, oldest first.
    """
    newest = {"person": person_id, "most": MOST}
    keys = [row.id for row in tx.execute(_OF_PERSON, newest)]
    declined = [row._asdict() for row in tx.execute(_DECLINED, newest)]
    for one in declined:
        one["sentence"] = said(one["reason"]).phrase(language)
        one["repair"] = said(one["reason"]).repair(language)
    waits = [row._asdict() for row in tx.execute(_WAITS, {"person": person_id})]
    for one in waits:
        one["sentence"] = _waits(one, language)
    return PersonExplained(
        touches(tx, means, brand, keys, language=language),
        tuple(declined),
        tuple(waits),
        records.of_person(tx, person_id, language=language),
    )


def _waits(wait: Mapping[str, Any], language: Language) -> str:
    event_type, until = wait["event_type"], f"{wait['due_at'].astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if wait["step"] == CLOCK:
        if language == "zh-CN":
            return f"等待 {event_type} 不再发生,直至 {until}。"
        return f"It waits until nothing more of {event_type} has happened by {until}."
    if language == "zh-CN":
        return f"等待 {event_type},最迟至 {until}。"
    return f"It waits for {event_type}, until {until} at the latest."


def touches(
    tx: Connection, means: Means, brand: Brand, keys: Sequence[UUID], *, language: Language
) -> tuple[Explanation, ...]:
    """Explain these touches, in the order asked for; those that are not there are left out."""
    known = claims.get(tx, keys)
    asked = [known[key] for key in keys if key in known]
    if not asked:
        return ()
    gathered = gather(tx, means, brand, asked, now=means.clock())
    history, attempts = _by_touch(tx, _HISTORY, asked), _by_touch(tx, _ATTEMPTS, asked)
    return tuple(
        explained(
            gathered.facts[one.id],
            language,
            state=one.state,
            history=history.get(one.id, ()),
            attempts=attempts.get(one.id, ()),
        )
        for one in asked
    )


def _by_touch(tx: Connection, statement: TextClause, asked: Sequence[Touch]) -> dict[UUID, Rows]:
    """The lines that a statement finds for each of these touches."""
    found: dict[UUID, Rows] = {}
    for row in tx.execute(statement, {"touches": [one.id for one in asked]}):
        line = row._asdict()
        key = line.pop("touch_id")
        found[key] = (*found.get(key, ()), line)
    return found
