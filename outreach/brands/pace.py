"""How often may a brand contact one person, and what makes it hold its tongue?

Everything here is data of the brand's profile: caps, quarantines, the care hold, the span in which
contacts compete, and the brand's share of the workers.
"""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from optout.model import Channel, Purpose

ASKING = (Purpose.SURVEY, Purpose.REVIEW, Purpose.RENEWAL, Purpose.MARKETING)
CASE_KINDS = (
    "complaint", "return", "refund", "dispute", "repair", "exchange", "early_warning", "other",
)  # fmt: skip

Period = Literal["day", "week", "month"]
Span = Annotated[timedelta, Field(ge=timedelta(), le=timedelta(days=400))]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cap(_Part):
    """At most `max` attempts in a rolling span, in a calendar period, or in either of both.

    A calendar period is the person's own: a day, a week from Monday or a month on the clocks where
    they live. Counted are attempts at a person or at an address that several persons share, of the
    brand alone or of all brands of its group.
    """

    max: int = Field(ge=1)
    per: timedelta | None = Field(default=None, gt=timedelta(), le=timedelta(days=400))
    calendar: Period | None = None
    whom: Literal["person", "address"] = "person"
    across: Literal["brand", "group"] = "brand"
    channels: tuple[Channel, ...] = tuple(Channel)
    purposes: tuple[Purpose, ...] = ASKING

    @model_validator(mode="after")
    def _has_a_span(self) -> "Cap":
        if self.per is None and self.calendar is None:
            raise ValueError(
                "give it a span: `per`, such as P1D, or `calendar`: day, week or month"
            )
        return self


DEFAULT_CAPS = (Cap(max=3, per=timedelta(hours=24), purposes=(Purpose.SERVICE, *ASKING)),)


class Quarantines(_Part):
    """How long one kind of contact keeps the next of its kind away; nothing (`PT0S`) is off.

    The defaults are what the field's users expect. Promotion is whatever asks something of a
    person: marketing, renewal, review, survey.
    """

    survey: Span = timedelta(days=30)
    review_of_product: Span = timedelta(days=365)
    promotion_by_mail: Span = timedelta(hours=16)
    promotion_by_sms: Span = timedelta(hours=24)


class Care(_Part):
    """Which open cases mute what can wait, and for how long after they are closed."""

    kinds: tuple[str, ...] = CASE_KINDS
    grace: Span = timedelta(hours=48)


class OwnPace(_Part):
    """What a brand's profile says of how often and when not."""

    caps: tuple[Cap, ...] = DEFAULT_CAPS
    quarantines: Quarantines = Quarantines()
    care: Care = Care()
    # Two contacts with one person are at least this far apart; transactional ones do not count.
    apart: timedelta = Field(
        default=timedelta(hours=4), ge=timedelta(minutes=1), le=timedelta(days=400)
    )
    # Of two contacts that would get in each other's way within this span the higher in rank goes.
    horizon: Span = timedelta(hours=24)
    # Brands of one group share customers: their caps across the group and their care holds do too.
    group: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9-]{1,30}$")
    # The share of people whom no campaign asks anything (surveys, reviews, renewals, marketing), so
    # that all campaigns together can be measured; the same people each time.
    holdout: float = Field(default=0.0, ge=0, lt=1, allow_inf_nan=False)
    # So many batches a turn when several brands have something due.
    weight: int = Field(default=1, ge=1, le=20)

    @property
    def memory(self) -> timedelta:
        """How far back attempts bear on a verdict of the brand's own."""
        spans = [cap.per or timedelta(days=32) for cap in self.caps]
        own = self.quarantines
        waits = [own.survey, own.review_of_product, own.promotion_by_mail, own.promotion_by_sms]
        return max(timedelta(days=32), self.apart, *spans, *waits)
