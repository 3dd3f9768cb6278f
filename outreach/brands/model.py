"""What is a brand, and how much contact does it allow itself?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from outreach import timezones
from outreach.brands.hours import OwnHours
from outreach.brands.pace import OwnPace
from outreach.db.engine import BrandRef


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _known_zone(name: str) -> str:
    if name not in timezones.names():
        raise ValueError(f"{name!r} is no time zone; use a name such as Asia/Shanghai")
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]


class Avoided(_Document):
    """Words that a brand does not use, and what it says instead."""

    phrase: str = Field(min_length=1)
    rather: str = ""


class Voice(_Document):
    """How a brand speaks; what is not said here is not asked for. Locales name the sign-off."""

    avoid: tuple[Avoided, ...] = ()
    address: Literal["formal", "familiar"] | None = None
    sign_off: Mapping[str, str] = Field(default_factory=dict)
    exclamation_marks: int | None = Field(default=None, ge=0)
    emoji: bool = True


class Blocks(_Document):
    """Lines that templates take from the brand: above, below, and name with postal address."""

    header: str = ""
    footer: str = ""
    legal: str = ""


AtSale = Literal[
    "details_from_sale", "number_given_by_customer", "opt_out_at_collection", "own_similar_products"
]


class Profile(OwnHours, OwnPace):
    """How a brand signs, where it can be reached, and its own limits."""

    sender_name: str = Field(min_length=1)
    sender_email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    sms_sender: str = Field(min_length=1)
    signature: str = Field(min_length=1)
    support: str = Field(min_length=1)
    review_url: str = ""
    survey_url: str = ""
    voice: Voice = Voice()
    # By locale; a locale without its own has those of its language, then none.
    blocks: Mapping[str, Blocks] = Field(default_factory=dict)
    # Whether all who get this brand's texts have agreed that links and pictures trace them.
    traced: bool = False
    # The law for customers of whom no place is known, such as those known by mail alone: US, DE …
    market: str | None = Field(default=None, pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    # The trade for which a law has rules of its own: see optout/regimes/sectors.yaml.
    sector: str | None = Field(default=None, min_length=1)
    # What this brand sees to in every sale, where a law lets a sale stand in for consent: words of
    # `sale` in optout/regimes/needs.yaml. What is not said counts as not done.
    at_sale: tuple[AtSale, ...] = ()

    def blocks_in(self, *locales: str) -> Blocks:
        """The blocks of the first of these locales that has any, or of its language."""
        tried = (name for locale in locales for name in (locale, locale.partition("-")[0]))
        return next((self.blocks[name] for name in tried if name in self.blocks), Blocks())


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
    at_home: bool = True  # the database is the one in which its ledger was last written
