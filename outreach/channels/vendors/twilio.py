"""How do text messages leave through Twilio, and what does Twilio tell of them?

Source: twilio.com/docs, "Message resource", "Track outbound message status", "Validating requests",
"Error and warning dictionary" (July 2026). There is no key against repetition on messages: a call
without an answer is uncertain until its receipt, which comes to an address that names the touch.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlencode

from optout.model import Channel
from outreach.channels import charges, outcomes
from outreach.channels.fields import form, referred, seconds_left
from outreach.channels.posting import Response
from outreach.channels.protocol import Answer, Capabilities, Outgoing, Refused
from outreach.channels.receipts import Kind, Told, Why, Word, Written, fell_short
from outreach.channels.vendor import Account, Request, Vendor
from outreach.signed import signatures
from outreach.signed.message import Message, Reply, Verified
from outreach.signed.message import Refused as Unverified

_LONGEST = 36_000  # seconds that Twilio keeps a message; its default, too
_KINDS = {
    "accepted": Kind.ACCEPTED, "scheduled": Kind.ACCEPTED, "queued": Kind.ACCEPTED,
    "sending": Kind.ACCEPTED, "sent": Kind.ACCEPTED, "delivered": Kind.DELIVERED,
    "read": Kind.READ, "undelivered": Kind.FAILED, "failed": Kind.FAILED, "canceled": Kind.FAILED,
}  # fmt: skip
_WHY = {
    "21610": Why.REFUSED_BEFORE, "21211": Why.NO_SUCH_ADDRESS, "21614": Why.NO_SUCH_ADDRESS,
    "30003": Why.UNREACHABLE, "30005": Why.NO_SUCH_ADDRESS, "30006": Why.NO_SUCH_ADDRESS,
    "30004": Why.FILTERED, "30007": Why.FILTERED, "30002": Why.ACCOUNT, "30010": Why.ACCOUNT,
    "30032": Why.SENDER, "30034": Why.SENDER, "30035": Why.SENDER, "30036": Why.EXPIRED,
}  # fmt: skip
_BUSY = frozenset({14107, 20429, 21611, 63038})  # rate, queue of the number full, daily limit
_LOGIN = frozenset({20003, 20005, 20403})


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """POST a message; the sender is a number, a name, or a messaging service (`MG…`)."""
    content, address = one.content, one.sender.address
    said = {"Body": content.text}
    if content.code:
        said = {"ContentSid": content.code, "ContentVariables": json.dumps(dict(content.params))}
    who = "MessagingServiceSid" if address.startswith("MG") else "From"
    told = {"To": one.to, who: address, **said}
    if account.reports_to:
        told["StatusCallback"] = referred(account.reports_to, one)
    if (left := seconds_left(one, now, longest=_LONGEST)) is not None:
        told["ValidityPeriod"] = str(left)
    keys = base64.b64encode(f"{account.user}:{account.secret}".encode()).decode()
    headers = {
        "Authorization": f"Basic {keys}", "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    owner = quote(account.option("account", account.user), safe="")
    target = f"/2010-04-01/Accounts/{owner}/Messages.json"
    return Request("POST", target, headers, urlencode(told).encode())


def outcome(response: Response) -> Answer:
    """The `sid` of what was taken; otherwise Twilio's own code tells more than the status."""
    answer = outcomes.by_status(response, lambda told: told.get("sid"))
    told = outcomes.document(response.body)
    if isinstance(answer, Refused) and answer.permanent:
        code = told.get("code")
        if isinstance(code, int) and (code in _BUSY or code in _LOGIN):
            return Refused("busy" if code in _BUSY else "login", answer.detail, permanent=False)
        return outcomes.because(answer, _WHY.get(str(code)))
    charge = charges.told(
        parts=told.get("num_segments"), amount=told.get("price"), currency=told.get("price_unit")
    )
    return outcomes.charged(answer, charge)


def verify(account: Account, message: Message, now: datetime) -> Verified | Unverified:
    """`X-Twilio-Signature`: base64(HMAC-SHA1(address + each field's name and value, sorted)).

    The secret is the account's token, or where an API key signs in that of option `webhook`.
    """
    del now  # nothing here says when it was sent
    fields = sorted(form(message.body).items())
    signed = message.url + "".join(f"{name}{value}" for name, value in fields)

    def made(secret: str) -> str:
        return base64.b64encode(hmac.digest(secret.encode(), signed.encode(), "sha1")).decode()

    given = message.headers.get("x-twilio-signature", "")
    live = account.secrets() or ((account.secret,) if account.secret else ())
    return signatures.fits([given], live, made)


def read(message: Message) -> tuple[Word, ...]:
    """A status, or a message that a person wrote."""
    fields = form(message.body)
    status = fields.get("MessageStatus", "")
    if status in _KINDS:
        return _told(message.query, fields, _KINDS[status])
    if "Body" in fields and fields.get("From") and fields.get("MessageSid"):
        return (_written(fields),)
    return ()


def _told(query: Mapping[str, str], fields: Mapping[str, str], kind: Kind) -> tuple[Told, ...]:
    code = fields.get("ErrorCode", "")
    why = _WHY.get(code, Why.OTHER) if kind is Kind.FAILED else None
    told = Told(
        kind, query.get("touch"), query.get("brand"), fields.get("MessageSid"), why=why, said=code
    )  # fmt: skip
    return fell_short(told)


def _written(fields: Mapping[str, str]) -> Written:
    """What Twilio itself took for a refusal is one, whichever of its keywords it was."""
    text = "STOP" if fields.get("OptOutType") == "STOP" else fields["Body"]
    return Written(
        fields["MessageSid"], fields["From"], fields.get("To", ""), text, Channel.SMS
    )  # fmt: skip


def thanks(message: Message) -> Reply:
    """No answer of TwiML: nothing is texted back by itself."""
    del message
    return Reply(b"<Response/>", "text/xml")


VENDOR = Vendor(
    "twilio",
    Channel.SMS,
    "https://api.twilio.com",
    Capabilities(
        16, idempotent=False, receipts="push", provider_id=True, inbound=True, charged="part"
    ),
    request,
    outcome,
    verify,
    read,
    user_is="the account's SID, or that of an API key",
    key_is="the auth token, or the secret of the API key",
    may={
        "account": "the account's SID, where an API key signs in",
        "webhook": "the account's auth token, where an API key signs in",
    },
    thanks=thanks,
)
