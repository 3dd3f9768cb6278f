"""How does a text get to one of our own people, and to nobody else?

Filled with a sample, judged (is the address listed, has nobody refused there, is there room),
written down, handed over with no transaction open, and what the provider says written beside it.
Whoever dies in between leaves a proof without an outcome, which nobody sends again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import Connection

from optout.model import Channel, Purpose
from outreach import ids
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Sender
from outreach.content import Content
from outreach.db.engine import BrandRef
from outreach.dispatch import around
from outreach.dispatch.means import Means
from outreach.errors import Conflict, Invalid, NotFound
from outreach.proofs import pace, store
from outreach.proofs.store import Begun, Ended, Own
from outreach.templates import preview
from outreach.templates import store as templates

_MARKS = {"zh": "[测试] "}
_MARK = "[test] "


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which texts are to be seen, in which language, where."""

    templates: Sequence[str]
    locale: str
    to: Own


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it will leave."""

    proof: Begun
    content: Content


def send(means: Means, ref: BrandRef, wanted: Wanted, *, by: str) -> list[Ended]:
    """Send each text once to this address of our own; answers what the provider said of each.

    By the brand's own account, where it has one: as everything else of it leaves.

    Raises `NotFound` for a text or a wording that there is not, `Invalid` for one that cannot be
    filled, `Conflict` where nothing may go there now.
    """
    with means.database.begin(ref) as tx:
        brand = brands.get(tx)
        sources = [(key, _source(tx, key)) for key in wanted.templates]
    texts = [_filled(brand, key, source, wanted) for key, source in sources]
    now = means.clock()
    with means.database.begin(ref) as tx:
        _refuse(tx, means, brands.get(tx), wanted, by=by, now=now)
        store.begin(tx, ref, wanted.to, [one.proof for one in texts], by=by, now=now)
    said = _handed_over(means.of(ref), brand, wanted, texts)
    with means.database.begin(ref) as tx:
        store.end(tx, said, now=means.clock())
    return said


def _source(tx: Connection, key: str) -> str:
    found = templates.source(tx, key)
    if found is None:
        raise NotFound(f"there is no template {key!r}")
    return found


def _filled(brand: Brand, key: str, source: str, wanted: Wanted) -> Text:
    """The text with a sample in it; the subject of a mail says that it is a test."""
    told = preview.of_text(source, name=key, own=partial(around.lines_of, brand))
    here = [p for p in told if p.channel is wanted.to.channel and p.locale == wanted.locale]
    if not here:
        raise NotFound(f"{key!r} has no words for {wanted.to.channel} in {wanted.locale!r}")
    [one] = here
    if one.content is None:
        raise Invalid(f"{key!r} cannot be filled: {'; '.join(one.gaps)}")
    subject = one.content.subject
    mark = _MARKS.get(wanted.locale.partition("-")[0].lower(), _MARK)
    content = replace(one.content, subject=f"{mark}{subject}") if subject else one.content
    return Text(Begun(uuid4(), key, wanted.locale), content)


def _refuse(
    tx: Connection, means: Means, brand: Brand, wanted: Wanted, *, by: str, now: datetime
) -> None:
    """Raises `Conflict` where nothing may go to this address now. Others wait from here on."""
    to = wanted.to
    store.take_turn(tx, brand.ref)
    if brand.stopped:
        raise Conflict("the brand is stopped: nothing goes out, tests neither")
    if not any((one.channel, one.address) == (to.channel, to.address) for one in store.every(tx)):
        raise Conflict("tests go to listed addresses of our own alone: list it in the settings")
    asked = means.registry.question(
        brand=brand.ref.key, identity=to.identity, channel=to.channel, purpose=Purpose.TRANSACTIONAL
    )
    if not (said := means.registry.ask(tx, asked)).allowed:
        raise Conflict(f"whoever has this address refused messages: {said.sentence}")
    if reason := pace.too_many(store.sent(tx, by=by, now=now), len(wanted.templates)):
        raise Conflict(reason)


def _handed_over(means: Means, brand: Brand, wanted: Wanted, texts: Sequence[Text]) -> list[Ended]:
    deadline = means.steady() + means.call.total_seconds()
    leaving = [_outgoing(means, brand, wanted.to, one, deadline) for one in texts]
    answers = means.ways[wanted.to.channel].hand_over(leaving)
    return list(_ended(answers))


def _outgoing(means: Means, brand: Brand, to: Own, one: Text, deadline: float) -> Outgoing:
    """Its links lead to no touch, so that whoever presses them changes nothing."""
    shown, profile = ids.shown(ids.TOUCH, one.proof.id), brand.profile
    address = profile.sender_email if to.channel is Channel.EMAIL else profile.sms_sender
    return Outgoing(
        touch_id=shown,
        key=shown,
        channel=to.channel,
        to=to.address,
        sender=Sender(profile.sender_name, address),
        content=one.content,
        unsubscribe_url=means.unsubscribe_link(brand.ref.key, shown, to.channel),
        deadline=deadline,
        brand=brand.ref.key,
    )


def _ended(answers: Iterator[tuple[str, Answer]]) -> Iterator[Ended]:
    for shown, said in answers:
        id_: UUID = ids.read(ids.TOUCH, shown)
        if isinstance(said, Accepted):
            yield Ended(id_, "accepted", said.provider_id, "")
        elif isinstance(said, Refused):
            yield Ended(id_, "refused", None, f"{said.reason}: {said.detail}")
        else:
            yield Ended(id_, "uncertain", None, said.detail)
