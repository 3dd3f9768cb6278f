"""Who lives in the demo's world, and where?

Invented people, with numbers from the ranges that numbering authorities keep for fiction where
there are any (North America 555-01xx, Britain 07700 900xxx, France 06 39 98 xx xx, Australia
0491 570 xxx), and numbers that nobody can have elsewhere. Everything follows from the place of a
person in the list, so every run has the same world.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from outreach import ids

LONG_AGO, EARLIER, NOW = "long ago", "earlier", "now"  # when their parcel came
A_BRAND_OF_CHINA, A_BRAND_OF_NORTH_AMERICA = "huachen", "northpine"
PEOPLE_PER_BRAND = 150


@dataclass(frozen=True, slots=True)
class Place:
    """A place to live in: what is known of it, and how numbers there begin."""

    label: str
    known: Mapping[str, str]
    number: str = ""  # with %s where the running number stands; empty: nobody there has a number
    weight: int = 6


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """Someone in the demo: the fields that a shop would report, and where they really are."""

    brand: str
    ref: str
    place: str
    fields: Mapping[str, object]
    consents: bool
    vip: bool
    life: str = NOW


NORTH_AMERICA = (
    Place("Florida panhandle, number only", {}, "+1850555%04d", 8),
    Place("Miami", {"country": "US", "subdivision": "US-FL"}, "+1305555%04d", 12),
    Place("Phoenix, Arizona", {"country": "US", "subdivision": "US-AZ"}, "+1602555%04d", 10),
    Place("New York", {"country": "US", "subdivision": "US-NY"}, "+1212555%04d", 20),
    Place("Chicago", {"country": "US", "subdivision": "US-IL"}, "+1312555%04d", 12),
    Place("San Francisco", {"country": "US", "subdivision": "US-CA"}, "+1415555%04d", 16),
    Place("Honolulu", {"country": "US", "subdivision": "US-HI"}, "+1808555%04d", 6),
    Place("toll-free number only", {}, "+1800555%04d", 5),
    Place("St. John's, Newfoundland", {"country": "CA", "subdivision": "CA-NL"}, "+1709555%04d", 8),
    Place("Toronto", {"country": "CA", "subdivision": "CA-ON"}, "+1416555%04d", 14),
    Place("Vancouver", {"country": "CA", "subdivision": "CA-BC"}, "+1604555%04d", 8),
    Place("London", {"country": "GB"}, "+447700900%03d", 8),
    Place("Paris", {"country": "FR"}, "+33639980%03d", 8),
    Place("Réunion", {"country": "RE"}, "", 3),
    Place("Bengaluru", {"country": "IN"}, "+911000000%03d", 5),
    Place("Australian mobile, number only", {}, "+61491570%03d", 4),
    Place("no place at all", {}, "", 3),
)
CHINA = (
    Place("上海", {"country": "CN", "subdivision": "CN-SH"}, "+861000001%04d", 34),
    Place("北京", {"country": "CN", "subdivision": "CN-BJ"}, "+861000002%04d", 26),
    Place("广州", {"country": "CN", "subdivision": "CN-GD"}, "+861000003%04d", 24),
    Place("成都", {"country": "CN", "subdivision": "CN-SC"}, "+861000004%04d", 20),
    Place("哈尔滨", {"country": "CN", "subdivision": "CN-HL"}, "+861000005%04d", 12),
    Place(
        "乌鲁木齐(本地时间)", {"country": "CN", "subdivision": "CN-XJ", "zone": "Asia/Urumqi"},
        "+861000006%04d", 12,
    ),
    Place("香港", {"country": "HK"}, "+8521000%04d", 6),
    Place("新加坡", {"country": "SG"}, "+651000%04d", 4),
    Place("东京", {"country": "JP"}, "", 4),
    Place("悉尼", {"country": "AU", "subdivision": "AU-NSW"}, "", 4),
    Place("所在地不详", {}, "", 4),
)  # fmt: skip
_FAMILY = "王李张刘陈杨赵黄周吴"
_FIRST = ("Alex", "Robin", "Sam", "Jo", "Kim", "Lee", "Max", "Pat", "Sky", "Toni")


def inhabitants() -> list[Inhabitant]:
    """Everybody, the same in every run."""
    return [
        *_people(A_BRAND_OF_CHINA, CHINA, "zh-CN"),
        *_people(A_BRAND_OF_NORTH_AMERICA, NORTH_AMERICA, "en"),
    ]


def _people(brand: str, places: tuple[Place, ...], locale: str) -> list[Inhabitant]:
    homes = [place for place in places for _ in range(place.weight)]
    return [
        _inhabitant(brand, number, homes[number % len(homes)], locale)
        for number in range(PEOPLE_PER_BRAND)
    ]


def _inhabitant(brand: str, number: int, place: Place, locale: str) -> Inhabitant:
    ref = f"{brand[0].upper()}{number:04d}"
    return Inhabitant(
        brand=brand,
        ref=ref,
        place=place.label,
        fields={
            "ref": ref, "name": _name(number, locale), "locale": locale, **place.known,
            **_addresses(ref, number, place), **_birthday(ref),
        },
        consents=ids.share("consents", ref) < 0.6,  # noqa: PLR2004
        vip=ids.share("vip", ref) < 0.1,  # noqa: PLR2004
        life=_life(ref),
    )  # fmt: skip


def _life(ref: str) -> str:
    """A few bought half a year ago, some last week; most get their parcel now."""
    luck = ids.share("life", ref)
    return LONG_AGO if luck < 0.08 else EARLIER if luck < 0.22 else NOW  # noqa: PLR2004


def _birthday(ref: str) -> dict[str, str]:
    """Every eighth of those whose parcel comes now has one within the demo's days."""
    if _life(ref) != NOW or (luck := ids.share("birthday", ref)) > 0.12:  # noqa: PLR2004
        return {}
    return {"birthday": f"12-{16 + int(luck * 80):02d}"}


def _name(number: int, locale: str) -> str:
    if locale == "zh-CN":
        return f"{_FAMILY[number % len(_FAMILY)]}示例{number:03d}"
    return f"{_FIRST[number % len(_FIRST)]} Example-{number:03d}"


def _addresses(ref: str, number: int, place: Place) -> dict[str, str]:
    """Every third has mail only, every third a number only, the rest both; as the place allows."""
    mail = {"email": f"{ref.lower()}@customers.example"}
    phone = {"phone": place.number % (100 + number % 100)} if place.number else {}
    if not phone or (number % 3 == 0 and place.known):
        return mail
    return phone if number % 3 == 1 or not place.known else mail | phone
