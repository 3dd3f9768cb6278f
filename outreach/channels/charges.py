"""What does a message cost, as its provider tells it or as the account's contract has it?

Pure. Some providers tell an amount, some the number of parts that they bill, some nothing. Where
the account's URL names a price (`price=0.045CNY`, for a part or a message, whichever the provider
counts), what was not told is worked out from it.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeAlias

from outreach.errors import Misconfigured

_PRICE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,6})?)([A-Z]{3})")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MOST_PARTS = 1000
_DIGITS = 4
_MOST = Decimal(10) ** 6  # of any currency, for one message

Counted: TypeAlias = Literal["nothing", "message", "part"]


@dataclass(frozen=True, slots=True)
class Charge:
    """How many parts are billed, and an amount in units of a currency (ISO 4217), as far as known.

    An amount of dollars may have more digits than cents have: messages cost less than one.
    """

    parts: int | None = None
    amount: Decimal | None = None
    currency: str = ""


def told(*, parts: object = None, amount: object = None, currency: object = None) -> Charge | None:
    """What a provider says of it; `None` where nothing of it can be read."""
    counted, cost = _counted(parts), _amount(amount)
    if cost is None or not (isinstance(currency, str) and _CURRENCY.fullmatch(currency)):
        return Charge(counted) if counted else None
    return Charge(counted, cost, currency)


def price(said: str) -> Charge | None:
    """The price of one, as an option of the account says; `None` where it says none.

    Raises `Misconfigured`.
    """
    if not said:
        return None
    if (found := _PRICE.fullmatch(said)) is None:
        raise Misconfigured("`price=` takes an amount and its currency, such as 0.045CNY")
    return Charge(1, Decimal(found[1]), found[2])


def worked_out(charge: Charge | None, one: Charge | None, counted: Counted) -> Charge | None:
    """The charge with its amount, where `one` part or message has a price and none was told."""
    if one is None or one.amount is None or (charge and charge.amount is not None):
        return charge
    parts = charge.parts if charge else None
    many = parts if counted == "part" else 1 if counted == "message" else None
    if many is None:
        return charge
    return replace(charge or Charge(), amount=one.amount * many, currency=one.currency)


def _counted(said: object) -> int | None:
    if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) <= _DIGITS:
        said = int(said)
    if isinstance(said, bool) or not isinstance(said, int):
        return None
    return said if 0 < said <= _MOST_PARTS else None


def _amount(said: object) -> Decimal | None:
    """Some tell what is taken off the account, and so a negative one."""
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        return None
    try:
        amount = abs(Decimal(str(said)))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount < _MOST else None
