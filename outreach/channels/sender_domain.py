"""Will mailbox providers believe that a domain's mail is its own?

Pure: judges what the domain's DNS says. SPF (RFC 7208) names who may send for the envelope's
domain, DKIM (RFC 6376, key lengths by RFC 8301) holds the key that signs, DMARC (RFC 7489) says
what becomes of mail that neither vouches for. The large mailbox providers ask all three of whoever
sends to many.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

_LEAST, _ADVISED = 1024, 2048  # bits of an RSA key, RFC 8301 section 3.2
_ED25519 = 32  # bytes of such a key, RFC 8463


@dataclass(frozen=True, slots=True)
class Records:
    """The TXT records that matter for mail from `domain`, whose envelope is of `envelope`.

    `dkim` holds them by selector, `dmarc` those of the domain itself or the nearest above it.
    """

    domain: str
    envelope: str
    spf: Sequence[str] = ()
    dmarc: Sequence[str] = ()
    dkim: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weakness:
    """One thing that keeps mail from being believed, and what to do, in English and Chinese.

    `bad`: much will bounce.
    """

    about: Literal["SPF", "DKIM", "DMARC"]
    state: Literal["bad", "warning"]
    sentence: str
    chinese: str


def judge(records: Records) -> tuple[Weakness, ...]:
    """What is amiss; nothing where all is as mailbox providers ask it."""
    return (*_spf(records), *_dkim(records), *_dmarc(records))


def _spf(records: Records) -> Iterator[Weakness]:
    found = [one for one in records.spf if re.match(r"v=spf1( |$)", one, re.IGNORECASE)]
    if not found:
        sentence = f"{records.envelope} has no `v=spf1` record: publish who sends for it"
        chinese = f"{records.envelope} 没有 `v=spf1` 记录:请公布由谁代发"
        yield Weakness("SPF", "bad", sentence, chinese)
    elif len(found) > 1:
        sentence = f"{records.envelope} has {len(found)} `v=spf1` records: keep one, none counts"
        chinese = f"{records.envelope} 有 {len(found)} 条 `v=spf1` 记录,全部无效:请只留一条"
        yield Weakness("SPF", "bad", sentence, chinese)
    elif (ends := _ends(found[0])) == "+":
        sentence = f"{records.envelope} lets everybody send for it: end with `-all` or `~all`"
        chinese = f"{records.envelope} 允许任何人代发:请以 `-all` 或 `~all` 结尾"
        yield Weakness("SPF", "bad", sentence, chinese)
    elif ends == "?":
        sentence = f"{records.envelope} does not say who may not send: end with `-all` or `~all`"
        chinese = f"{records.envelope} 未说明谁不得代发:请以 `-all` 或 `~all` 结尾"
        yield Weakness("SPF", "warning", sentence, chinese)


def _ends(record: str) -> str:
    """What becomes of everybody else: `+`, `-`, `~` or `?` (RFC 7208 4.7: neutral if unsaid)."""
    terms = record.lower().split()
    last = next((term for term in terms if term.lstrip("+-~?") == "all"), "")
    if not last:
        return "-" if any(term.startswith("redirect=") for term in terms) else "?"
    return last[0] if last[0] in "+-~?" else "+"


def _dkim(records: Records) -> Iterator[Weakness]:
    for selector, texts in records.dkim.items():
        name = f"{selector}._domainkey.{records.domain}"
        tags = _tags(next(iter(texts), ""))
        if not texts:
            sentence = f"{name} has no record: publish the key that signs"
            yield Weakness("DKIM", "bad", sentence, f"{name} 没有记录:请公布签名所用的公钥")
        elif not tags.get("p"):
            sentence = f"{name} holds no key: it was taken back, or is cut off"
            yield Weakness("DKIM", "bad", sentence, f"{name} 中没有公钥:已被撤回,或记录被截断")
        else:
            yield from _key(name, tags)


def _key(name: str, tags: Mapping[str, str]) -> Iterator[Weakness]:
    bits = _bits(tags["p"], tags.get("k", "rsa"))
    if bits is None:
        sentence = f"{name} holds a key that cannot be read"
        yield Weakness("DKIM", "bad", sentence, f"{name} 中的公钥无法读取")
    elif bits < _LEAST:
        sentence = f"{name} has a key of {bits} bits: use {_ADVISED}"
        yield Weakness("DKIM", "bad", sentence, f"{name} 的密钥只有 {bits} 位:请用 {_ADVISED} 位")
    elif bits < _ADVISED:
        sentence = f"{name} has a key of {bits} bits: {_ADVISED} is better"
        yield Weakness("DKIM", "warning", sentence, f"{name} 的密钥为 {bits} 位:{_ADVISED} 位更好")


def _bits(coded: str, sort: str) -> int | None:
    """How strong the key is; an Ed25519 key counts as strong. None if it is no key."""
    try:
        raw = b64decode("".join(coded.split()), validate=True)
        if sort == "ed25519":
            Ed25519PublicKey.from_public_bytes(raw[-_ED25519:])
            return _ADVISED
        key = load_der_public_key(raw)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    return key.key_size if isinstance(key, RSAPublicKey) else None


def _dmarc(records: Records) -> Iterator[Weakness]:
    found = [one for one in records.dmarc if re.match(r"v=DMARC1\s*(;|$)", one, re.IGNORECASE)]
    if not found:
        sentence = f"_dmarc.{records.domain} has no `v=DMARC1` record: begin with `p=none`"
        chinese = f"_dmarc.{records.domain} 没有 `v=DMARC1` 记录:可先用 `p=none`"
        yield Weakness("DMARC", "bad", sentence, chinese)
        return
    if len(found) > 1:
        sentence = f"_dmarc.{records.domain} has {len(found)} records: keep one, none counts"
        chinese = f"_dmarc.{records.domain} 有 {len(found)} 条记录,全部无效:请只留一条"
        yield Weakness("DMARC", "bad", sentence, chinese)
        return
    tags = _tags(found[0])
    if tags.get("p", "").lower() not in {"none", "quarantine", "reject"}:
        sentence = f"_dmarc.{records.domain} says no `p=` that is known"
        chinese = f"_dmarc.{records.domain} 中没有可识别的 `p=`"
        yield Weakness("DMARC", "bad", sentence, chinese)
    if not _aligned(records.envelope, records.domain) and not records.dkim:
        sentence = (
            f"the envelope is of {records.envelope}, which does not vouch for {records.domain}: "
            "have the mail signed by DKIM, and name the selector in OUTREACH_DKIM_SELECTORS"
        )
        chinese = (
            f"信封域名 {records.envelope} 不能为 {records.domain} 作证:"
            "请用 DKIM 签名,并在 OUTREACH_DKIM_SELECTORS 中写明选择器"
        )
        yield Weakness("DMARC", "warning", sentence, chinese)


def _aligned(envelope: str, domain: str) -> bool:
    """Relaxed alignment, as far as names alone tell: one is the other, or lies within it."""
    one, other = envelope.lower(), domain.lower()
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}
