"""Is this consent of the kind that a law asks for?

Pure. A grant is as good as what was written down of it. The ledger itself proves some: that it
came first, is kept and can be taken back, and whether it named a channel and an aim. Of a grant
whose kind nobody wrote down, no more than that is believed where something is sold; for all else it
counts, as what brands bring along from before.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from optout.model import Entry, Purpose
from optout.rules import Need, Rule

# Every grant names its proof and its instant, is never changed, and ends with one word.
BY_THE_LEDGER = frozenset({
    "documented", "prior", "provable", "recorded_consent", "revocable",
    "subscriber_consent_on_file",
})  # fmt: skip
_OF_CHANNEL = frozenset({"channel_authorised", "consent_names_channel", "per_channel"})


def kinds_of(grant: Entry) -> frozenset[str]:
    """What was written down of it, and what the entry itself shows."""
    found = BY_THE_LEDGER | frozenset(grant.kinds or ())
    if grant.channel is not None:
        found |= _OF_CHANNEL
    if grant.purpose is not None and grant.brand is not None:
        found |= {"specific"}
    return found


def lacking(rule: Rule, grant: Entry, *, purpose: Purpose, on: date) -> list[str]:
    """What the rule asks of a consent and this one is not shown to be; nothing: it will do."""
    return list(_lacking(rule, grant, purpose, on))


def _lacking(rule: Rule, grant: Entry, purpose: Purpose, on: date) -> Iterator[str]:
    kinds = kinds_of(grant)
    trusted = grant.kinds is None and purpose is not Purpose.MARKETING
    for need in rule.worded:
        if _too_old(need, grant, on) or not (need.days or trusted or need.met_by & kinds):
            yield need.name


def _too_old(need: Need, grant: Entry, on: date) -> bool:
    """Days count from the day on which it was given; the last one still counts."""
    given = grant.effective_at.date()
    return need.days is not None and on > given + timedelta(days=need.days)
