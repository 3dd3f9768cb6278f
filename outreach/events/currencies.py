"""How many minor units is an amount of money, and what do so many come to?

Exact: an amount with more digits than its currency has is no money, and nothing is rounded.
"""

from decimal import Decimal, InvalidOperation

_HALVES = 2
_DIGITS_KEPT = 19
_MOST = 2**63 - 1
# Digits after the point where they are not two. Source: ISO 4217, list one, "minor unit".
_DIGITS = {
    **dict.fromkeys(
        (
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
            "VND", "VUV", "XAF", "XOF", "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}  # fmt: skip


def minor_units(amount: object, currency: str) -> int | None:
    """`"199.00"` in CNY is 19900, `"500"` in JPY is 500; `None` of what is no amount of money."""
    found = _decimal(amount)
    if found is None:
        return None
    scaled = found.scaleb(_DIGITS.get(currency, _HALVES))
    return held(int(scaled)) if scaled == scaled.to_integral_value() else None


def scaled(amount: Decimal, currency: str) -> Decimal:
    """The same with parts of a minor unit: 0.0075 in USD is 0.75, for what costs less than one."""
    return amount.scaleb(_DIGITS.get(currency, _HALVES))


def units(minor: int | Decimal, currency: str) -> Decimal:
    """The same the other way round: 4200 in EUR is 42, 4250 is 42.50, 0.75 is 0.0075."""
    amount = Decimal(minor).scaleb(-_DIGITS.get(currency, _HALVES))
    whole = amount.to_integral_value()
    return whole if amount == whole else amount


def held(minor: int) -> int | None:
    """The same number where a column can hold it."""
    return minor if abs(minor) <= _MOST else None


def _decimal(value: object) -> Decimal | None:
    """A float by the digits in which JSON wrote it, which are the shortest that give it back."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount.adjusted() < _DIGITS_KEPT else None
