"""How do messages leave through WhatsApp's Cloud API, and what does it tell of them?

Source: developers.facebook.com/docs/whatsapp/cloud-api, "Messages", "Template messages", "Error
codes", "Webhooks" (July 2026). A business may write freely for 24 hours after a person wrote to it,
and else by approved templates alone: the dispatcher holds to that before it calls. There is no key
against repetition: our reference goes along as `biz_opaque_callback_data` and comes back with every
status.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from optout.model import Channel
from outreach.channels import outcomes
from outreach.channels.fields import decoded, dereferenced, dig, reference, rows, unix, word
from outreach.channels.posting import Response
from outreach.channels.protocol import Answer, Capabilities, Outgoing, Refused
from outreach.channels.receipts import Kind, Told, Why, Word, Written, fell_short
from outreach.channels.vendor import Account, Request, Vendor
from outreach.content import Content
from outreach.errors import Invalid
from outreach.signed import signatures
from outreach.signed.message import Message, Reply, Verified
from outreach.signed.message import Refused as Unverified

_VERSION = "v23.0"
_LANGUAGE = "en"
_LONGEST = 4096  # signs of a text
_KINDS = {
    "accepted": Kind.ACCEPTED, "held_for_quality_assessment": Kind.ACCEPTED, "sent": Kind.ACCEPTED,
    "delivered": Kind.DELIVERED, "read": Kind.READ, "failed": Kind.FAILED,
}  # fmt: skip
_WHY = {
    131026: Why.UNREACHABLE, 131047: Why.FILTERED, 131049: Why.FILTERED, 130472: Why.FILTERED,
    131050: Why.REFUSED_BEFORE, 131042: Why.ACCOUNT, 131031: Why.ACCOUNT, 368: Why.ACCOUNT,
    132001: Why.SENDER, 132015: Why.SENDER, 132016: Why.SENDER, 133010: Why.SENDER,
}  # fmt: skip
_BUSY = frozenset({4, 80007, 130429, 131048, 131056, 133016})  # rates of app, account and pair
_LOGIN = frozenset({0, 3, 10, 190, 131005, 131031, 131042, 368})


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """POST a text or a template; the sender is the phone number id that option `number` names.

    Raises `Invalid` for a text that is too long.
    """
    del now  # a template's validity is set where it is approved
    told = {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": one.to,
        "biz_opaque_callback_data": reference(one), **_said(account, one.content),
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {account.secret}", "Content-Type": "application/json"}
    target = f"/{_VERSION}/{quote(account.option('number'), safe='')}/messages"
    return Request("POST", target, headers, json.dumps(told).encode())


def _said(account: Account, content: Content) -> dict[str, object]:
    """The template of this code with its holes filled; without a code, the text itself."""
    if not content.code:
        if len(content.text) > _LONGEST:
            raise Invalid(f"the text is longer than the {_LONGEST} signs that WhatsApp takes")
        return {"type": "text", "text": {"body": content.text}}
    language = account.option("language", _LANGUAGE)
    template: dict[str, object] = {"name": content.code, "language": {"code": language}}
    if content.params:
        filled = {"type": "body", "parameters": list(_parameters(content.params))}
        template["components"] = [filled]
    return {"type": "template", "template": template}


def _parameters(params: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A template's holes have numbers, or they have names."""
    numbered = all(name.isdigit() for name in params)
    for name in sorted(params, key=int) if numbered else params:
        called = {} if numbered else {"parameter_name": name}
        yield {"type": "text", "text": params[name], **called}


def outcome(response: Response) -> Answer:
    """The id of what was taken; otherwise the error's own code tells more than the status."""
    answer = outcomes.by_status(response, _given)
    code = dig(outcomes.document(response.body), "error", "code")
    known = isinstance(code, int) and code in _BUSY | _LOGIN
    if isinstance(answer, Refused) and answer.permanent and known:
        return Refused("busy" if code in _BUSY else "login", answer.detail, permanent=False)
    return outcomes.because(answer, _WHY.get(code)) if isinstance(code, int) else answer


def _given(told: Mapping[str, object]) -> object:
    listed = told.get("messages")
    return dig(listed[0], "id") if isinstance(listed, list) and listed else None


def verify(account: Account, message: Message, now: datetime) -> Verified | Unverified:
    """`X-Hub-Signature-256`: `sha256=` + hex(HMAC-SHA256(body)) by the app's secret.

    The address is confirmed once by a GET that repeats the word of option `verify`.
    """
    del now  # nothing here says when it was sent
    if "hub.challenge" in message.query:
        said = message.query.get("hub.verify_token", "")
        return signatures.fits([said], account.secrets("verify"), lambda secret: secret)

    def made(secret: str) -> str:
        return f"sha256={signatures.hmac_hex(secret, message.body)}"

    return signatures.fits(
        [message.headers.get("x-hub-signature-256", "")], account.secrets(), made
    )


def read(message: Message) -> tuple[Word, ...]:
    """Statuses of messages, what people wrote, and that they refuse what promotes."""
    if "hub.challenge" in message.query:
        return ()
    return tuple(_words(decoded(message.body)))


def _words(said: object) -> Iterator[Word]:
    for entry in _listed(said, "entry"):
        for change in _listed(entry, "changes"):
            value = dig(change, "value")
            own = word(value, "metadata", "display_phone_number")
            for status in _listed(value, "statuses"):
                yield from _told(status)
            for written in _listed(value, "messages"):
                yield from _written(written, own)
            for choice in _listed(value, "user_preferences"):
                yield from _refused(choice, own)


def _told(status: Mapping[str, object]) -> tuple[Told, ...]:
    kind = _KINDS.get(word(status, "status"))
    if kind is None:
        return ()
    brand, touch = dereferenced(word(status, "biz_opaque_callback_data"))
    error = next(iter(_listed(status, "errors")), {})
    code = dig(error, "code")
    cause = _WHY.get(code, Why.OTHER) if isinstance(code, int) else Why.OTHER
    why = cause if kind is Kind.FAILED else None
    said = f"{word(error, 'code')} {word(error, 'title')}".strip()
    at = unix(dig(status, "timestamp"))
    return fell_short(Told(kind, touch, brand, word(status, "id") or None, at, why, said))


def _written(message: Mapping[str, object], to: str) -> Iterator[Written]:
    """A text, or the words on a button that was pressed."""
    text = (
        word(message, "text", "body")
        or word(message, "button", "text")
        or word(message, "interactive", "button_reply", "title")
    )
    sender, given = word(message, "from"), word(message, "id")
    if text and sender and given:
        at = unix(dig(message, "timestamp"))
        yield Written(given, _number(sender), to, text, Channel.CHAT, at)


def _refused(choice: Mapping[str, object], to: str) -> Iterator[Written]:
    """A person has WhatsApp keep what promotes away: that is a refusal, as if written."""
    sender, at = word(choice, "wa_id"), word(choice, "timestamp")
    if sender and word(choice, "value") == "stop":
        yield Written(f"{sender}-{at}", _number(sender), to, "STOP", Channel.CHAT)


def _number(digits: str) -> str:
    return f"+{digits.removeprefix('+')}"


def _listed(said: object, name: str) -> Sequence[Mapping[str, object]]:
    found = dig(said, name)
    return rows(found) if isinstance(found, list) else []


def thanks(message: Message) -> Reply:
    """The challenge of the GET that confirms the address; otherwise nothing."""
    return Reply(message.query.get("hub.challenge", "").encode())


VENDOR = Vendor(
    "whatsapp",
    Channel.CHAT,
    "https://graph.facebook.com",
    Capabilities(
        16,
        idempotent=False,
        receipts="push",
        provider_id=True,
        inbound=True,
        charged="message",
        free_within=timedelta(hours=24),
    ),
    request,
    outcome,
    verify,
    read,
    key_is="the access token of a system user",
    needs={"number": "the id of the phone number that sends"},
    may={
        "webhook": "the app's secret, by which statuses are signed",
        "verify": "the word by which the address for statuses is confirmed",
        "language": "the language code of the templates, `en` if not said",
    },
    thanks=thanks,
)
