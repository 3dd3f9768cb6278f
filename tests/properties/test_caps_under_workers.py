"""Does any interleaving of workers exceed a cap? Threads, with a connection each, in one house."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.dispatch.send import dispatch
from tests import builders as b

_NUMBERS = count(1)
CHANNELS = (Channel.EMAIL, Channel.SMS)
ATTEMPTS = text("select person_id, address_hash from outreach.attempts")


def a_house(app: Outreach, *, brands: int, whom: str, most: int, people: int) -> list[BrandRef]:
    """Brands of one group, whose customers all share one telephone and one mailbox."""
    house = next(_NUMBERS)
    caps = [{"max": most, "per": "P1D", "whom": whom, "across": "group", "purposes": ["service"]}]
    found = []
    for number in range(brands):
        brand = b.a_brand(
            app,
            f"caps-{house}-{number}",
            group=f"house-{house}",
            caps=caps,
            apart="PT1M",
            horizon="PT0S",
        )
        steps = [b.a_step(), b.a_step("text", channels=["sms"])]
        for key in ("first", "second"):
            b.a_live_campaign(app, brand, key, steps=steps)
        for one in range(people):
            person = b.a_person(
                app, brand, f"h{house}-{number}-{one}", phone=f"+1212555{house % 10000:04}",
                email=f"house-{house}@customers.example",
            )  # fmt: skip
            b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{person.ref}"))
        found.append(brand)
    return found


@pytest.mark.parametrize("whom", ["person", "address"])
@pytest.mark.parametrize(
    ("brands", "people"),
    [
        (1, 1),
        pytest.param(1, 3, marks=pytest.mark.long),
        pytest.param(2, 1, marks=pytest.mark.long),
        (2, 3),
    ],
)
@pytest.mark.parametrize("most", [1, 2])
def test_no_interleaving_of_workers_exceeds_a_cap_across_the_group(
    shared_app: Outreach, *, brands: int, people: int, most: int, whom: str
) -> None:
    """All workers of all brands and channels at once, twice over: no address gets too much."""
    order = [(worker, channel) for worker in range(2) for channel in CHANNELS]
    house = a_house(shared_app, brands=brands, whom=whom, most=most, people=people)
    looks = [Look(house[w % len(house)], channel) for w, channel in order] * 2
    with ThreadPoolExecutor(len(looks)) as workers:
        for done in [workers.submit(dispatch, shared_app.means, look) for look in looks]:
            done.result()
    for look in looks:  # and what was passed over, since somebody held the person
        dispatch(shared_app.means, look)
    made: Counter[object] = Counter()
    for brand in house:
        with shared_app.means.database.begin(brand) as tx:
            for row in tx.execute(ATTEMPTS):
                made[bytes(row.address_hash) if whom == "address" else row.person_id] += 1
    fates = [b.fates(shared_app, brand) for brand in house]
    assert made, fates
    assert max(made.values()) <= most
    if whom == "person" and people == 1:
        assert made.total() <= most


@pytest.mark.parametrize("whom", ["person", "address"])
def test_the_same_workers_reach_somebody(shared_app: Outreach, whom: str) -> None:
    """Or holding everything would pass for keeping to a cap."""
    (brand,) = a_house(shared_app, brands=1, whom=whom, most=2, people=1)
    for channel in CHANNELS:
        dispatch(shared_app.means, Look(brand, channel))
    assert "sent" in {state for _, state, _ in b.fates(shared_app, brand)}
