"""Which provider does a URL name, and which account of ours there?

    twilio://SID:token@                     the provider's own address
    twilio://SID:token@?account=AC1         with options, which the vendor's module names
    resend://key@?webhook=new&webhook=old   a key alone; two secrets that are live at once
    sendgrid://key@?pace=50                 fifty messages a second at most, by all workers
    twilio+http://SID:token@127.0.0.1:8099  another address: a proxy, or a stand-in in the clear

What stands before the @ and in options is percent-decoded. No error repeats it.
"""

from collections.abc import Callable, Mapping
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from outreach.channels import charges
from outreach.channels.vendor import Account, Connected, Vendor
from outreach.channels.vendors.catalogue import VENDORS
from outreach.errors import Misconfigured

_ALL = {
    "pace": "how many messages a second may leave through this account, by all workers",
    "price": "what one part or message costs, such as 0.045CNY, where the provider tells no amount",
}


def nowhere(vendor: str) -> str:  # noqa: ARG001  # the form of every place for receipts
    """Nobody listens for receipts."""
    return ""


def read(
    url: str, *, token: str = "", reports_to: Callable[[str], str] = nowhere
) -> Connected | None:
    """The provider of this URL and our account there; `None` where it names none of them.

    `token` takes the key's place; `reports_to` is where we hear of a provider's receipts, by its
    name. Raises `Misconfigured`.
    """
    parts = urlsplit(url)
    name, _, how = parts.scheme.partition("+")
    vendor = VENDORS.get(name)
    if vendor is None or how not in {"", "http", "https"}:
        return None
    options = _options(vendor, parts)
    charges.price(next(iter(options.get("price", ())), ""))
    user, key = _signed_in(vendor, parts, token)
    base = _base(vendor, parts, how or "https", options)
    account = Account(base, user, key, options, reports_to(name))
    return Connected(vendor.opened(account) if vendor.opened else vendor, account)


def _signed_in(vendor: Vendor, parts: SplitResult, token: str) -> tuple[str, str]:
    user, key = unquote(parts.username or ""), token or unquote(parts.password or "")
    if not vendor.user_is and not key:
        user, key = "", user
    if key and bool(vendor.user_is) is bool(user):
        return user, key
    wanted = f"{vendor.user_is}, a colon, and {vendor.key_is}" if vendor.user_is else vendor.key_is
    raise Misconfigured(f"before the @ of {vendor.name}:// stands {wanted}")


def _options(vendor: Vendor, parts: SplitResult) -> dict[str, tuple[str, ...]]:
    given = parse_qs(parts.query, keep_blank_values=True)
    known = {**vendor.needs, **vendor.may, **_ALL}
    if stray := sorted(given.keys() - known.keys()):
        told = ", ".join(known) or "none"
        raise Misconfigured(f"{vendor.name}:// has no option {stray[0]!r}; it has: {told}")
    for name, about in vendor.needs.items():
        if not any(given.get(name, ())):
            raise Misconfigured(f"{vendor.name}:// needs ?{name}=…: {about}")
    return {name: tuple(filter(None, values)) for name, values in given.items()}


def _base(
    vendor: Vendor, parts: SplitResult, how: str, options: Mapping[str, tuple[str, ...]]
) -> str:
    """The host that the URL names, or else the vendor's own."""
    place = parts.netloc.rpartition("@")[2]
    if place:
        return f"{how}://{place}{parts.path.rstrip('/')}"
    return vendor.base.format(**{name: values[0] for name, values in options.items() if values})
