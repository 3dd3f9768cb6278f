"""A provider pushed receipts and replies: which brands do they concern, and what follows?

One account may serve several brands. A receipt names its brand and touch where the provider echoes
them; where it does not, its own id of the message is looked for, brand by brand. A reply concerns
the brands that send texts from the number, or under the signature, that was answered. Where none
does, and on every other channel, it concerns them all: who refuses a sender that brands share has
refused each of them.
"""

import logging
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import phonenumbers

from optout.model import Channel
from outreach import ids
from outreach.brands import store as brands
from outreach.channels.fields import storable
from outreach.channels.receipts import Told, Word, Written
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Invalid
from outreach.inbound import receipt_store
from outreach.inbound.receipts import Receipt, receive
from outreach.inbound.replies import Heard, Reply, hear

log = logging.getLogger(__name__)

_NUMBER = re.compile(r"\+?[\d\s().-]+")
_SETTLING = timedelta(minutes=2)
"""A receipt may overtake the answer to the call; until then nobody knows the provider's id."""


@dataclass(frozen=True, slots=True)
class Noted:
    """How many receipts were taken, of how many no touch is known, and which brands to wake.

    `early` says that a receipt may have come before the answer to its call: to be told again.
    """

    receipts: int
    unknown: int
    early: bool
    wake: tuple[BrandRef, ...] = ()


def take_in(
    means: Means, words: Sequence[Word], *, channel: Channel, only: BrandRef | None = None
) -> Noted:
    """Do what these words of a provider of this channel ask for, each for the brands concerned.

    `only` is the brand whose own account told them: they concern no other, whatever they name.
    """
    directory = {only.key: only} if only else brands.directory(means.database)
    told = [one for one in words if isinstance(one, Told)]
    by_brand = _of_touches(directory, told)
    nameless = [one for one in told if one.touch is None and one.provider_id]
    found = _by_provider_id(means, directory.values(), nameless, channel)
    for brand, touches in found.items():
        receipts = (_said(one, touches[_id(one)]) for one in nameless if _id(one) in touches)
        by_brand.setdefault(brand, []).extend(receipts)
    known = sum(
        receive(means, brand, some, channel=channel).known for brand, some in by_brand.items()
    )
    replies = [one for one in words if isinstance(one, Written)]
    senders = _senders(means, directory.values()) if replies and channel is Channel.SMS else {}
    wake = dict.fromkeys(
        brand
        for one in replies
        for brand in _concerned(directory.values(), senders, one)
        if _changed(means, brand, _reply(one, channel))
    )
    missing = [one for one in nameless if not any(_id(one) in some for some in found.values())]
    early = any(_is_fresh(one, means.clock()) for one in missing)
    return Noted(known, len(told) - known, early, tuple(wake))


def heard(means: Means, brand: BrandRef, told: Sequence[Told]) -> None:
    """Do what a provider's refusals of messages of this brand ask for."""
    receive(means, brand, [found for one in told if (found := _receipt(one, one.touch or ""))])


def _is_fresh(one: Told, now: datetime) -> bool:
    """Whether it is told of just now, by a clock that may go before ours or after."""
    return one.at is not None and abs(now - one.at) < _SETTLING


def _id(one: Told) -> str:
    """The provider's id as attempts hold it."""
    return storable(one.provider_id or "")


def _of_touches(
    directory: Mapping[str, BrandRef], told: Iterable[Told]
) -> dict[BrandRef, list[Receipt]]:
    """The receipts that name a touch of a brand of ours, by brand."""
    found: dict[BrandRef, list[Receipt]] = {}
    for one in told:
        brand = directory.get(one.brand or "")
        receipt = _receipt(one, one.touch) if one.touch else None
        if brand and receipt:
            found.setdefault(brand, []).append(receipt)
    return found


def _by_provider_id(
    means: Means, all_brands: Iterable[BrandRef], told: Sequence[Told], channel: Channel
) -> dict[BrandRef, Mapping[str, UUID]]:
    """The touches of messages that the provider names by its own id, by brand."""
    wanted = [_id(one) for one in told]
    found: dict[BrandRef, Mapping[str, UUID]] = {}
    for brand in all_brands if wanted else ():
        with means.database.begin(brand) as tx:
            if touches := receipt_store.named(tx, wanted, channel=channel):
                found[brand] = touches
    return found


def _receipt(one: Told, touch: str) -> Receipt | None:
    try:
        return _said(one, ids.read(ids.TOUCH, touch))
    except Invalid:
        log.warning("a receipt names %r, which is no touch", touch)
        return None


def _said(one: Told, touch: UUID) -> Receipt:
    return Receipt(touch, one.kind, one.at, one.detail, one.charge)


def _reply(one: Written, channel: Channel) -> Reply:
    text = storable(one.text, len(one.text))
    return Reply(storable(one.id), one.sender, text, channel, at=one.at)


def _concerned(
    refs: Collection[BrandRef], senders: Mapping[BrandRef, str], one: Written
) -> Collection[BrandRef]:
    """The brands that were answered: those that speak so, or else all."""
    to = _number(one.to)
    return [ref for ref, sender in senders.items() if sender == to] or refs


def _changed(means: Means, ref: BrandRef, reply: Reply) -> bool:
    try:
        heard: Heard = hear(means, ref, reply)
    except Invalid as error:
        log.warning("a reply cannot be taken in: %s", error.sentence)
        return False
    return bool(heard.changed or heard.survey)


def _senders(means: Means, refs: Iterable[BrandRef]) -> dict[BrandRef, str]:
    """As whom each brand sends texts."""
    found = {}
    for ref in refs:
        with means.database.begin(ref) as tx:
            found[ref] = _number(brands.get(tx).profile.sms_sender)
    return found


def _number(text: str) -> str:
    """A number by its digits, with its country in front; a name as it is, without case."""
    if _NUMBER.fullmatch(text):
        return phonenumbers.normalize_digits_only(text)
    return text.strip("【】[] ").casefold()
