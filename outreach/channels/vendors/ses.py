"""How does mail leave through Amazon SES, and what does Amazon tell of it?

Source: docs.aws.amazon.com, SES API v2 "SendEmail" and "Common errors", "Event publishing using
Amazon SNS", and for the signature of notifications SNS "Verifying the signatures" (2026). There is
no key against repetition; `EmailTags` carry brand and touch. Receipts come over an SNS topic, which
is named by option `topic`: anybody may have a topic of their own that Amazon signs as well.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from optout.model import Channel
from outreach.channels import cloud_signatures, outcomes
from outreach.channels.fields import decoded, dig, instant, mailbox, rows, texts, unsubscribe, word
from outreach.channels.posting import Response
from outreach.channels.protocol import Answer, Capabilities, Outgoing, Refused
from outreach.channels.receipts import Kind, Told, Why, Word, fell_short
from outreach.channels.vendor import Account, Request, Vendor
from outreach.signed import signatures
from outreach.signed.message import Message, Verified
from outreach.signed.message import Refused as Unverified

_HOST = r"https://sns\.[a-z]{2}(?:-[a-z]+)+-[0-9]+\.amazonaws\.com(?:\.cn)?/"
_CERTIFICATE = re.compile(_HOST + r"SimpleNotificationService-[0-9a-zA-Z]+\.pem")
_CONFIRM = re.compile(_HOST + r"\?Action=ConfirmSubscription&[!-~]+")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
_HASHES: Mapping[str, Callable[[], hashes.HashAlgorithm]] = {
    "1": hashes.SHA1,  # what Amazon signs with unless the topic is set to 2
    "2": hashes.SHA256,
}
_KINDS = {
    "Send": Kind.ACCEPTED, "Delivery": Kind.DELIVERED, "Open": Kind.READ, "Click": Kind.READ,
    "Complaint": Kind.COMPLAINED, "Subscription": Kind.UNSUBSCRIBED, "Reject": Kind.FAILED,
    "DeliveryDelay": Kind.BOUNCED_SOFT, "Rendering Failure": Kind.FAILED, "Bounce": Kind.FAILED,
}  # fmt: skip
_PLACES = {
    "Bounce": "bounce", "Complaint": "complaint", "Delivery": "delivery", "Open": "open",
    "Click": "click", "DeliveryDelay": "deliveryDelay", "Subscription": "subscription",
}  # fmt: skip
_BUSY = ("TooManyRequests", "Throttling", "LimitExceeded")
_LOGIN = ("AccountSuspended", "SendingPaused", "MailFromDomainNotVerified", "AccessDenied")


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """SendEmail to one recipient, through the configuration set of option `set`."""
    body = json.dumps(_mail(account, one)).encode()
    path = "/v2/email/outbound-emails"
    headers = {
        "content-type": "application/json", "host": account.host,
        "x-amz-date": cloud_signatures.amazon_date(now),
    }  # fmt: skip
    signed = cloud_signatures.amazon(
        cloud_signatures.Unsigned(path, "", headers, body),
        key=account.user,
        secret=account.secret,
        scope=(account.option("region"), "ses"),
        now=now,
    )
    return Request("POST", path, headers | {"Authorization": signed}, body)


def _mail(account: Account, one: Outgoing) -> Mapping[str, object]:
    content = one.content
    said = {"Text": _coded(content.text)}
    if content.html:
        said["Html"] = _coded(content.html)
    headers = [{"Name": name, "Value": value} for name, value in unsubscribe(one).items()]
    told: dict[str, object] = {
        "FromEmailAddress": mailbox(one.sender), "Destination": {"ToAddresses": [one.to]},
        "Content": {
            "Simple": {"Subject": _coded(content.subject or ""), "Body": said, "Headers": headers}
        },
        "EmailTags": [
            {"Name": "brand", "Value": one.brand}, {"Name": "touch", "Value": one.touch_id},
        ],
    }  # fmt: skip
    if one.sender.reply_to:
        told["ReplyToAddresses"] = [one.sender.reply_to]
    if name := account.option("set"):
        told["ConfigurationSetName"] = name
    return told


def _coded(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def outcome(response: Response) -> Answer:
    """The id of what was taken; a refusal is named in a header or in the body."""
    answer = outcomes.by_status(response, lambda told: told.get("MessageId"))
    if isinstance(answer, Refused) and answer.permanent:
        named = response.headers.get("x-amzn-errortype", "")
        named = named or word(outcomes.document(response.body), "__type").rpartition("#")[2]
        if named.startswith(_BUSY + _LOGIN):
            reason = "busy" if named.startswith(_BUSY) else "login"
            return Refused(reason, f"{named}: {answer.detail}", permanent=False)
    return answer


def verify(account: Account, message: Message, now: datetime) -> Verified | Unverified:
    """RSA over chosen fields, under a certificate that Amazon's own host shows.

    Raises `Trouble` where the certificate cannot be had: Amazon tells again.
    """
    del now  # what is told again later is the same message
    if not account.secrets("topic"):
        return signatures.NO_SECRET
    said = outcomes.document(message.body)
    url, fields = word(said, "SigningCertURL"), _SIGNED.get(word(said, "Type"))
    algorithm = _HASHES.get(word(said, "SignatureVersion"))
    if not (fields and algorithm and _CERTIFICATE.fullmatch(url)):
        return signatures.WRONG
    if word(said, "TopicArn") not in account.secrets("topic"):
        return Unverified("wrong-topic", "this is another topic than option `topic` names")
    signed = "".join(f"{name}\n{said[name]}\n" for name in fields if name in said)
    fits = _fits(
        account.fetch(url),
        word(said, "Signature"),
        signed.encode(errors="surrogatepass"),
        algorithm(),
    )
    return Verified() if fits else signatures.WRONG


def _fits(pem: bytes, given: str, signed: bytes, algorithm: hashes.HashAlgorithm) -> bool:
    try:
        public = import_module("cryptography.x509").load_pem_x509_certificate(pem).public_key()
        if not isinstance(public, RSAPublicKey):
            return False
        public.verify(base64.b64decode(given, validate=True), signed, PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def confirms(message: Message) -> str:
    """The address by which a new subscription is confirmed, where this message asks for it."""
    said = outcomes.document(message.body)
    url = word(said, "SubscribeURL")
    asks = word(said, "Type") == "SubscriptionConfirmation" and _CONFIRM.fullmatch(url)
    return url if asks else ""


def read(message: Message) -> tuple[Word, ...]:
    """An event of one mail, within a notification."""
    said = decoded(message.body)
    if word(said, "Type") != "Notification":
        return ()
    event = decoded(word(said, "Message").encode(errors="surrogatepass"))
    name = word(event, "eventType") or word(event, "notificationType")
    kind, id_ = _KINDS.get(name), word(event, "mail", "messageId")
    if kind is None or not id_:
        return ()
    what = dig(event, _PLACES.get(name, "reject"))
    why = _why(name, what) if kind is Kind.FAILED else None
    tags = dig(event, "mail", "tags")
    touch, brand = (next(iter(texts(dig(tags, one))), None) for one in ("touch", "brand"))
    at = instant(word(what, "timestamp") or word(event, "mail", "timestamp"))
    return fell_short(Told(kind, touch, brand, id_, at, why, _said(name, what)))


def _why(name: str, what: object) -> Why:
    """A permanent bounce is to the address, but where it was on Amazon's own list before."""
    if name == "Reject":
        return Why.FILTERED
    if name != "Bounce":
        return Why.OTHER
    if word(what, "bounceType") != "Permanent":
        return Why.UNREACHABLE
    return Why.NO_SUCH_ADDRESS


def _said(name: str, what: object) -> str:
    listed = dig(what, "bouncedRecipients")
    first: object = rows(listed)[0] if isinstance(listed, list) and listed else {}
    parts = (
        name, word(what, "bounceType"), word(what, "bounceSubType"), word(first, "diagnosticCode"),
        word(what, "reason"), word(what, "complaintFeedbackType"),
    )  # fmt: skip
    return " ".join(part for part in parts if part)


VENDOR = Vendor(
    "ses",
    Channel.EMAIL,
    "https://email.{region}.amazonaws.com",
    Capabilities(16, idempotent=False, receipts="push", provider_id=True, charged="message"),
    request,
    outcome,
    verify,
    read,
    user_is="the access key's id",
    key_is="the secret access key",
    needs={"region": "the region, such as eu-west-1"},
    may={
        "set": "the configuration set that publishes events",
        "topic": "the ARN of the SNS topic of its events: without it no receipt is taken",
    },
    confirms=confirms,
)
