"""What is there to say of a contact, given all that is known of it?

Pure. Its first line is one sentence: what became of it, what holds it, or what would, were nothing
to change before it is due.
"""

from collections.abc import Mapping
from datetime import datetime

from outreach import ids, timezones
from outreach.bilingual import Language
from outreach.dispatch.gate import judge
from outreach.dispatch.model import Facts, Hold, Send, Skip, Touch, Verdict
from outreach.reports.model import Citation, Explanation, Rows
from outreach.reports.reasons import said
from outreach.reports.remedies import Said, remedy

SUPPOSED = "supposed"
"""The state of a contact that is only asked about."""

# Which of the gate's eight checks says it.
_CHECKS = {
    **dict.fromkeys(
        (
            "no_address", "withdrawn", "blocked", "no_consent", "on_register", "register_stale",
            "not_established", "forbidden",
        ),
        "consent",
    ),
    "care_hold": "care_hold",
    "deceased": "care_hold",
    "place_unknown": "place_known",
    "outside_hours": "within_hours",
    "no_lawful_hour": "within_hours",
    "day_left_out": "on_its_days",
    "capped": "under_caps",
    "outranked": "outranked",
    "too_late": "still_useful",
}  # fmt: skip
_WORD = {Send: "send", Hold: "hold", Skip: "skip"}
_PLAIN: Mapping[str, tuple[str, str]] = {
    "sent": ("It was sent.", "已发送。"),
    "delivered": ("It was sent.", "已发送。"),
    "claimed": ("It is being sent right now.", "正在发送。"),
    "calling": ("It is being sent right now.", "正在发送。"),
    "planned": ("It waits for its time.", "等待发送时间。"),
    SUPPOSED: ("It would be sent.", "届时将会发送。"),
}
_NOT_SENT = ("It was not sent: {}.", "未发送:{}。")
_BECAUSE: Mapping[str, tuple[str, str]] = {
    "planned": ("It is held: {}.", "暂缓发送:{}。"),
    "uncertain": ("We do not know whether it was sent: {}.", "结果待确认:{}。"),
    "planned, hold": (
        "It waits for its time, and would then be held: {}.", "等待发送时间;届时将暂缓:{}。",
    ),
    "planned, skip": (
        "It waits for its time, and would then not be sent: {}.", "等待发送时间;届时将不发送:{}。",
    ),
    "supposed, hold": ("It would be held: {}.", "届时将暂缓发送:{}。"),
    "supposed, skip": ("It would not be sent: {}.", "届时将不会发送:{}。"),
}  # fmt: skip


def explained(
    facts: Facts, language: Language, *, state: str, history: Rows = (), attempts: Rows = ()
) -> Explanation:
    """The contact, with what the gate says of it when it is due, and what would change that."""
    one, verdict = facts.touch, judge(facts)
    found = _said(one, verdict, history, state=state)
    return Explanation(
        touch="" if state == SUPPOSED else ids.shown(ids.TOUCH, one.id),
        person=ids.shown(ids.PERSON, one.person_id),
        campaign=facts.campaign,
        step=facts.named.step if facts.named else "",
        channel=one.channel,
        purpose=one.purpose,
        state=state,
        reason=found.reason if found else None,
        sentence=_sentence(one, found, verdict, language, state=state),
        check=_check(found),
        because=found.because if found else {},
        cap=_cap(found),
        repair=remedy(found, language) if found else "",
        due_at=one.due_at,
        useless_after=one.useless_after,
        zones=facts.place.zones,
        local_times=tuple(_local(one.due_at, zone) for zone in facts.place.zones),
        evidence=facts.place.evidence,
        citations=_citations(facts),
        consent=facts.decision.sentence if facts.decision else said("no_address").phrase(language),
        now_says=_WORD[type(verdict)],
        next_at=_next(verdict, one, state),
        pack=facts.pack,
        history=history,
        attempts=attempts,
    )


def _said(one: Touch, verdict: Verdict, history: Rows, *, state: str) -> Said | None:
    """What is to be explained: an objection of now, or the one that is on record."""
    now = None if isinstance(verdict, Send) else verdict
    if one.reason is None:
        waits = state in {"planned", SUPPOSED}
        return Said(now.reason, now.because, _until(now)) if now and waits else None
    if now and now.reason == one.reason and state == "planned":
        return Said(one.reason, now.because, _until(now))
    told = next((line for line in reversed(history) if line["reason"] == one.reason), None)
    because = told["because"] if told else None
    known = because if isinstance(because, Mapping) else {}
    return Said(one.reason, known, one.due_at if state == "planned" else None)


def _until(verdict: Hold | Skip) -> datetime | None:
    return verdict.until if isinstance(verdict, Hold) else None


def _check(found: Said | None) -> str | None:
    if found is None:
        return None
    return _CHECKS.get(str(found.because.get("held_by", found.reason)))


def _cap(found: Said | None) -> str | None:
    cap = found.because.get("cap") if found else None
    return None if cap is None else str(cap)


def _next(verdict: Verdict, one: Touch, state: str) -> datetime | None:
    if state not in {"planned", SUPPOSED} or (state == SUPPOSED and isinstance(verdict, Skip)):
        return None
    return verdict.until if isinstance(verdict, Hold) else one.due_at


def _sentence(
    one: Touch, found: Said | None, verdict: Verdict, language: Language, *, state: str
) -> str:
    column = 1 if language == "zh-CN" else 0
    if found is None or (state in _PLAIN and state not in {"planned", SUPPOSED}):
        return _PLAIN[state][column]
    foreseen = state == SUPPOSED or (state == "planned" and one.reason is None)
    key = f"{state}, {_WORD[type(verdict)]}" if foreseen else state
    return _BECAUSE.get(key, _NOT_SENT)[column].format(said(found.reason).phrase(language))


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(timezones.load(zone)):%Y-%m-%d %H:%M} {zone}"


def _citations(facts: Facts) -> tuple[Citation, ...]:
    return tuple(
        Citation(r.id, r.jurisdiction, r.source, r.basis, r.binding, r.confidence)
        for r in facts.admission.rules
    )
