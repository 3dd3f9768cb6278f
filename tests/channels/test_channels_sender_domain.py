"""Is a domain that mailbox providers would not believe found out, and a good one left alone?"""

from base64 import b64encode
from collections.abc import Mapping, Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from outreach.channels import domain_records
from outreach.channels.sender_domain import judge
from outreach.errors import Trouble


def a_key(bits: int) -> str:
    public = rsa.generate_private_key(65537, bits).public_key()
    raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(raw).decode()


STRONG = f"v=DKIM1; k=rsa; p={a_key(2048)}"
GOOD: Mapping[str, Sequence[str]] = {
    "shop.example": ["other=1", "v=spf1 include:_spf.relay.example ~all"],
    "_dmarc.shop.example": ["v=DMARC1; p=none"],
    "s1._domainkey.shop.example": [STRONG],
}


def found(
    changes: Mapping[str, Sequence[str]], *, domain: str = "shop.example", envelope: str = ""
) -> list[tuple[str, str]]:
    records = {**GOOD, **changes}
    gathered = domain_records.gather(
        domain, envelope=envelope or domain, selectors=["s1"],
        texts=lambda name: records.get(name, []),
    )  # fmt: skip
    return [(one.about, one.state) for one in judge(gathered)]


def test_a_domain_in_order_has_no_weakness() -> None:
    """Beside texts that are about something else."""
    assert found({}) == []


@pytest.mark.parametrize(
    ("texts", "weak"),
    [
        ([], [("SPF", "bad")]),
        (["v=spf10 -all"], [("SPF", "bad")]),
        (["v=spf1 -all", "v=spf1 mx -all"], [("SPF", "bad")]),
        (["v=spf1 mx +all"], [("SPF", "bad")]),
        (["v=spf1 mx all"], [("SPF", "bad")]),
        (["v=spf1 mx ?all"], [("SPF", "warning")]),
        (["v=spf1 mx"], [("SPF", "warning")]),
        (["V=SPF1 redirect=_spf.relay.example"], []),
        (["v=spf1 -all"], []),
    ],
)
def test_spf(texts: list[str], weak: list[tuple[str, str]]) -> None:
    assert found({"shop.example": texts}) == weak


@pytest.mark.parametrize(
    ("texts", "weak"),
    [
        ([], [("DKIM", "bad")]),
        (["v=DKIM1; p="], [("DKIM", "bad")]),
        (["v=DKIM1; p=MIIBIjANBg"], [("DKIM", "bad")]),
        ([f"p={a_key(1024)}"], [("DKIM", "warning")]),
        ([STRONG.replace("p=", "p=\t ")], []),
    ],
)
def test_dkim(texts: list[str], weak: list[tuple[str, str]]) -> None:
    assert found({"s1._domainkey.shop.example": texts}) == weak


def test_a_key_of_the_newer_sort_is_strong() -> None:
    """RFC 8463 publishes the bare key."""
    public = ed25519.Ed25519PrivateKey.generate().public_key()
    raw = b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    assert found({"s1._domainkey.shop.example": [f"v=DKIM1; k=ed25519; p={raw}"]}) == []


@pytest.mark.parametrize(
    ("texts", "weak"),
    [
        ([], [("DMARC", "bad")]),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], [("DMARC", "bad")]),
        (["v=DMARC1; rua=mailto:a@shop.example"], [("DMARC", "bad")]),
        (["v=DMARC1;p=Reject;sp=none"], []),
    ],
)
def test_dmarc(texts: list[str], weak: list[tuple[str, str]]) -> None:
    assert found({"_dmarc.shop.example": texts}) == weak


def test_the_policy_of_the_domain_above_holds_below() -> None:
    """Nobody need publish one for each name that sends."""
    below = {
        "care.shop.example": ["v=spf1 mx -all"],
        "s1._domainkey.care.shop.example": [STRONG],
    }
    assert found(below, domain="care.shop.example") == []


def test_an_envelope_of_another_domain_needs_a_signature() -> None:
    """SPF then speaks for the other one."""
    records = {**GOOD, "relay.example": ["v=spf1 mx -all"]}
    gathered = domain_records.gather(
        "shop.example", envelope="relay.example", selectors=[],
        texts=lambda name: records.get(name, []),
    )  # fmt: skip
    [weak] = judge(gathered)
    assert "OUTREACH_DKIM_SELECTORS" in weak.sentence


def test_a_dns_that_cannot_be_asked_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not a domain without records."""

    def silent(*_: object, **__: object) -> None:
        raise domain_records.dns.resolver.LifetimeTimeout(timeout=3.0, errors=[])

    monkeypatch.setattr(domain_records.dns.resolver, "resolve", silent)
    with pytest.raises(Trouble, match=r"shop\.example"):
        domain_records.texts("shop.example")
