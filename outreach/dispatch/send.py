"""How is what is due on one channel brought to its end, or left waiting with a reason?

Claim, gather, judge and record in one transaction; make the words; then by the handful: mark, hand
over with no transaction open, settle. A worker may die between any two lines. Before the mark it
leaves claims, which go back when their lease ends, and so does what was marked and had not begun.
Of what had begun it leaves attempts without an outcome, which become uncertain.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from threading import Event
from uuid import UUID

from sqlalchemy import Connection

from optout.model import Channel
from outreach import ids, tracing
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.channels.protocol import Answer
from outreach.channels.receipts import Told
from outreach.dispatch import claims, free_text, lineage, store, unheard, wording
from outreach.dispatch.begun import begin
from outreach.dispatch.facts import Gathered, gather, unjudged
from outreach.dispatch.mark import Call, mark
from outreach.dispatch.means import Look, Means
from outreach.dispatch.model import Touch
from outreach.dispatch.settle import by_the_second, said_of_addresses, settle
from outreach.dispatch.store import Moved
from outreach.dispatch.verdicts import judge_all, keep_back
from outreach.dispatch.wording import Ready, Wordless
from outreach.errors import Trouble

log = logging.getLogger(__name__)

BATCH = 100  # claimed together from whoever is slow; from others up to so many times as many
TIMES = 4
_HANDFUL = 32  # marked together, likewise, where the way out takes more at a time

# Seconds; all in all shorter than the time that a worker is given beyond its longest call when it
# is asked to end.
_AGAIN = (0.1, 0.3, 0.6, 1.0, 2.0, 4.0)


def dispatch(means: Means, look: Look) -> int:
    """Deal with one batch of what is due; answers how many touches it was."""
    means = means.of(look.brand)
    limit = means.strides.batch(look.channel, fewest=BATCH, most=TIMES * BATCH)
    with means.database.begin(look.brand) as tx:
        brand = brands.get(tx)
        if brand.stopped:
            return 0
        taken = _taken(tx, means, brand, look, limit=limit) if brand.at_home else None
        if taken is None:
            lineage.take_stock(tx, brand, now=means.clock(), window=means.promotion)
    if taken is None:  # apart, since the marks of others wait for the brand's row until it is done
        return dispatch(means, look)
    many, words = taken
    filled = wording.fill_all(words)
    _fail_wordless(means, brand, [one for one in filled if isinstance(one, Wordless)])
    ready = _in_time(means, brand, look.channel, [w for w in filled if isinstance(w, Ready)])
    most = means.ways[look.channel].capabilities.handful
    size = means.strides.handful(look.channel, fewest=min(_HANDFUL, most), most=most)
    went = sum(_contact(means, brand, look.channel, some) for some in handfuls(ready, size))
    means.strides.went(look, went, of=many)
    return many


def _taken(
    tx: Connection, means: Means, brand: Brand, look: Look, *, limit: int
) -> tuple[int, list[wording.Words]]:
    """How many touches were claimed, and the words of those that may go."""
    now = means.clock()
    with tracing.span("claim", brand=look.brand.key, channel=look.channel) as opened:
        claimed = claims.claim_due(
            tx, channel=look.channel, now=now, limit=limit, lease=means.lease, news=look.news
        )
        tracing.count(opened, len(claimed))
    if not claimed:
        return 0, []
    return len(claimed), _judged(tx, means, brand, claimed, channel=look.channel, now=now)


def _judged(
    tx: Connection,
    means: Means,
    brand: Brand,
    claimed: Sequence[Touch],
    *,
    channel: Channel,
    now: datetime,
) -> list[wording.Words]:
    """Record what waits or ends; answers the words of what may go on this channel.

    What may go on another one goes back at once, for whoever looks there. Where nearly all of the
    last batch could go, nothing is judged before its mark, which judges everything.
    """
    if means.strides.nearly_all_go(Look(brand.ref, channel)):
        gathered, free = unjudged(tx, means, claimed), list(claimed)
    else:
        gathered, free = _looked_through(tx, means, brand, claimed, channel=channel, now=now)
    elsewhere = [touch for touch in free if touch.channel is not channel]
    store.move(tx, [Moved(touch.id, touch.fence, "planned") for touch in elsewhere], now=now)
    sendable = [touch for touch in free if touch.channel is channel]
    return wording.collect(tx, means, brand, sendable, gathered)


def _looked_through(
    tx: Connection,
    means: Means,
    brand: Brand,
    claimed: Sequence[Touch],
    *,
    channel: Channel,
    now: datetime,
) -> tuple[Gathered, list[Touch]]:
    """What is known of these, and those to which nothing objects; the others are recorded."""
    with tracing.span("gather", brand=brand.ref.key, channel=channel, many=len(claimed)):
        gathered = gather(tx, means, brand, claimed, now=now)
    with tracing.span("judge", brand=brand.ref.key, channel=channel, many=len(claimed)):
        _, objected = judge_all(gathered.facts)
    keep_back(tx, brand.ref, "claim", objected, now=now)
    return gathered, [touch for touch in claimed if touch.id not in objected]


def _fail_wordless(means: Means, brand: Brand, wordless: Sequence[Wordless]) -> None:
    """What has no text fails, unless the gate objects to it: it may have one when it is time."""
    if not wordless:
        return
    for one in wordless:
        log.warning("touch %s has no text: %s", ids.shown(ids.TOUCH, one.touch.id), one.detail)
    with means.database.begin(brand.ref) as tx:
        _fail(tx, means, brand, [one.touch for one in wordless], "template_error")


def _in_time(
    means: Means, brand: Brand, channel: Channel, ready: Sequence[Ready]
) -> Sequence[Ready]:
    """Those that this way takes as they are; the others fail before any call, if they may go."""
    within, now = means.ways[channel].capabilities.free_within, means.clock()
    free = [one for one in ready if not one.content.code]
    if within is None or not free:
        return ready
    with means.database.begin(brand.ref) as tx:
        late = free_text.too_late(tx, free, channel=channel, within=within, now=now)
        _fail(tx, means, brand, [one.touch for one in late], free_text.REASON)
    gone = {one.touch.id for one in late}
    return [one for one in ready if one.touch.id not in gone]


def _fail(
    tx: Connection, means: Means, brand: Brand, touches: Sequence[Touch], reason: str
) -> None:
    if not touches:
        return
    now = means.clock()
    claims.lock(tx, [touch.id for touch in touches])
    channel = touches[0].channel
    _, free = _looked_through(tx, means, brand, touches, channel=channel, now=now)
    moves = [Moved(touch.id, touch.fence, "failed", reason) for touch in free]
    store.move(tx, moves, now=now)


def handfuls(ready: Iterable[Ready], size: int) -> Iterator[list[Ready]]:
    """Touches to be marked together: at most `size`, and never two of one person.

    The second of two must see the first one's attempt when its caps are judged.
    """
    handful: list[Ready] = []
    taken: set[UUID] = set()
    for one in ready:
        if len(handful) == size or one.touch.person_id in taken:
            yield handful
            handful, taken = [], set()
        handful.append(one)
        taken.add(one.touch.person_id)
    if handful:
        yield handful


def _contact(means: Means, brand: Brand, channel: Channel, handful: Sequence[Ready]) -> int:
    """Mark, hand over, settle; answers how many the gate let go.

    No transaction is open while a provider is being spoken to.
    """
    deadline = means.steady() + means.call.total_seconds()
    few = means.strides.few(channel, handful=len(handful))
    spanned = tracing.span("mark", brand=brand.ref.key, channel=channel, many=len(handful))
    with spanned, means.database.begin(brand.ref) as tx:
        calls = mark(tx, means, brand, handful, deadline=deadline, few=few)
    hand_over(means, brand, channel, [call for call in calls if call.begun])
    later = [call for call in calls if not call.begun]
    while later:
        few = means.strides.few(channel, handful=len(later))
        hand_over(means, brand, channel, _begun(means, brand, later[:few]))
        later = later[few:]
    return len(calls)


def _begun(means: Means, brand: Brand, calls: Sequence[Call]) -> list[Call]:
    """Those of these calls that still may begin, noted as begun.

    Under the locks that a stop and a pause need too; what they keep back waits again.
    """
    now = means.clock()
    with means.database.begin(brand.ref) as tx:
        going = claims.lock_going_on(tx, [call.touch.campaign_id for call in calls], [])
        free = [call.touch for call in calls if call.touch.campaign_id in going]
        ours = begin(tx, free, now=now)
        held = [call.touch.id for call in calls if call.touch.campaign_id not in going]
        store.take_back(tx, held, now=now)
    return [call for call in calls if call.touch.id in ours]


def hand_over(
    means: Means,
    brand: Brand,
    channel: Channel,
    calls: Sequence[Call],
    *,
    read: Callable[[Answer], Answer] = lambda said: said,
) -> None:
    """Hand over what was noted as begun, and write down what the provider says, as `read`."""
    if not calls:
        return
    with tracing.span("hand over", brand=brand.ref.key, channel=channel, many=len(calls)):
        _handed_over(means, brand, channel, calls, read=read)


def _handed_over(
    means: Means,
    brand: Brand,
    channel: Channel,
    calls: Sequence[Call],
    *,
    read: Callable[[Answer], Answer],
) -> None:
    began = means.steady()
    answers = means.ways[channel].hand_over([call.outgoing for call in calls])
    by_id = {call.outgoing.touch_id: call.touch for call in calls}
    heard: list[Answer] = []
    of_addresses: list[Told] = []
    try:
        for some in by_the_second(answers):
            heard += [said for _, said in some]
            means.strides.took(channel, heard, seconds=means.steady() - began)
            told = [(by_id[id_], read(said)) for id_, said in some]
            _patiently(partial(_write_down, means, brand, told))
            of_addresses += said_of_addresses(told)
    finally:
        _hear(means, brand, of_addresses)


def _write_down(means: Means, brand: Brand, told: Sequence[tuple[Touch, Answer]]) -> None:
    """Where that fails for good, the calls become uncertain."""
    spanned = tracing.span("settle", brand=brand.ref.key, many=len(told))
    with spanned, means.database.begin(brand.ref) as tx:
        settle(tx, told, now=means.clock(), patience=means.lease)
        unheard.keep(tx, brand.ref, list(said_of_addresses(told)), patience=means.lease)


def _hear(means: Means, brand: Brand, told: Sequence[Told]) -> None:
    """Take in what was said of addresses, once their calls are over: a block waits for these.

    Where that fails for good calls go on, and whoever takes back from dead workers takes it in.
    """
    if not told:
        return
    try:
        _patiently(lambda: unheard.hear(means, brand.ref, told))
    except Trouble as error:
        touches = ", ".join(one.touch or "" for one in told)
        log.warning(
            "%s: what was said of the addresses of %s is taken in later: %s",
            brand.ref.key, touches, error.sentence,
        )  # fmt: skip


def _patiently(deed: Callable[[], object]) -> None:
    """Tried again while the database is away for a moment: a provider says it only once.

    Raises `Trouble` when it stays away.
    """
    for wait in (*_AGAIN, None):
        try:
            deed()
        except Trouble:
            if wait is None:
                raise
            Event().wait(wait)
        else:
            return
