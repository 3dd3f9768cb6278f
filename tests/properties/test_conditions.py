"""What is printed of a condition is read back, and what it answers always has a reason."""

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.campaigns import catalogue, conditions, rules, said
from outreach.campaigns.operators import Operator
from outreach.campaigns.seen import Seen
from tests import builders as b
from tests.properties import condition_trees

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
numbers = st.integers(-(10**17), 10**17) | st.floats(-1e17, 1e17)
free = st.builds(
    conditions.Clause,
    st.from_regex(r"event\.data(\.[A-Za-z_][A-Za-z0-9_-]{0,8}){1,3}", fullmatch=True),
    st.sampled_from([Operator.IS, Operator.IS_NOT]),
    texts | numbers | st.booleans(),
)
leaves = free | condition_trees.of_roots(*catalogue.roots())
expressions = st.sampled_from(["event.data.x > 5", 'person.country == "CN"', "has(event.data)"])
trees = condition_trees.trees(
    leaves
    | condition_trees.tallies()
    | condition_trees.far_days(*catalogue.roots())
    | expressions.map(conditions.Cel),
    most=8,
)
data = st.recursive(
    st.none() | texts | numbers | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
facts = st.dictionaries(st.sampled_from(["data", "country", "tags", "x"]), data, max_size=4)
things = st.lists(
    st.builds(lambda known, at: known | {"at": at}, facts, st.just(b.NOON)), max_size=3
)
pasts = st.fixed_dictionaries(dict.fromkeys(catalogue.SOURCES, things))


@settings(deadline=None)
@given(trees)
def test_printing_and_reading_give_the_condition_back(condition):
    assert conditions.decode(conditions.plain(condition)) == condition
    assert conditions.read(conditions.printed(condition)) == condition


@settings(deadline=None)
@given(trees, facts, facts, pasts)
def test_every_answer_has_a_reason_and_not_turns_a_known_one(condition, event, person, past):
    seen = Seen(event, person, b.NOON, past, dict.fromkeys(catalogue.RECORDS, event))
    answer = rules.matches(condition, seen)
    turned = rules.matches(conditions.Not(condition), seen)
    assert answer.because
    assert said.printed(condition)
    assert turned.yes is (answer.known and not answer.yes)


@given(leaves, facts)
def test_a_clause_never_holds_for_a_field_that_is_not_there(clause, person):
    nothing = dict.fromkeys(catalogue.SOURCES, ())
    none = {kind: {} for kind in catalogue.RECORDS}
    held = rules.matches(clause, Seen({}, {}, b.NOON, nothing, none))
    assert held.yes is (clause.operator is Operator.MISSING)
    assert rules.matches(clause, Seen({}, person, b.NOON, nothing, none)).known
