"""What must a text say in these countries, and does it?"""

import re
from collections.abc import Collection, Mapping

from optout.model import Channel, Purpose
from outreach.templates import lint_rules
from outreach.templates.lint_rules import Duty
from outreach.templates.segments import Network

ANYWHERE = "*"

_REGION = re.compile(r"-([A-Z]{2})\Z")


def read_in(locale: str) -> tuple[str, ...]:
    """Where a text of this locale is read: its region, or the countries of its language."""
    if region := _REGION.search(locale):
        return (region[1],)
    return lint_rules.duties().read_in.get(locale.partition("-")[0], ())


def network(locale: str) -> Network:
    """Whose way of counting applies to an SMS of this locale."""
    return Network.CHINA if "CN" in read_in(locale) else Network.STANDARD


def owed(channel: Channel, countries: Collection[str], purposes: Collection[Purpose]) -> list[Duty]:
    """What a plain text owes that is read in these countries, for these purposes."""
    return [
        duty
        for duty in lint_rules.duties().duties
        if not duty.sender
        and channel in duty.channels
        and "text" in duty.parts
        and {ANYWHERE, *countries} & {*duty.countries}
        and {"any", *purposes} & {*duty.purposes}
    ]


def said(duty: Duty, text: str, named: Mapping[str, str]) -> bool:
    """Whether a filled text keeps this duty; `named` are the brand's lines that it may hold."""
    held = (named.get(name.removeprefix("brand."), "") for name in duty.names.split())
    says = duty.says and re.search(duty.says, text, re.IGNORECASE)
    return bool(says or any(line and line in text for line in held))
