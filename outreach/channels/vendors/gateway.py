"""How do text messages leave through a gateway that has no module of its own?

A document says what it is sent and what it answers: a body in Jinja's sandbox, and the places in
its JSON where an id, a code or a status stands. `standins/vendors/gateway.yaml` is an example.

    gateway+https://user:key@host?document=/etc/outreach/gateway.yaml&webhook=SECRET
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass as document

from optout.model import Channel
from outreach import documents
from outreach.channels import outcomes
from outreach.channels.fields import (
    decoded,
    dereferenced,
    dig,
    instant,
    reference,
    rows,
    unix,
    word,
)
from outreach.channels.posting import Response
from outreach.channels.protocol import Accepted, Answer, Capabilities, Outgoing, Refused, Uncertain
from outreach.channels.receipts import Kind, Told, Why, Word, Written, fell_short
from outreach.channels.vendor import Account, Request, Vendor
from outreach.errors import Invalid, Misconfigured
from outreach.signed import signatures
from outreach.signed.message import Message, Reply, Verified
from outreach.signed.message import Refused as Unverified

_STRICT = ConfigDict(extra="forbid")
_Text = Annotated[str, Field(max_length=16_384)]


@document(frozen=True, slots=True, config=_STRICT)
class Sent:
    """What the gateway gets; `path`, headers and body are Jinja."""

    body: _Text
    path: _Text = "/"
    headers: Mapping[str, _Text] = field(default_factory=dict)


@document(frozen=True, slots=True, config=_STRICT)
class Answered:
    """Where the id of a taken message stands, and a code of its own, if any.

    `taken`, `busy` and `login` are values of that code; any other refuses the message.
    """

    id: str
    code: str = ""
    taken: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    login: tuple[str, ...] = ()


@document(frozen=True, slots=True, config=_STRICT)
class Reported:
    """Where a pushed receipt says what; `kinds` are its statuses in our words."""

    status: str
    kinds: Mapping[str, Kind]
    list: str = ""
    reference: str = ""
    id: str = ""
    at: str = ""
    code: str = ""
    why: Mapping[str, Why] = field(default_factory=dict)


@document(frozen=True, slots=True, config=_STRICT)
class Brought:
    """Where a pushed reply says what."""

    id: str
    sender: str
    text: str
    to: str = ""
    list: str = ""


@document(frozen=True, slots=True, config=_STRICT)
class Form:
    """A gateway, as its document describes it; the secret of its pushes comes in `header`."""

    request: Sent
    answer: Answered
    receipts: Reported | None = None
    replies: Brought | None = None
    header: str = "x-webhook-secret"
    thanks: str = ""
    idempotent: bool = False


_SHAPE = TypeAdapter(Form)


@dataclass(frozen=True, slots=True)
class _Filled:
    """The texts of a request, compiled."""

    form: Form
    sandbox: ImmutableSandboxedEnvironment

    def say(self, text: str, known: Mapping[str, object]) -> str:
        try:
            return self.sandbox.from_string(text).render(known)
        except (TemplateError, TypeError, ValueError) as error:
            raise Invalid(f"the gateway's document cannot be filled in: {error}") from error


def of_document(text: str, *, name: str) -> Vendor:
    """The gateway of this document. Raises `Invalid`, with each problem at its line."""
    form = documents.read(text, _SHAPE, name=name)
    sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    sandbox.globals.clear()
    sandbox.filters = {one: sandbox.filters[one] for one in ("tojson", "urlencode", "default")}
    filled = _Filled(form, sandbox)
    for said in (form.request.path, form.request.body, *form.request.headers.values()):
        _parsed(sandbox, said, name)
    receipts, replies = form.receipts, form.replies
    can = Capabilities(
        16,
        idempotent=form.idempotent,
        receipts="push" if receipts else "none",
        provider_id=True,
        inbound=replies is not None,
    )
    return replace(
        VENDOR,
        capabilities=can,
        request=partial(request, filled),
        outcome=partial(outcome, form.answer),
        verify=partial(verify, form.header),
        read=partial(read, form),
        thanks=partial(_thanks, form.thanks),
    )


def _parsed(sandbox: ImmutableSandboxedEnvironment, said: str, name: str) -> None:
    try:
        sandbox.parse(said)
    except TemplateError as error:
        raise Invalid(f"{name}: {error.message} in {said[:60]!r}") from error


def request(filled: _Filled, account: Account, one: Outgoing, now: datetime) -> Request:
    """What the document says, filled in. Raises `Invalid` where it names what is not there."""
    del now
    content, until = one.content, one.valid_until
    known = {
        "to": one.to, "sender": one.sender.address, "text": content.text, "key": one.key,
        "template": content.code or "", "params": dict(content.params), "user": account.user,
        "secret": account.secret, "reference": reference(one), "reports_to": account.reports_to,
        "valid_until": until.astimezone(UTC).isoformat() if until else "",
    }  # fmt: skip
    sent = filled.form.request
    headers = {name: filled.say(value, known) for name, value in sent.headers.items()}
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        raise Invalid("a header of the gateway's document holds other than printable ASCII")
    path = filled.say(sent.path, known)
    if not (path.startswith("/") and path.isascii() and path.isprintable() and " " not in path):
        raise Invalid("the path of the gateway's document is none: begin with / and use urlencode")
    return Request("POST", path, headers, filled.say(sent.body, known).encode())


def outcome(answered: Answered, response: Response) -> Answer:
    """The gateway's code where it has one, and else its status."""
    told, said = outcomes.document(response.body), outcomes.shown(response)
    code = _at(told, answered.code) if answered.code else ""
    answer = outcomes.by_status(response, lambda _: _at(told, answered.id))
    if not code or (isinstance(answer, Uncertain) and not told):
        return answer
    if code in answered.busy + answered.login:
        after = outcomes.retry_after(response.headers)
        reason = "busy" if code in answered.busy else "login"
        return Refused(reason, said, permanent=False, retry_after=after)
    refused = isinstance(answer, Accepted | Uncertain) and code not in answered.taken
    return Refused("rejected", said, permanent=True) if refused else answer


def verify(header: str, account: Account, message: Message, now: datetime) -> Verified | Unverified:
    """A header of the gateway's own that holds the option `webhook`."""
    del now
    given = message.headers.get(header.lower(), "")
    return signatures.fits([given], account.secrets(), lambda secret: secret)


def read(form: Form, message: Message) -> tuple[Word, ...]:
    """Receipts and replies, where the document says that they stand."""
    said = decoded(message.body)
    found: list[Word] = []
    if (receipts := form.receipts) is not None:
        for one in _listed(said, receipts.list):
            found.extend(_told(receipts, one))
    if (replies := form.replies) is not None:
        for one in _listed(said, replies.list):
            found.extend(_written(replies, one))
    return tuple(found)


def _listed(said: object, place: str) -> list[Mapping[str, object]]:
    found = dig(said, *place.split(".")) if place else said
    return rows(found) if isinstance(found, dict | list) else []


def _told(receipts: Reported, one: Mapping[str, object]) -> tuple[Told, ...]:
    kind = receipts.kinds.get(_at(one, receipts.status))
    brand, touch = dereferenced(_at(one, receipts.reference))
    id_ = _at(one, receipts.id) or None
    if kind is None or not (touch or id_):
        return ()
    code = _at(one, receipts.code)
    why = receipts.why.get(code, Why.OTHER) if kind is Kind.FAILED else None
    at = _at(one, receipts.at)
    said = code or _at(one, receipts.status)
    return fell_short(Told(kind, touch, brand, id_, instant(at) or unix(at), why, said))


def _written(replies: Brought, one: Mapping[str, object]) -> tuple[Written, ...]:
    id_, sender = _at(one, replies.id), _at(one, replies.sender)
    if not (id_ and sender and _at(one, replies.text)):
        return ()
    return (Written(id_, sender, _at(one, replies.to), _at(one, replies.text), Channel.SMS),)


def _at(said: object, place: str) -> str:
    return word(said, *place.split(".")) if place else ""


def _thanks(text: str, message: Message) -> Reply:
    del message
    return Reply(text.encode(), "application/json" if text[:1] in {"{", "["} else "text/plain")


def of_account(account: Account) -> Vendor:
    """The gateway whose document the account names. Raises `Misconfigured`."""
    path = Path(account.option("document"))
    try:
        return of_document(path.read_text(encoding="utf-8"), name=path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"the gateway's document cannot be read: {error}") from error
    except Invalid as error:
        told = "; ".join(str(problem) for problem in error.problems) or error.sentence
        raise Misconfigured(f"the gateway's document {path.name}: {told}") from error


def _undescribed(account: Account, one: Outgoing, now: datetime) -> Request:
    del account, one, now
    raise Invalid("this gateway has no document")


VENDOR = Vendor(
    "gateway",
    Channel.SMS,
    "",
    Capabilities(16, idempotent=False, receipts="none", provider_id=True),
    _undescribed,
    lambda response: outcomes.by_status(response, lambda _: None),
    lambda account, message, now: signatures.NO_SECRET,  # noqa: ARG005  # the form of them all
    lambda message: (),  # noqa: ARG005
    user_is="what the document calls `user`",
    key_is="what it calls `secret`",
    needs={"document": "the file that describes the gateway"},
    may={"webhook": "what pushes hold in the document's `header`; without it none is taken"},
    opened=of_account,
    serves=frozenset({Channel.CHAT}),
)
