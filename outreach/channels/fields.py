"""What do several providers want said, or say, in the same form?

Pure: fields of pushed forms and JSON, and the touch as a provider is given it and gives it back.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import formataddr
from urllib.parse import parse_qsl, urlencode

from outreach import timezones
from outreach.channels.protocol import Outgoing, Sender
from outreach.errors import Invalid

_SHANGHAI = timezones.load("Asia/Shanghai")
_LINK = re.compile(r"https?://[!-;=?-~]+")
_MAINLAND = re.compile(r"\+86(1[3-9][0-9]{9})")


def form(body: bytes) -> dict[str, str]:
    """The fields of an urlencoded form; of a name that comes twice the last. Raises `Invalid`."""
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200))
    except ValueError as error:
        raise Invalid(f"the body is no form: {error}") from error


def decoded(body: bytes) -> object:
    """The JSON in this body. Raises `Invalid`."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"the body is no JSON: {error}") from error


def rows(said: object) -> list[Mapping[str, object]]:
    """The objects in this list, or the one that stands alone. Raises `Invalid` on anything else."""
    listed = said if isinstance(said, list) else [said]
    found: list[Mapping[str, object]] = [one for one in listed if isinstance(one, dict)]
    if len(found) < len(listed):
        raise Invalid("expected an object, or a list of objects")
    return found


def dig(said: object, *names: str) -> object:
    """What stands under these names, one within the other; `None` where something is missing."""
    for name in names:
        said = said.get(name) if isinstance(said, dict) else None
    return said


def word(said: object, *names: str) -> str:
    """The same as a text; empty where there is none."""
    found = dig(said, *names)
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def storable(text: str, longest: int = 500) -> str:
    """The text as a database takes it: whole signs, no NUL, and no more than so many signs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:longest]


def texts(said: object) -> Sequence[str]:
    """The texts of a list."""
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []


def instant(said: str) -> datetime | None:
    """An instant of ISO 8601 with its zone; without one, or unreadable, `None`."""
    try:
        found = datetime.fromisoformat(said)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def shanghai(said: str) -> datetime | None:
    """A local time of China, as its gateways tell it; `None` where it is none."""
    try:
        at = datetime.strptime(said, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  # its zone comes next
        return at.replace(tzinfo=_SHANGHAI).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def unix(said: object) -> datetime | None:
    """An instant in seconds since 1970."""
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    try:
        return datetime.fromtimestamp(float(said), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def referred(url: str, one: Outgoing) -> str:
    """The address with the brand and the touch in its query."""
    joined = "&" if "?" in url else "?"
    return f"{url}{joined}{urlencode({'brand': one.brand, 'touch': one.touch_id})}"


def seconds_left(one: Outgoing, now: datetime, *, longest: int) -> int | None:
    """For how many seconds the provider may try, at least one; `None` where nothing limits it."""
    if one.valid_until is None:
        return None
    return max(1, min(longest, int((one.valid_until - now).total_seconds())))


def reference(one: Outgoing) -> str:
    """Brand and touch in one word, for providers that echo one."""
    return f"{one.brand}/{one.touch_id}"


def dereferenced(said: str) -> tuple[str | None, str | None]:
    """The brand and the touch of such a word; of a touch alone, no brand."""
    brand, _, touch = said.rpartition("/")
    return brand or None, touch or None


def mainland(number: str) -> str:
    """A mobile number of the Chinese mainland without its country. Raises `Invalid` on another."""
    found = _MAINLAND.fullmatch(number)
    if found is None:
        raise Invalid("this provider takes mobile numbers of the Chinese mainland alone")
    return found[1]


def mailbox(sender: Sender) -> str:
    """The sender as it stands in `From`. Raises `Invalid` on what cannot stand there."""
    if not sender.name.isprintable():
        raise Invalid("the sender's name holds a control character")
    try:
        return formataddr((sender.name, sender.address))
    except UnicodeError as error:
        raise Invalid("the sender's address holds other than ASCII") from error


def unsubscribe(one: Outgoing) -> dict[str, str]:
    """The headers by which a mail program offers to refuse (RFC 2369, RFC 8058), if any.

    One click is defined for https alone. Raises `Invalid` on a link that cannot stand there.
    """
    if not one.unsubscribe_url:
        return {}
    if not _LINK.fullmatch(one.unsubscribe_url):
        raise Invalid("the link to refuse cannot stand in List-Unsubscribe: use an https URL")
    listed = {"List-Unsubscribe": f"<{one.unsubscribe_url}>"}
    if one.unsubscribe_url.startswith("https:"):
        listed["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return listed
