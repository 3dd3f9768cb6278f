"""What is a brand, and how much contact does it allow itself?"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from optout.model import Channel, Purpose
from outreach import timezones
from outreach.brands.hours import OwnHours
from outreach.db.engine import BrandRef

ASKING = (Purpose.SURVEY, Purpose.REVIEW, Purpose.RENEWAL, Purpose.MARKETING)


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _known_zone(name: str) -> str:
    if name not in timezones.names():
        raise ValueError(f"{name!r} is no time zone; use a name such as Asia/Shanghai")
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]


class Cap(_Document):
    """At most `max` attempts per person in a rolling span, for these channels and purposes."""

    max: int = Field(ge=1)
    per: timedelta = Field(gt=timedelta(), le=timedelta(days=400))
    channels: tuple[Channel, ...] = tuple(Channel)
    purposes: tuple[Purpose, ...] = ASKING


# 16 h by mail and 24 h by SMS, and one survey in 30 days, are what the field's users expect.
DEFAULT_CAPS = (
    Cap(max=1, per=timedelta(hours=24), channels=(Channel.SMS,)),
    Cap(max=1, per=timedelta(hours=16), channels=(Channel.EMAIL,)),
    Cap(max=1, per=timedelta(days=30), purposes=(Purpose.SURVEY,)),
    Cap(max=3, per=timedelta(hours=24), purposes=(Purpose.SERVICE, *ASKING)),
)


class Profile(OwnHours):
    """How a brand signs, where it can be reached, and its own limits."""

    sender_name: str = Field(min_length=1)
    sender_email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    sms_sender: str = Field(min_length=1)
    signature: str = Field(min_length=1)
    support: str = Field(min_length=1)
    review_url: str = ""
    survey_url: str = ""
    caps: tuple[Cap, ...] = DEFAULT_CAPS
    # Two contacts with one person are at least this far apart; transactional ones do not count.
    apart: timedelta = Field(
        default=timedelta(hours=4), ge=timedelta(minutes=1), le=timedelta(days=400)
    )


class BrandDocument(_Document):
    """What a brand file holds."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")
    name: str = Field(min_length=1)
    locale: str = Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    zone: Zone
    profile: Profile


@dataclass(frozen=True, slots=True)
class Brand:
    """One business, as kept."""

    ref: BrandRef
    name: str
    locale: str
    zone: str
    stopped: bool
    profile: Profile
