"""Which caps, of the brand and of every place, speak of a contact like this one?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from optout.model import Channel, Purpose
from outreach.brands.model import Profile
from outreach.brands.pace import ASKING, Cap
from outreach.campaigns.model import Campaign
from outreach.dispatch.model import Limit, Period, Touch
from outreach.hours.model import AttemptCap, Rule
from outreach.hours.packs import Packs

# A law that counts by number or address is kept for each of the two; so is one that counts by
# person, since a line in its register is a number too.
_BOTH: tuple[Literal["person", "address"], ...] = ("person", "address")
_PERIODS: dict[timedelta, Period] = {timedelta(days=1): "day", timedelta(days=7): "week"}


def of_brand(profile: Profile) -> list[Limit]:
    """What a brand asks of itself: its caps, then its quarantines."""
    caps = [limit for cap in profile.caps for limit in _of_cap(cap)]
    return caps + _quarantines(profile)


def of_campaign(campaign: Campaign) -> list[Limit]:
    """What a campaign asks of itself: how often it may contact one person, in all its passages."""
    return [
        Limit(
            cap.max, cap.per, tuple(Channel), tuple(Purpose),
            f"{cap.max} in {cap.per} by {campaign.key}", campaign=campaign.key,
            of="campaign",
        )
        for cap in campaign.caps
    ]  # fmt: skip


def of_rules(packs: Packs, rules: Sequence[Rule]) -> list[Limit]:
    """What the law of the places asks."""
    return [limit for rule in rules if rule.caps for limit in _of_rule(packs, rule)]


def speaking_of(
    touch: Touch, limits: Sequence[Limit], *, zones: tuple[str, ...]
) -> tuple[Limit, ...]:
    """Those that a touch like this one must keep to, on the clocks of its person's places."""
    return tuple(
        limit if isinstance(limit.per, timedelta) else replace(limit, zones=zones)
        for limit in limits
        if touch.channel in limit.channels and touch.purpose in limit.purposes
    )


def _of_cap(cap: Cap) -> list[Limit]:
    spans: list[tuple[timedelta | Period, str]] = []
    if cap.per is not None:
        spans.append((cap.per, f"{cap.max} in {cap.per}"))
    if cap.calendar is not None:
        spans.append((cap.calendar, f"{cap.max} a {cap.calendar}"))
    scope = "" if cap.across == "brand" else " for all brands of the group"
    scope = f" at one address{scope}" if cap.whom == "address" else scope
    return [
        Limit(cap.max, per, cap.channels, cap.purposes, name + scope, cap.whom, cap.across)
        for per, name in spans
    ]


def _quarantines(profile: Profile) -> list[Limit]:
    own, every = profile.quarantines, tuple(Channel)
    told = [
        Limit(
            1, own.survey, every, (Purpose.SURVEY,), "quarantine:survey", spares_passage=True
        ),
        Limit(
            1, own.review_of_product, every, (Purpose.REVIEW,), "quarantine:review_of_product",
            same_product=True, spares_passage=True,
        ),
        Limit(
            1, own.promotion_by_mail, (Channel.EMAIL,), ASKING, "quarantine:promotion_by_mail"
        ),
        Limit(1, own.promotion_by_sms, (Channel.SMS,), ASKING, "quarantine:promotion_by_sms"),
    ]  # fmt: skip
    return [limit for limit in told if limit.per]


def _of_rule(packs: Packs, rule: Rule) -> list[Limit]:
    purposes = tuple(
        purpose
        for purpose in Purpose
        if "any" in rule.purposes
        or packs.purpose_class(purpose, rule.jurisdiction) in rule.purposes
    )
    return [
        Limit(cap.max, per, rule.channels, purposes, cap.rule_id, whom, of="law")
        for cap in rule.caps
        for per in _spans(cap)
        for whom in _BOTH
    ]


def _spans(cap: AttemptCap) -> list[timedelta | Period]:
    """A cap by the calendar holds in the rolling span too, which is stricter but for a long day."""
    period = None if cap.rolling else _PERIODS.get(cap.per)
    return [cap.per] if period is None else [cap.per, period]
