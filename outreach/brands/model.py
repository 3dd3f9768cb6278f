"""What is a brand, and how much contact does it allow itself?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from optout.model import Channel
from outreach import timezones
from outreach.brands.hours import OwnHours
from outreach.brands.levels import ServiceLevels
from outreach.brands.pace import OwnPace
from outreach.brands.terms import Terms
from outreach.db.engine import BrandRef
from outreach.shapes import Locale


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


class Lines(_Document):
    """Lines that a brand says around its texts; what is empty is not said.

    Above a mail, below it, and name with postal address; who signs a text message; how to refuse
    those.
    """

    header: str = ""
    footer: str = ""
    legal: str = ""
    signature: str = ""
    opt_out: str = ""


class Blocks(Lines):
    """The lines of one locale, and those that are said otherwise on one channel."""

    channels: Mapping[Channel, Lines] = Field(default_factory=dict)


Mail = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]


class Morning(_Document):
    """Who is told each morning how the brand does, when on its own clock, and in which language.

    By mail to these addresses of our own people, and in the chats of staff where `chats` says so.
    """

    at: time
    to: tuple[Mail, ...] = Field(default=(), max_length=20)
    language: Literal["en", "zh-CN"] = "en"
    chats: bool = False


AtSale = Literal[
    "details_from_sale", "number_given_by_customer", "opt_out_at_collection", "own_similar_products"
]


def _first(found: Iterable[Lines], name: str) -> str:
    return next((line for one in found if (line := getattr(one, name))), "")


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
    # What people of a locale or a language are spoken to in where a text is not in theirs, such as
    # zh-TW: [zh-CN, en]; then comes the brand's own locale.
    fallbacks: Mapping[Locale, tuple[Locale, ...]] = Field(default_factory=dict)
    # Whether all who get this brand's texts have agreed that links and pictures trace them.
    traced: bool = False
    # Whether a user lets a campaign go live only once another person has approved that version.
    four_eyes: bool = True
    # How many people's rows one user, key or account takes out in a day on nobody else's word.
    exports_alone: int = Field(default=100, ge=0)
    # The law for customers of whom no place is known, such as those known by mail alone: US, DE …
    market: str | None = Field(default=None, pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    # The trade for which a law has rules of its own: see optout/regimes/sectors.yaml.
    sector: str | None = Field(default=None, min_length=1)
    # What this brand sees to in every sale, where a law lets a sale stand in for consent: words of
    # `sale` in optout/regimes/needs.yaml. What is not said counts as not done.
    at_sale: tuple[AtSale, ...] = ()
    # What the firm's contract promises of each month; the monthly report is held against it.
    service_levels: ServiceLevels = ServiceLevels()
    # Whom a letter tells each morning how the brand does; nobody, where nothing is said.
    morning: Morning | None = None
    # How long it keeps what, kind by kind.
    terms: Terms = Terms()

    def blocks_in(self, *locales: str, channel: Channel, default: Sequence[str] = ()) -> Lines:
        """Each line as the first of these locales has it, for the channel or for all.

        A locale without lines of its own has those of its language. Header, footer and legal line
        fall back on the locales of `default`; who signs and how to refuse have to be understood.
        """
        own, wider = self._blocks(locales, channel), self._blocks((*locales, *default), channel)
        around = {name: _first(wider, name) for name in ("header", "footer", "legal")}
        signature = _first(own, "signature") or self.signature
        return Lines(**around, signature=signature, opt_out=_first(own, "opt_out"))

    def _blocks(self, locales: Iterable[str], channel: Channel) -> list[Lines]:
        tried = dict.fromkeys(name for one in locales for name in (one, one.partition("-")[0]))
        there = [self.blocks[name] for name in tried if name in self.blocks]
        return [
            lines
            for one in there
            for lines in (one.channels.get(channel), one)
            if lines is not None
        ]


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
