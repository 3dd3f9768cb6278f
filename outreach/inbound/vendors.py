"""A provider pushed receipts and replies: which brands do they concern, and what follows?

One account may serve several brands. A receipt names its brand and touch where the provider echoes
them; where it does not, its own id of the message is looked for, brand by brand. A reply concerns
the brands that send from the number, or under the signature, that was answered. Where none does,
it concerns them all: who refuses a number that brands share has refused each of them.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import phonenumbers

from outreach import ids
from outreach.brands import store as brands
from outreach.channels.receipts import Told, Word, Written
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Invalid
from outreach.inbound import receipt_store
from outreach.inbound.receipts import Receipt, receive
from outreach.inbound.replies import Heard, Reply, hear

log = logging.getLogger(__name__)

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


def take_in(means: Means, words: Sequence[Word]) -> Noted:
    """Do what these words ask for, each for the brands that it concerns."""
    directory = brands.directory(means.database)
    told = [one for one in words if isinstance(one, Told)]
    by_brand = _of_touches(directory, told)
    nameless = [one for one in told if one.touch is None]
    for brand, receipts in _by_provider_id(means, directory.values(), nameless).items():
        by_brand.setdefault(brand, []).extend(receipts)
    known = sum(receive(means, brand, some).known for brand, some in by_brand.items())
    found = sum(len(some) for some in by_brand.values())
    replies = (one for one in words if isinstance(one, Written))
    wake = dict.fromkeys(brand for one in replies for brand in _heard(means, directory, one))
    early = found < len(told) and any(_is_fresh(one, means.clock()) for one in nameless)
    return Noted(known, len(told) - known, early, tuple(wake))


def _is_fresh(one: Told, now: datetime) -> bool:
    return one.at is None or now - one.at < _SETTLING


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
    means: Means, all_brands: Iterable[BrandRef], told: Sequence[Told]
) -> dict[BrandRef, list[Receipt]]:
    """The receipts of messages that the provider names by its own id, by brand."""
    wanted = [one.provider_id for one in told if one.provider_id]
    found: dict[BrandRef, list[Receipt]] = {}
    for brand in all_brands if wanted else ():
        with means.database.begin(brand) as tx:
            touches = receipt_store.named(tx, wanted)
        mine = [
            _said(one, touches[str(one.provider_id)]) for one in told if one.provider_id in touches
        ]
        if mine:
            found[brand] = mine
    return found


def _receipt(one: Told, touch: str) -> Receipt | None:
    try:
        return _said(one, ids.read(ids.TOUCH, touch))
    except Invalid:
        log.warning("a receipt names %r, which is no touch", touch)
        return None


def _said(one: Told, touch: UUID) -> Receipt:
    return Receipt(touch, one.kind, one.at, one.detail)


def _heard(means: Means, directory: Mapping[str, BrandRef], one: Written) -> list[BrandRef]:
    """The brands for which this reply changed something."""
    reply = Reply(one.id, one.sender, one.text, one.channel)
    refs = list(directory.values())
    answered = [ref for ref in refs if _speaks_as(means, ref, one)]
    return [ref for ref in answered or refs if _changed(means, ref, reply)]


def _changed(means: Means, ref: BrandRef, reply: Reply) -> bool:
    try:
        heard: Heard = hear(means, ref, reply)
    except Invalid as error:
        log.warning("a reply cannot be taken in: %s", error.sentence)
        return False
    return bool(heard.changed or heard.survey)


def _speaks_as(means: Means, ref: BrandRef, one: Written) -> bool:
    with means.database.begin(ref) as tx:
        own = brands.get(tx).profile.sms_sender
    return _number(own) == _number(one.to)


def _number(text: str) -> str:
    """A number by its digits, with its country in front; a name as it is, without case."""
    digits = phonenumbers.normalize_digits_only(text)
    return digits or text.strip("【】[] ").casefold()
