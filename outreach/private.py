"""Which parts of what is told of an event are about somebody in person?

By the meaning of their names, in one list, and by their shape: a mail address or a telephone number
is one under whatever name it comes. A part that holds such a one anywhere inside is personal as a
whole. What names a trade (`order`, `parcel`) never is, since things are found by it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

_NAMES = frozenset({
    "name", "firstname", "lastname", "fullname", "givenname", "familyname", "surname", "nickname",
    "username", "realname", "customername", "contactname", "recipient", "recipientname",
    "receiver", "receivername", "buyername", "sendername", "signedby", "consignee", "phone",
    "phonenumber", "mobile", "mobilephone", "tel", "telephone", "cell", "cellphone",
    "receiverphone", "contactphone", "email", "mail", "emailaddress", "mailaddress",
    "contactemail", "handle", "wechat", "whatsapp", "address", "address1", "address2",
    "addressline", "addressline1", "addressline2", "street", "street1", "street2",
    "streetaddress", "house", "housenumber", "shippingaddress", "billingaddress",
    "deliveryaddress", "idnumber", "passport", "comment", "comments", "text", "freetext", "note",
    "notes", "message", "remark", "remarks", "body", "feedback", "review", "quote", "complaint",
    "content", "said", "answers",
})  # fmt: skip
# Of a line of an order the name is that of what was bought.
_LINES = frozenset({"lines", "items", "products", "lineitems"})
_OF_LINES = _NAMES - {"name", "note", "text", "content"}
_OF_TRADES = frozenset({
    "order", "parcel", "contract", "case", "product", "line", "serial", "version", "survey",
    "member", "cart", "refund", "trial", "warranty", "request", "call", "change", "notice",
    "withdrawal", "inquiry", "term", "reply",
})  # fmt: skip
_NOT_A_SIGN = re.compile(r"[^a-z0-9]")
_SIGN = r"[^\s@<>()\[\],;:\"']"  # of a mail address
_DOMAIN = rf"@{_SIGN}+\.[\w-]{{2,}}"
_ADDRESS = re.compile(_SIGN + _DOMAIN)  # the end of one, which is enough to know that there is one
# Every run of such signs is passed over at once: tried from each sign, a long one takes minutes.
_RUN = re.compile(f"{_SIGN}+({_DOMAIN})?")
_NUMBER = re.compile(r"\+[\d ()./-]{8,24}")
_DIALLED = re.compile(r"(?<![\w-])\+?\d{9,15}(?![\w-])")
_GLANCE = 4096  # signs
# A keyed hash of an address, 33 bytes, is how we ourselves name one; 32 are a plain SHA-256.
_HASH = re.compile(r"[0-9a-f]{64}(?:[0-9a-f]{2})?")


def personal(name: str, value: object) -> bool:
    """Whether this part of an event's data, told under this name, is about somebody in person."""
    meant = _meant(name)
    if meant in _OF_TRADES:
        return False
    if isinstance(value, str) and _HASH.fullmatch(value):
        return False
    return meant in _NAMES or name.startswith("sealed:") or _tells(value, _within(meant))


def plain(written: str) -> bool:
    """Whether these data, written as JSON without escapes, show at a glance that none is personal.

    No name in them is one of somebody's, however deep it lies, and no sign is there that an address
    or a number has to have. What is longer or escaped has to be looked through part by part.
    """
    if len(written) > _GLANCE or "@" in written or "+" in written or "\\" in written:
        return False
    # A name ends with these two signs, and so may what is harmless; no name ends without them.
    *ends, _ = written.split('":')
    return _harmless(frozenset([end.rpartition('"')[2] for end in ends]))


def without_addresses(text: str) -> str:
    """What a provider said, with a sign in the place of each mail address and number in it."""
    return _DIALLED.sub("…", _RUN.sub(lambda run: "…" if run[1] else run[0], text))


def _within(meant: str) -> frozenset[str]:
    return _OF_LINES if meant in _LINES else _NAMES


def _tells(value: object, names: frozenset[str]) -> bool:
    """Whether something inside is called so, or has the shape of an address."""
    if isinstance(value, str):
        return _is_address(value)
    if isinstance(value, Mapping):
        return not names.isdisjoint(_meant(str(name)) for name in value) or any(
            _tells(part, names) for part in value.values()
        )
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return any(_tells(part, names) for part in value)
    return False


def _is_address(value: str) -> bool:
    mail = "@" in value and _ADDRESS.search(value)
    return bool(mail or ("+" in value and _NUMBER.fullmatch(value.strip())))


@lru_cache(maxsize=1 << 9)
def _harmless(names: frozenset[str]) -> bool:
    sealed = any(name.startswith("sealed:") for name in names)
    return not sealed and _NAMES.isdisjoint(map(_meant, names))


@lru_cache(maxsize=1 << 12)  # shops tell the same names with each event
def _meant(name: str) -> str:
    return _NOT_A_SIGN.sub("", name.lower())
