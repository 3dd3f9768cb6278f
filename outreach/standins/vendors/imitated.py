"""What is there to know of a vendor's stand-in?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from outreach.signed.message import Message
from outreach.standins.http import HttpProtocol
from outreach.standins.record import Entry

KEY = "c3RhbmQtaW4"
"""The key of every account at a stand-in."""


@dataclass(frozen=True, slots=True)
class Push:
    """What a vendor is to push: of which message, in its own word, when, to where, signed how.

    `about` is the vendor's own code of what went wrong.
    """

    entry: Entry
    word: str
    at: datetime
    where: str = ""
    secret: str = KEY
    about: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody writes back to `to`."""

    sender: str
    to: str
    text: str
    at: datetime
    where: str = ""
    secret: str = KEY


@dataclass(frozen=True, slots=True)
class Imitated:
    """One vendor: `url` is how a way out is pointed at it, with `{port}` in it.

    `push` is None where it tells nothing of messages. `words` tell for each of our kinds of receipt
    the vendor's word, with its code behind a colon where it has one. `signed` is false where the
    vendor signs nothing at all, and `covers` false where what it signs is not the body.
    `told_touch` is false where a request has no place for the touch, `templates_only` true where
    nothing leaves but by an approved template. `person` is whom it reaches, where that is not
    anybody, and `ours` what people answer to. `in_body` is true where the signature stands in the
    body and not in a header. `fetch` gets what the vendor shows of itself, such as its certificate.
    """

    protocol: type[HttpProtocol]
    url: str
    push: Callable[[Push], Message] | None
    words: Mapping[str, str]
    write: Callable[[Written], Message] | None = None
    signed: bool = True
    covers: bool = True
    told_touch: bool = True
    templates_only: bool = False
    person: str = ""
    ours: str = "+12025550199"
    in_body: bool = False
    fetch: Callable[[str], bytes] | None = None
