"""May something that a customer typed in make us connect to this address?

Pure. Whoever may enter a URL could otherwise make outreach speak to its own network, to this
machine, or to what a cloud tells its machines in confidence (169.254.169.254). The tables are the
registries of special-purpose addresses of IANA (RFC 6890) and the multicast ranges; the standard
library's `is_global` calls several of them global. An IPv6 address that stands for an IPv4 one is
judged as that one.
"""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from outreach.errors import Misconfigured

Network = IPv4Network | IPv6Network

_PORT = 443
_NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
# The metadata service of Alibaba Cloud (100.100.100.200) is within 100.64.0.0/10; that of Azure's
# platform is a public address that answers inside its network only.
_INSIDE_CLOUDS = (IPv4Network("168.63.129.16/32"),)
_PUBLIC_6 = IPv6Network("2000::/3")  # all that IANA has given out as global unicast
_NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_STANDS_FOR_4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))  # RFC 4291, 6052


def objection(
    address: str, *, port: int, secure: bool, allowed: Iterable[Network] = ()
) -> str | None:
    """Why nobody outside may send us to this address, in a few words; None if they may.

    `allowed` are networks of the installation's own that may be reached all the same, on any port
    and in the clear. What is no address at all is objected to.
    """
    try:
        meant = _meant(ip_address(address.partition("%")[0]))
    except ValueError:
        return f"{address[:80]!r} is no address"
    if _within(meant, allowed):
        return None
    if not _public(meant):
        return f"{address} is not a public address"
    return None if secure and port == _PORT else f"only https on port {_PORT} is spoken"


def networks(text: str) -> tuple[Network, ...]:
    """The networks in this text, with spaces between: `10.1.2.0/24 fd00::/8`.

    Raises `Misconfigured` that names the first that is none.
    """
    found: list[Network] = []
    for one in text.split():
        try:
            found.append(ip_network(one))
        except ValueError as error:
            raise Misconfigured(f"{one!r} is no network, such as 10.1.2.0/24: {error}") from error
    return tuple(found)


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address) and _within(address, _STANDS_FOR_4):
        return IPv4Address(address.packed[-4:])
    return address


def _within(address: IPv4Address | IPv6Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


def _public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not _within(address, (*_NOT_PUBLIC_4, *_INSIDE_CLOUDS))
    return address in _PUBLIC_6 and not _within(address, _NOT_PUBLIC_6)
