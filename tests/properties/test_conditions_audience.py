"""An audience holds exactly those for whom the condition answers yes, one by one."""

import itertools
import uuid
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from outreach.campaigns import audience_sql, operators, rules
from outreach.campaigns.conditions import Tally
from outreach.campaigns.operators import Operator
from outreach.campaigns.seen import Seen
from outreach.db import tables
from outreach.enrolments import sight
from outreach.enrolments.told import About
from outreach.events import store as events
from outreach.events.model import Event, event_id
from outreach.people import store as people
from outreach.people.model import Address, Person, person_id
from outreach.records import dates
from tests import builders as b
from tests.properties import condition_trees as trees

NOW = b.NOON
AGO = [timedelta(days=-3), timedelta(), timedelta(hours=23), timedelta(days=1), timedelta(days=90),
       timedelta(days=89, hours=23, minutes=59), timedelta(days=400)]  # fmt: skip
instants = st.sampled_from(AGO).map(lambda ago: NOW - ago)
maybe = st.none() | trees.words

persons = st.fixed_dictionaries({
    "name": trees.words, "locale": maybe, "zone": maybe, "country": maybe, "subdivision": maybe,
    "postcode": maybe, "point_zone": maybe,
    "tags": st.lists(trees.words, max_size=2, unique=True).map(tuple),
    "kinds": st.sets(st.sampled_from(["email", "phone", "handle"])),
})  # fmt: skip
happenings = st.tuples(
    st.sampled_from(["survey.answered", "order.paid", "a"]),
    instants,
    st.fixed_dictionaries({
        "total": trees.numbers, "tier": trees.words | trees.numbers, "survey": trees.words,
        "score": trees.numbers | trees.found,
    }, optional={"deep": trees.found}),
)  # fmt: skip
touches = st.tuples(
    instants, st.sampled_from(["email", "sms"]), st.sampled_from(["service", "marketing"]),
    st.sampled_from(["a", "vip"]), st.sampled_from(["accepted", "refused", "uncertain", None]),
)  # fmt: skip
troubles = st.tuples(st.sampled_from(["a", "42"]), st.none() | instants, st.none() | instants)
trades = st.tuples(
    trees.words, st.none() | st.sampled_from([0, 1, 42]), st.none() | instants,
    st.none() | instants,
)  # fmt: skip
own_days = st.dictionaries(
    st.sampled_from(["person.birthday", *(f"person.dates.{name}" for name in trees.OWN)]),
    st.sampled_from(["1990-03-10", "1988-02-29", "1904-02-29", "1904-03-09", "2026-03-10",
                     "2026-03-01", "2026-03-11", "2030-12-31"]).map(date.fromisoformat),
)  # fmt: skip
lives = st.tuples(
    persons,
    st.lists(happenings, max_size=4),
    st.lists(touches, max_size=2),
    st.lists(troubles, max_size=2, unique_by=lambda trouble: trouble[0]),
    st.lists(trades, max_size=2),
    own_days,
)

_TOUCH = text("""
    with known as (
        insert into outreach.campaigns (brand_id, id, key, version, document)
        values (:brand, gen_random_uuid(), :campaign, :number, '') returning id
    ), touch as (
        insert into outreach.touches (brand_id, id, enrolment_id, campaign_id, person_id, step,
            channel, purpose, priority, planned_for, due_at, useless_after)
        select :brand, :id, :id, id, :person, 0, :channel, :purpose, 1, :at, :at, :at from known
    )
    insert into outreach.attempts (brand_id, touch_id, fence, person_id, channel, purpose,
        address_hash, content_hash, started_at, outcome)
    values (:brand, :id, 0, :person, :channel, :purpose, '', '', :at,
        cast(:outcome as outreach.outcome))
""")
_ORDER = text("""
    with known as (
        insert into outreach.orders (brand_id, key, person_id, state, currency, total_minor,
            placed_at, paid_at)
        values (:brand, :key, :person, :state, 'CN', :amount, :at, :then)
    ), sent as (
        insert into outreach.parcels (brand_id, key, person_id, order_key, carrier, state,
            shipped_at, delivered_at)
        values (:brand, :key, :person, :key, 'a', :state, :at, :then)
    ), owned as (
        insert into outreach.registrations (brand_id, product_key, serial, person_id, registered_at)
        values (:brand, :state, :key, :person, :at)
    )
    insert into outreach.contracts (brand_id, key, person_id, kind, state, started_on, ends_on,
        renewed_at)
    values (:brand, :key, :person, 'vip', :state, cast(:at as date), cast(:then as date), :at)
""")
_CASE = text("""
    insert into outreach.cases (brand_id, person_id, key, state, opened_at, closed_at)
    values (:brand, :person, :key, :state, :opened, :closed)
""")


@pytest.fixture(scope="module")
def place(shared_app):
    """A database and a brand: what a counterexample shows in a few words."""
    return shared_app.means.database, b.a_brand(shared_app)


def brought_in(tx, brand, lived):
    """These lives as rows; answers the persons."""
    found = []
    for number, (described, happened, touched, troubled, traded, own) in enumerate(lived):
        known, ref = dict(described), f"c-{number}"
        kinds = known.pop("kinds")
        addresses = tuple(Address(kind, "x", b"x") for kind in sorted(kinds))
        told = {"addresses": addresses, "dates": tuple(own.items())}
        person = Person(person_id(brand, ref), ref, **told, **known)
        people.put(tx, brand, [person])
        dates.of_persons(tx, brand, [person], now=NOW)
        told = [
            Event(
                event_id(brand, f"{ref}-{i}"), kind, f"{ref}-{i}", ref, person.id, at, "shop", data
            )
            for i, (kind, at, data) in enumerate(happened)
        ]
        events.accept(tx, brand, told, now=NOW)
        for i, (at, channel, purpose, campaign, outcome) in enumerate(touched):
            tx.execute(_TOUCH, {
                "brand": brand.id, "id": uuid.uuid5(person.id, str(i)), "person": person.id,
                "at": at, "channel": channel, "purpose": purpose, "campaign": campaign,
                "number": number * 10 + i, "outcome": outcome,
            })  # fmt: skip
        for key, opened, closed in troubled:
            tx.execute(_CASE, {
                "brand": brand.id, "person": person.id, "key": key, "opened": opened,
                "closed": closed, "state": "closed" if closed else "open",
            })  # fmt: skip
        for i, (state, amount, at, then) in enumerate(traded):
            tx.execute(_ORDER, {
                "brand": brand.id, "key": f"{ref}-{i}", "person": person.id, "state": state,
                "amount": amount, "at": at, "then": then,
            })  # fmt: skip
        found.append(person)
    return found


def meant(tx, condition):
    """The persons that the statement finds, looking them up one by one and all at once."""
    person, everybody = tables.persons.c.id, audience_sql.of_all(condition, now=NOW)
    asked = select(person).where(audience_sql.compile(condition, now=NOW))
    joined = select(person).select_from(everybody.origin).where(everybody.test)
    found = list(tx.execute(joined).scalars())
    assert sorted(found) == sorted(tx.execute(asked).scalars())
    return set(found)


def answered(tx, condition, known):
    """The persons for whom the rules say yes, one by one."""
    found = sight.gather(tx, [condition], [person.id for person in known], (), now=NOW)
    return answered_from(found, condition, known)


def answered_from(found, condition, known):
    return {person.id for person in known if rules.matches(condition, seen(found, person)).yes}


def seen(found, person):
    facts = About(person, found.days.get(person.id, {}))
    return Seen({}, facts, NOW, found.histories.get(person.id, {}))


_EVERY_VALUE = [None, *trees.WORDS, *trees.NUMBERS, *trees.DAYS, True, False, (42, "a", True)]


def leaves():
    """Every operator with every value that it takes, over what was reported last."""
    for operator, value in itertools.product(Operator, _EVERY_VALUE):
        if operators.misfit(operator, value) is None:
            yield Tally(last="events.data.total", operator=operator, value=value)


def test_every_operator_means_one_thing_of_every_value_that_may_be_reported(place):
    """Amounts, days and texts that only look like them: nobody's is read in two ways."""
    database, brand = place
    nobody = {"name": "", "tags": (), "kinds": ()}
    lived = [(nobody, [("a", NOW, {"total": one})], [], [], [], {}) for one in trees.REPORTED]
    with database.begin(brand) as tx:
        known = brought_in(tx, brand, lived)
        asked = [Tally(count="events", operator=Operator.EXISTS)]
        past = sight.gather(tx, asked, [person.id for person in known], (), now=NOW)
        for leaf in leaves():
            assert meant(tx, leaf) == answered_from(past, leaf, known), leaf
        tx.rollback()


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    lived=st.lists(lives, min_size=1, max_size=5),
    asked=st.lists(trees.audience_trees(), min_size=3, max_size=8),
)
def test_the_statement_finds_whom_the_rules_let_pass(place, lived, asked):
    database, brand = place
    with database.begin(brand) as tx:
        known = brought_in(tx, brand, lived)
        for condition in asked:
            assert meant(tx, condition) == answered(tx, condition, known), condition
        tx.rollback()
