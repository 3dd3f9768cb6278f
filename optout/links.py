"""Is this link one that we made, for this use, and about which touch is it?

A token is `version · key number · channel · brand · touch · signature` in URL-safe base64. The
signature is HMAC-SHA-256 cut to 128 bits (RFC 2104 section 5) under a subkey of its use, so a link
to a survey cannot unsubscribe anybody, and no part can be exchanged. Unsubscribing never expires:
an old mail's link must work (RFC 8058 sets no end). Reading one changes nothing; what a GET may
not do, its page must see to.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from optout import keys as keyring
from optout.errors import BadLink
from optout.keys import Key
from optout.model import Channel

_VERSION = 1
_SIGNATURE = 16  # bytes, 128 bits
_LONGEST = 512  # characters of a token; refuses nonsense before any work is done on it
_CHANNELS = (Channel.VOICE, Channel.SMS, Channel.EMAIL, Channel.CHAT)  # by number: add at the end


class Use(StrEnum):
    """What a link is for; it is no good for anything else."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link speaks of: the brand, the touch that carried it, and the touch's channel."""

    brand: str
    touch: str
    channel: Channel


def make(keys: Sequence[Key], link: Link, *, use: Use) -> str:
    """The token for a URL, signed with the first key. Raises `ValueError` when it gets too long."""
    key = keyring.in_order(keys)[0]
    payload = bytes([_VERSION, key.number, _CHANNELS.index(link.channel)])
    payload += b"\0".join([link.brand.encode(), link.touch.encode()])
    token = urlsafe_b64encode(payload + _signature(key, payload, use)).rstrip(b"=").decode()
    if len(token) > _LONGEST or payload.count(b"\0", 3) > 1:
        raise ValueError("the names of brand and touch are too long for a link, or hold a NUL")
    return token


def read(keys: Sequence[Key], token: str, *, use: Use) -> Link:
    """What the token speaks of. Raises `BadLink`, alike for every kind of bad."""
    try:
        return _read(keys, token, use)
    except (ValueError, LookupError):
        raise BadLink from None


def _read(keys: Sequence[Key], token: str, use: Use) -> Link:
    raw = _decoded(token)
    payload, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    key = {key.number: key for key in keys}[payload[1]]
    if not hmac.compare_digest(signature, _signature(key, payload, use)):
        raise ValueError(use)
    if payload[0] != _VERSION:
        raise ValueError(payload[0])
    brand, touch = payload[3:].decode().split("\0")
    return Link(brand, touch, _CHANNELS[payload[2]])


def _decoded(token: str) -> bytes:
    """The bytes behind a token, if it is their one spelling."""
    if len(token) > _LONGEST:
        raise ValueError(len(token))
    raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    if urlsafe_b64encode(raw).rstrip(b"=").decode() != token:
        raise ValueError(token)
    return raw


def _signature(key: Key, payload: bytes, use: Use) -> bytes:
    return key.digest(f"link {use}", payload)[:_SIGNATURE]
