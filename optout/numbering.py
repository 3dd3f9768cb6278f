"""Which telephone number is written so plainly that it need not be taken apart?

Most of what `phonenumbers` takes to read one goes into signs, prefixes and extensions that most
numbers of a list do not have. Here are the answers for those that consist of digits alone, as E.164
or as their own country dials them, in no way that could mean anything else. All others have no
answer here, and nothing is refused.
"""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberDesc

_ABROAD = re.compile(r"\+[1-9][0-9]{6,14}\Z")
_AT_HOME = re.compile(r"[1-9][0-9]{5,14}\Z")
_LONGEST_CODE = 3  # digits of a country code, E.164 section 6.2.1
_CODES = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))


class _Plan(NamedTuple):
    """How numbers behind a country code are written.

    How many digits they have, what may stand `before` them as somebody dials them, and which are
    short or emergency numbers, none of which has more digits than `longest_short`.
    """

    code: str
    lengths: frozenset[int]
    before: re.Pattern[str]
    longest_short: int
    short: re.Pattern[str]


def plain(text: str, region: str | None) -> str | None:
    """The number in E.164, where it is possible and can be read in one way only.

    As `phonenumbers` reads it in this region (ISO 3166), which needs not be given behind a `+`.
    """
    if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        return None
    if _ABROAD.match(text):
        return _behind(_of_code(_code(text)), text)
    if region is not None and _AT_HOME.match(text):
        return _at_home(_of_region(region), text)
    return None


def _behind(plan: _Plan | None, text: str) -> str | None:
    return text if plan and _is_plain(plan, text[1 + len(plan.code) :]) else None


def _at_home(plan: _Plan | None, digits: str) -> str | None:
    """Nothing that begins as its own country code does: that could be the code without its `+`."""
    if plan is None or digits.startswith(plan.code) or not _is_plain(plan, digits):
        return None
    return f"+{plan.code}{digits}"


def _is_plain(plan: _Plan, digits: str) -> bool:
    many = len(digits)
    if many not in plan.lengths or plan.before.match(digits):
        return False
    return many > plan.longest_short or not plan.short.match(digits)


def _code(text: str) -> str:
    """The country code behind a `+`, or nothing: no code begins as another one does."""
    for end in range(2, _LONGEST_CODE + 2):
        if text[1:end] in _CODES:
            return text[1:end]
    return ""


@lru_cache(maxsize=512)  # there are some two hundred
def _of_code(code: str) -> _Plan | None:
    main = _main(int(code)) if code else None
    return _plan(int(code), main.national_prefix_for_parsing) if main else None


@lru_cache(maxsize=512)
def _of_region(region: str) -> _Plan | None:
    known = PhoneMetadata.metadata_for_region(region)
    if known is None or known.country_code is None:
        return None
    return _plan(
        known.country_code, known.national_prefix_for_parsing, known.international_prefix
    )  # fmt: skip


def _plan(code: int, *before: str | None) -> _Plan | None:
    """A number may be dialled with a 0 in front almost anywhere, or begin with one: no glance."""
    if (main := _main(code)) is None or (known := main.general_desc) is None:
        return None
    lengths = frozenset(known.possible_length) - frozenset(known.possible_length_local_only)
    short = [kind.national_number_pattern for kind in _short_kinds(code)]
    return _Plan(
        str(code), lengths, _any_of("0", *before), longest_short(code), _any_of(*short, whole=True)
    )


def _main(code: int) -> PhoneMetadata | None:
    """Of the regions that share a country code, the one whose plan says what is possible."""
    region = phonenumbers.region_code_for_country_code(code)
    return PhoneMetadata.metadata_for_region_or_calling_code(code, region)


def _any_of(*patterns: str | None, whole: bool = False) -> re.Pattern[str]:
    """One of these stands at the beginning, or is the `whole`; where there are none, nothing is."""
    given = "|".join(f"(?:{pattern})" for pattern in patterns if pattern) or "(?!)"
    return re.compile(rf"(?:{given})\Z" if whole else given)


@lru_cache(maxsize=512)
def longest_short(code: int) -> int:
    """How many digits the longest short or emergency number behind this country code has.

    What is longer need not be looked up among them, which costs as much as reading it.
    """
    return max(
        (digits for kind in _short_kinds(code) for digits in kind.possible_length), default=0
    )


def _short_kinds(code: int) -> list[PhoneNumberDesc]:
    regions = phonenumbers.region_codes_for_country_code(code)
    known = filter(None, map(PhoneMetadata.short_metadata_for_region, regions))
    return [kind for one in known for kind in (one.short_code, one.emergency) if kind]
