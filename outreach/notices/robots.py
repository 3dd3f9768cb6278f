"""Which group chats do staff read?

    feishu://TOKEN:SECRET@        what stands behind /hook/ in the robot's address; its secret
    lark://TOKEN:SECRET@          the same outside China
    dingtalk://TOKEN:SECRET@      the robot's access_token; its secret (加签)
    wecom://KEY@                  the robot's key
    slack://T0%2FB0%2FXXX@        what stands behind /services/ in the webhook's address
    apprise:tgram://TOKEN/CHAT    any service that apprise knows, by apprise's own URL

With a host behind the @ for a proxy: `wecom+http://KEY@127.0.0.1:8099`. What stands before the @ is
percent-decoded, and no error repeats it.
"""

from urllib.parse import SplitResult, unquote, urlsplit

from outreach.channels import long_tail, posting
from outreach.errors import Misconfigured
from outreach.notices.services import APPRISE, SERVICES, Robot


def read(text: str) -> tuple[Robot, ...]:
    """The robots of these URLs, with spaces between. Raises `Misconfigured`."""
    return tuple(_robot(place, url) for place, url in enumerate(text.split(), start=1))


def _robot(place: int, url: str) -> Robot:
    if url.startswith(f"{APPRISE}:"):
        return _by_apprise(place, url.partition(":")[2])
    parts = _parts(place, url)
    name, _, how = parts.scheme.partition("+")
    if name not in SERVICES or how not in {"", "http", "https"}:
        known = ", ".join([*(f"{one}://" for one in SERVICES), f"{APPRISE}:"])
        raise Misconfigured(f"OUTREACH_NOTICES, URL {place}: known are {known}")
    if not parts.username:
        raise Misconfigured(f"OUTREACH_NOTICES, URL {place}: the robot's token stands before the @")
    host = parts.netloc.rpartition("@")[2]
    base = f"{how or 'https'}://{host}" if host else SERVICES[name].base
    try:
        to = posting.endpoint(base)
    except Misconfigured as error:
        raise Misconfigured(f"OUTREACH_NOTICES, URL {place}: its host or port is none") from error
    if not posting.is_host(to.host):
        raise Misconfigured(f"OUTREACH_NOTICES, URL {place}: its host or port is none")
    return Robot(name, base, unquote(parts.username), unquote(parts.password or ""))


def _by_apprise(place: int, url: str) -> Robot:
    try:
        long_tail.loaded(url)
    except Misconfigured as error:
        raise Misconfigured(f"OUTREACH_NOTICES, URL {place}: {error.sentence}") from error
    return Robot(APPRISE, "", url)


def _parts(place: int, url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise Misconfigured(f"OUTREACH_NOTICES, URL {place} cannot be read") from error
