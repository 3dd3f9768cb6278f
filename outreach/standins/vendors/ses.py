"""How does Amazon SES behave, as its documentation has it?

Source: docs.aws.amazon.com, SES API v2 "SendEmail", "Event publishing", SNS "Verifying the
signatures".
"""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push

_ID = "AKIASTANDIN"
_TOPIC = "arn:aws:sns:eu-west-1:123456789012:outreach"
_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-5tand1n.pem"
_ERRORS = {400: "BadRequestException", 401: "AccessDenied", 429: "TooManyRequestsException"}


class SesProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if _signature(heard) != heard.headers.get("authorization", "").rpartition("=")[2]:
            return Said(403, {"message": "The request signature does not match"})
        if heard.target != "/v2/email/outbound-emails":
            return self.refused(404)
        told = json.loads(heard.body)
        [to] = told["Destination"]["ToAddresses"]
        mail = told["Content"]["Simple"]
        tags = {tag["Name"]: [tag["Value"]] for tag in told["EmailTags"]}
        said = f"{mail['Subject']['Data']} {mail['Body']['Text']['Data']}"
        sender = told["FromEmailAddress"]
        return Asked(tags["touch"][0], to, said, sender, echo=json.dumps(tags))

    def taken(self, asked: Asked, given: str) -> Said:
        del asked
        return Said(200, {"MessageId": given})

    def refused(self, status: int) -> Said:
        headers = {"x-amzn-ErrorType": _ERRORS.get(status, "InternalFailure")}
        return Said(status, {"message": "refused"}, headers)


def _signature(heard: Heard) -> str:
    """What the header should end with, made anew from what arrived."""
    names = "content-type;host;x-amz-date"
    lines = "".join(f"{name}:{heard.headers[name]}\n" for name in names.split(";"))
    body = hashlib.sha256(heard.body).hexdigest()
    whole = f"{heard.method}\n{heard.target}\n\n{lines}\n{names}\n{body}"
    at = heard.headers["x-amz-date"]
    place = [at[:8], "eu-west-1", "ses", "aws4_request"]
    hashed = hashlib.sha256(whole.encode()).hexdigest()
    told = "\n".join(["AWS4-HMAC-SHA256", at, "/".join(place), hashed])
    key = f"AWS4{KEY}".encode()
    for part in (*place, told):
        key = hmac.new(key, part.encode(), "sha256").digest()
    return key.hex()


def push(one: Push) -> Message:
    """A notification of SNS around an event; `about` is the type of a bounce."""
    mail = {
        "messageId": one.entry["id"], "timestamp": one.at.isoformat(),
        "destination": [one.entry["to"]], "tags": json.loads(one.entry["echo"]),
    }  # fmt: skip
    what: dict[str, object] = {"timestamp": one.at.isoformat()}
    if one.about:
        told = {"emailAddress": one.entry["to"], "diagnosticCode": "smtp; 550 5.1.1 unknown"}
        what |= {"bounceType": one.about, "bounceSubType": "General", "bouncedRecipients": [told]}
    place = one.word[0].lower() + one.word[1:]
    event = json.dumps({"eventType": one.word, "mail": mail, place: what})
    return notified({"Type": "Notification", "Message": event}, at=one.at, secret=one.secret)


def notified(told: dict[str, str], *, at: datetime, secret: str = KEY) -> Message:
    """A message as SNS sends it: with the topic, the instant and a signature."""
    whole = told | {
        "MessageId": "m-1", "TopicArn": _TOPIC, "Timestamp": at.isoformat(),
        "SignatureVersion": "2", "SigningCertURL": _URL,
    }  # fmt: skip
    unsigned = {"SignatureVersion", "SigningCertURL", "UnsubscribeURL"}
    lines = "".join(f"{n}\n{whole[n]}\n" for n in sorted(whole) if n not in unsigned)
    signature = _key(secret).sign(lines.encode(), PKCS1v15(), hashes.SHA256())
    whole["Signature"] = base64.b64encode(signature).decode()
    return Message(json.dumps(whole).encode(), {"content-type": "text/plain; charset=UTF-8"})


@lru_cache
def _key(secret: str) -> RSAPrivateKey:
    del secret  # another secret is another key
    return generate_private_key(public_exponent=65537, key_size=2048)


@lru_cache
def fetch(url: str) -> bytes:
    """The certificate at this address."""
    del url
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_key(KEY).public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2050, 1, 1, tzinfo=UTC))
    )
    return built.sign(_key(KEY), hashes.SHA256()).public_bytes(Encoding.PEM)


IMITATED = Imitated(
    SesProtocol,
    f"ses+http://{_ID}:{KEY}@127.0.0.1:{{port}}?region=eu-west-1&topic={quote(_TOPIC)}",
    push,
    {
        "accepted": "Send", "delivered": "Delivery", "read": "Open", "failed": "Bounce:Transient",
        "bounced_soft": "DeliveryDelay", "bounced_hard": "Bounce:Permanent",
        "complained": "Complaint", "unsubscribed": "Subscription",
    },
    in_body=True,
    fetch=fetch,
)  # fmt: skip
