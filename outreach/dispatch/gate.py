"""May this touch go out now? The one gate in front of every contact.

Pure: facts in, verdict out. Eight checks in the order in which they are read aloud; the first that
objects decides, and where a check does not know, it objects.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from optout.model import Channel, Purpose
from optout.model import Reason as Consent
from outreach.dispatch.caps import full_until
from outreach.dispatch.model import Attempted, Facts, Hold, Named, Reason, Send, Skip, Verdict

Check = Callable[[Facts], Hold | Skip | None]

_CONSENT = {
    Consent.WITHDRAWN: Reason.WITHDRAWN,
    Consent.BLOCKED: Reason.BLOCKED,
    Consent.NO_CONSENT: Reason.NO_CONSENT,
    Consent.ON_REGISTER: Reason.ON_REGISTER,
    Consent.REGISTER_STALE: Reason.REGISTER_STALE,
    Consent.NOT_ESTABLISHED: Reason.NOT_ESTABLISHED,
    Consent.FORBIDDEN: Reason.FORBIDDEN,
}
# What an open complaint mutes. Service goes on: the message about the case is itself service.
_MUTED = frozenset({Purpose.SURVEY, Purpose.REVIEW, Purpose.RENEWAL, Purpose.MARKETING})
_AGAIN = timedelta(hours=6)
_PLACE_BOUND = frozenset({Channel.VOICE, Channel.SMS})


def consent(facts: Facts) -> Skip | None:
    """A person who said no, or never said yes where yes is needed, is left alone."""
    if facts.decision is None:
        return Skip(Reason.NO_ADDRESS)
    if facts.decision.allowed:
        return None
    return Skip(_CONSENT[facts.decision.reason], {"sentence": facts.decision.sentence})


def care_hold(facts: Facts) -> Hold | Skip | None:
    """While a case is open, and a while after, nothing is asked of that person.

    Nobody writes to the dead.
    """
    care = facts.care
    if care.deceased:
        return Skip(Reason.DECEASED)
    if facts.touch.purpose not in _MUTED:
        return None
    if care.cases:
        return Hold(Reason.CARE_HOLD, None, {"cases": list(care.cases)})
    if care.elsewhere:
        return Hold(Reason.CARE_HOLD, _look_again(facts), {"elsewhere": True})
    if care.lifts_at and facts.now < care.lifts_at:
        return Hold(Reason.CARE_HOLD, care.lifts_at, {"lifts_at": care.lifts_at.isoformat()})
    return None


def place_known(facts: Facts) -> Hold | None:
    """Without a place there are no lawful hours for a call, an SMS, or a mail bound to hours."""
    bound = facts.touch.channel in _PLACE_BOUND or not facts.admission.allowed
    if bound and not facts.place.known:
        return Hold(Reason.PLACE_UNKNOWN, None, {"evidence": list(facts.place.evidence)})
    return None


def within_hours(facts: Facts) -> Hold | Skip | None:
    """Inside the window of every place where the person may be."""
    admission = facts.admission
    if admission.allowed:
        return None
    because = {"rules": [rule.id for rule in admission.rules], "zones": list(admission.zones)}
    if admission.next_at is None:
        return Skip(Reason.NO_LAWFUL_HOUR, because)
    return Hold(Reason.OUTSIDE_HOURS, admission.next_at, because)


def on_its_days(facts: Facts) -> Hold | None:
    """Not on a day that its step leaves out, at any of the places where the person may be."""
    until = facts.day_off_until
    return Hold(Reason.DAY_LEFT_OUT, until, {"zones": list(facts.place.zones)}) if until else None


def under_caps(facts: Facts) -> Hold | None:
    """Within every cap, of the brand and of the law; attempts count, and so do those in the air."""
    held = [(until, limit) for limit in facts.limits if (until := full_until(facts, limit))]
    if not held:
        return None
    until, limit = max(held, key=lambda pair: pair[0])
    return Hold(Reason.CAPPED, until, {"cap": limit.name, "of": limit.of})


def apart(facts: Facts) -> Hold | None:
    """As long after the last contact as the brand has it; news of an order goes at any time."""
    recent = None if facts.touch.purpose is Purpose.TRANSACTIONAL else too_close(facts)
    if recent is None:
        return None
    because = (recent.named or Named(recent.touch_id)).because()
    return Hold(Reason.OUTRANKED, recent.at + facts.apart, because)


def outranked(facts: Facts) -> Hold | None:
    """One contact at a time: the highest in rank goes, the others keep their distance."""
    if facts.touch.purpose is Purpose.TRANSACTIONAL:
        return None
    if close := apart(facts):
        return close
    first = min(facts.rivals, key=lambda rival: (rival.rank, rival.touch_id), default=None)
    if first and (first.rank, first.touch_id) < (facts.rank, facts.touch.id):
        named = first.named or Named(first.touch_id, first.campaign)
        return Hold(Reason.OUTRANKED, (first.at or facts.now) + facts.apart, named.because())
    return None


def still_useful(facts: Facts) -> Skip | None:
    """Past its last useful moment nothing goes out."""
    return Skip(Reason.TOO_LATE) if facts.now >= facts.touch.useless_after else None


CHAIN: tuple[Check, ...] = (
    consent, care_hold, place_known, within_hours, on_its_days, under_caps, outranked, still_useful,
)  # fmt: skip

# Before an agent sees a call, and before the number is dialled: it has been ranked already.
PULL_CHAIN: tuple[Check, ...] = (
    consent, care_hold, place_known, within_hours, on_its_days, under_caps, still_useful,
)  # fmt: skip


def judge(facts: Facts, chain: Sequence[Check] = CHAIN) -> Verdict:
    """The first check that objects decides; silence all along means send."""
    said = next((verdict for check in chain if (verdict := check(facts))), Send())
    return _not_for_ever(said, facts)


def _not_for_ever(said: Verdict, facts: Facts) -> Verdict:
    """Waiting past the last useful moment is pointless: it is dropped, and says what held it.

    So is what its campaign would rather drop than send late.
    """
    if not isinstance(said, Hold) or (_in_time(said.until, facts) and not facts.drops):
        return said
    return Skip(Reason.TOO_LATE, {"held_by": said.reason, **said.because})


def _in_time(until: datetime | None, facts: Facts) -> bool:
    return (until or facts.now) < facts.touch.useless_after


def _look_again(facts: Facts) -> datetime | None:
    """Another brand's hold tells nobody when it ends, so one looks again from time to time."""
    later = facts.now + _AGAIN
    return later if later < facts.touch.useless_after else None


def too_close(facts: Facts) -> Attempted | None:
    """The latest other contact, if it was less than the brand's distance ago."""
    near = (
        attempt
        for attempt in facts.attempts
        if attempt.same_person
        and attempt.touch_id != facts.touch.id
        and attempt.purpose is not Purpose.TRANSACTIONAL
        and facts.now - attempt.at < facts.apart
    )
    return max(near, key=lambda attempt: attempt.at, default=None)
