"""Which addresses may a URL that somebody typed in lead to?"""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.channels.addresses import networks, objection
from outreach.errors import Misconfigured

BARRED = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.1.2.3
    169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.192
    192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16 :: ::1 ::127.0.0.1
    ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:10.0.0.1 ::ffff:7f00:1
    64:ff9b::169.254.169.254 64:ff9b::10.0.0.1 64:ff9b:1::8.8.8.8 100::1 2001::1 2001:2::1
    2001:10::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe:: 3fff::1 5f00::1 fc00::1
    fd00:ec2::254 fd20:ce::254 fe80::1 fe80::1%eth0 fe80::a9fe:a9fe fec0::1 ff02::1 ff0e::1
    2620:4f:8000::1 localhost 127.1 0x7f000001 2130706433 017700000001
"""
PUBLIC = """
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255
    128.0.0.0 169.253.255.255 172.15.255.255 172.32.0.0 192.167.255.255 198.17.255.255
    223.255.255.255 2606:4700:4700::1111 2400:3200::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8
"""


def judged(address: str, allowed: str = "", *, port: int = 443, secure: bool = True) -> str | None:
    return objection(address, port=port, secure=secure, allowed=networks(allowed))


@pytest.mark.parametrize("address", BARRED.split())
def test_what_is_not_public_is_barred(address: str) -> None:
    """Private, shared, link-local, multicast, reserved, and what stands for any of them."""
    assert judged(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_what_is_public_is_admitted(address: str) -> None:
    """The neighbours of what is barred are not."""
    assert judged(address) is None


@settings(max_examples=300)
@given(st.ip_addresses(v=4))
def test_an_address_in_another_dress_gets_the_same_answer(address: IPv4Address) -> None:
    """Mapped and translated forms of IPv4 are judged as what they stand for."""
    for dress in ("::ffff:", "64:ff9b::"):
        assert bool(judged(f"{dress}{address}")) == bool(judged(str(address)))


@settings(max_examples=300)
@given(st.ip_addresses())
def test_nothing_is_admitted_that_the_standard_library_calls_private(
    address: IPv4Address | IPv6Address,
) -> None:
    """Ours is the stricter of the two."""
    if address.is_loopback or address.is_link_local or address.is_multicast:
        assert judged(str(address))


def test_public_addresses_are_spoken_to_by_https_alone() -> None:
    """Neither in the clear nor on ports where other services listen."""
    assert judged("8.8.8.8", secure=False)
    assert judged("8.8.8.8", port=6379)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3"])
def test_an_allowed_network_is_reached_in_any_way(address: str) -> None:
    """On any port and in the clear; its neighbours are not."""
    assert judged(address, "10.1.2.0/24", port=8080, secure=False) is None
    assert judged(address, "10.1.3.0/24 fd00::/8")


def test_a_network_that_is_none_is_named() -> None:
    """The sentence holds what was written."""
    with pytest.raises(Misconfigured, match=r"10\.1\.2\.3/24"):
        networks("fd00::/8 10.1.2.3/24")
