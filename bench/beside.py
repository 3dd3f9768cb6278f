"""What does a healthy channel lose while another one's provider is slow or fails?

`python -m bench.beside [MAILS] [ROUNDS] [--json]`, by default 4,000 mails a round and 3. Two worker
processes and a ticker as they are in earnest, on servers whose commits are durable. In each round
as many mails come due three times: with nothing else to do; while thousands of text messages
are due at a gateway that takes a second for each; and while they are at one that refuses each for
now.
A round counts only when it is right, as in `bench.campaign`, and when text messages really waited
until the last mail was gone.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from threading import Event

from sqlalchemy import text

from bench import campaign, crowd, figures, stage
from bench.campaign import Way
from bench.floors import gateway
from bench.floors.gateway import FAILING, SLOW, WELL, Gateway
from outreach import clock
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.embedded import desk
from outreach.enrolments import intake
from outreach.hours import coordinates
from outreach.people import reading
from outreach.templates import store as templates

MAILS, ROUNDS, FIRST = 4_000, 3, 500
ALONE, BESIDE_SLOW, BESIDE_FAILING = (
    "mails alone", "mails beside a slow gateway", "mails beside a failing gateway"
)  # fmt: skip
_LOOK = 0.02
_ALL = 1_000_000
# Of a round: each of eight threads has up to four hundred in hand, which go out once the gateway is
# well again, and that is twice a round.
_TEXTS_EACH = 4000
_PHONES = 447_400_000_000  # of these, people in Britain
_TEXTS = """\
{key: texts, name: {en: Texts}, purpose: transactional, trigger: {event: order.paid},
 steps: [{key: one, after: 30 d, channels: [sms], template: paid}]}
"""
_SAID = "{key: paid, purpose: transactional, texts: {en: {sms: {text: Thank you.}}}}"
_OPEN = text("""
    select exists (
        select from outreach.touches where channel = :channel
        and state in ('planned', 'claimed', 'calling') and due_at < now() + interval '1 day')
""")
_DUE = text("""
    update outreach.touches
    set planned_for = now(), due_at = now(), useless_after = now() + interval '3 days'
    where id in (select id from outreach.touches
                 where channel = :channel and state = 'planned' and due_at > now() + interval '1 d'
                 order by id limit :many)
""")
_LATER = text("""
    update outreach.touches set due_at = now() + interval '30 days'
    where id = any(array(
        select id from outreach.touches
        where channel = 'sms' and state = 'planned' and due_at < now() + interval '1 day'
        order by id for update skip locked))
""")
_HOW = text("""
    select state::text, reason, count(*) from outreach.touches where channel = 'sms' group by 1, 2
""")


def main() -> None:
    mails, rounds = figures.sizes(__doc__, MAILS, ROUNDS)
    with ExitStack() as stack:
        servers = stack.enter_context(stage.servers(durable=True))
        customers(servers, mails=FIRST + 3 * mails * rounds, texts=(rounds + 1) * _TEXTS_EACH)
        way = stack.enter_context(campaign.opened(servers))
        campaign.tidied(way)
        sick = stack.enter_context(gateway.running())
        own = {"OUTREACH_SMS": f"http://127.0.0.1:{sick.port}/"}
        stack.enter_context(campaign.processes(servers, way.port, own))
        rate(way, FIRST)
        told = [_round(way, sick, mails) for _ in range(rounds)]
        campaign.check(way, FIRST + 3 * mails * rounds)
    figures.report(_figures(told))


def _round(way: Way, sick: Gateway, mails: int) -> dict[str, float]:
    return {
        ALONE: rate(way, mails),
        BESIDE_SLOW: beside(way, sick, SLOW, mails),
        BESIDE_FAILING: beside(way, sick, FAILING, mails),
    }


def _figures(told: Sequence[Mapping[str, float]]) -> Iterator[figures.Figure]:
    for name in (BESIDE_SLOW, BESIDE_FAILING):
        yield figures.of_rounds(told, name, ALONE, must=0.9, beyond=0.98, unit="1/s")


def rate(way: Way, mails: int) -> float:
    """Mails a second, from the instant at which so many come due until none is left."""

    def whole() -> None:
        _come_due(way, "email", mails)
        while _waits(way, "email"):
            Event().wait(_LOOK)

    return mails / stage.timed(whole)


def beside(way: Way, sick: Gateway, manner: int, mails: int) -> float:
    """The same while all text messages are due that are left, at a gateway of this manner."""
    sick.manner.value = manner
    _come_due(way, "sms", _ALL)
    Event().wait(2 * gateway.TAKES)  # the workers have met it
    told = rate(way, mails)
    if not _waits(way, "sms"):
        sys.exit(
            f"no text waited any more for a gateway of the manner {manner}, so that the round says "
            f"nothing: plan more of them (_TEXTS_EACH). Now {_fates(way)}"
        )
    sick.manner.value = WELL
    while _waits(way, "sms"):  # what a worker has in hand goes out; the rest waits for its day
        with way.superuser.begin() as tx:
            tx.execute(_LATER)
        Event().wait(_LOOK)
    return told


def customers(servers: desk.Servers, *, mails: int, texts: int) -> None:
    """A brand with so many who have a mail planned for later, and others with a text message."""
    ref = campaign.people(servers, range(mails))
    with closing(stage.built(servers)) as app:
        with app.means.database.begin(ref) as tx:
            templates.put(tx, ref, _SAID, name="paid")
            campaigns.put(tx, ref, _TEXTS, name="texts")
            campaigns.activate(tx, app.means.book, "texts", now=clock.system())
        for some in crowd.sets(range(mails, mails + texts)):
            _with_phones(app, ref, some)


def _with_phones(app: Outreach, ref: BrandRef, numbers: Sequence[int]) -> None:
    now = clock.system()
    known = [
        reading.read(
            {
                "ref": f"c-{n}", "name": f"Ada Example {n}", "locale": "en", "country": "GB",
                "zone": "Europe/London", "phone": f"+{_PHONES + n}",
            },
            brand=ref, hasher=app.means.hasher, zone_at=coordinates.zone_of,
        )
        for n in numbers
    ]  # fmt: skip
    with app.means.database.begin(ref) as tx:
        intake.arrive(tx, ref, known, now=now)
    crowd.planned(app, ref, range(numbers[0], numbers[-1] + 1), now=now, of="order.paid")


def _come_due(way: Way, channel: str, many: int) -> None:
    with way.superuser.begin() as tx:
        came = tx.execute(_DUE, {"channel": channel, "many": many}).rowcount
    if channel == "email" and came != many:
        sys.exit(f"only {came} of {many} mails could come due")


def _fates(way: Way) -> str:
    with way.superuser.begin() as tx:
        return ", ".join(
            f"{many} {state} {reason or ''}" for state, reason, many in tx.execute(_HOW)
        )


def _waits(way: Way, channel: str) -> bool:
    with way.superuser.begin() as tx:
        said: bool = tx.execute(_OPEN, {"channel": channel}).scalar_one()
    return said


if __name__ == "__main__":
    main()
