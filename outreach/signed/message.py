"""What was pushed to us, is it genuine, and what does its sender want to hear?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

TOLERANCE = timedelta(minutes=5)
"""How far a signed instant may lie from now, either way (Standard Webhooks' reference library)."""
TOLERATED_LATEST = timedelta(hours=9)
"""The same, for a provider that may tell again for eight hours what it signed once."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request as it came: the bytes before anybody read them, names of headers in lower case.

    `url` is the address as the sender knows it, with its query, for those who sign that too.
    """

    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """The sender said this."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be told that the sender said this: a stable code, and what is wrong."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender wants to hear."""

    body: bytes = b""
    media_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)
