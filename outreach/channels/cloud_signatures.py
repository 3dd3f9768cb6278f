"""With which header does a request to a cloud prove who sends it?

Pure. Amazon's, Tencent's and Alibaba's are relatives: a request in its one spelling, hashed, signed
under a key that is made of the account's. Each is written from its vendor's page and held to the
example that the vendor publishes (tests/channels/test_channels_cloud_signatures.py).
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A POST to sign. `headers` are those that are signed, with names in lower case and the host.

    `query` is already encoded and in order.
    """

    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def signed_headers(self) -> str:
        """Their names, in order."""
        return ";".join(sorted(self.headers))

    def spelled(self, method: str = "POST") -> str:
        """The one spelling of this request, as a hash."""
        lines = "".join(f"{name}:{self.headers[name].strip()}\n" for name in sorted(self.headers))
        parts = (method, self.path, self.query, lines, self.signed_headers, _hex(self.body))
        return _hex("\n".join(parts).encode())


def amazon(
    asked: Unsigned,
    *,
    key: str,
    secret: str,
    scope: tuple[str, str],
    now: datetime,
    method: str = "POST",
) -> str:
    """`Authorization` of AWS Signature Version 4; `scope` is region and service.

    `x-amz-date` stands among the headers (`amazon_date`). Source: docs.aws.amazon.com, "Create a
    signed AWS API request".
    """
    at = amazon_date(now)
    place = (at[:8], *scope, "aws4_request")
    told = f"AWS4-HMAC-SHA256\n{at}\n{'/'.join(place)}\n{asked.spelled(method)}"
    signature = hmac.digest(_derived(f"AWS4{secret}", place), told.encode(), "sha256").hex()
    return (
        f"AWS4-HMAC-SHA256 Credential={key}/{'/'.join(place)}, "
        f"SignedHeaders={asked.signed_headers}, Signature={signature}"
    )


def amazon_date(now: datetime) -> str:
    """An instant as `x-amz-date` wants it."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def tencent(asked: Unsigned, *, key: str, secret: str, service: str, now: datetime) -> str:
    """`Authorization` of TC3-HMAC-SHA256; `X-TC-Timestamp` is `now` in whole seconds.

    Source: cloud.tencent.com/document/api/382/52072, 签名方法 v3.
    """
    day = now.astimezone(UTC).strftime("%Y-%m-%d")
    place = (day, service, "tc3_request")
    told = f"TC3-HMAC-SHA256\n{int(now.timestamp())}\n{'/'.join(place)}\n{asked.spelled()}"
    signature = hmac.digest(_derived(f"TC3{secret}", place), told.encode(), "sha256").hex()
    return (
        f"TC3-HMAC-SHA256 Credential={key}/{'/'.join(place)}, "
        f"SignedHeaders={asked.signed_headers}, Signature={signature}"
    )


def alibaba(asked: Unsigned, *, key: str, secret: str) -> str:
    """`Authorization` of ACS3-HMAC-SHA256.

    Source: help.aliyun.com, "V3 版本请求体&签名机制".
    """
    told = f"ACS3-HMAC-SHA256\n{asked.spelled()}"
    signature = hmac.digest(secret.encode(), told.encode(), "sha256").hex()
    return (
        f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={asked.signed_headers},"
        f"Signature={signature}"
    )


def content_hash(body: bytes) -> str:
    """The body's hash, where a header tells it."""
    return _hex(body)


def _derived(secret: str, parts: Sequence[str]) -> bytes:
    key = secret.encode()
    for part in parts:
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
