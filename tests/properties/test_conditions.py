"""What is printed of a condition is read back, and what it answers always has a reason."""

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.campaigns import conditions, rules
from outreach.campaigns.conditions import ALONE, AMOUNTS, INSTANTS, LISTS, Operator

names = st.from_regex(r"(event|person)(\.[A-Za-z_][A-Za-z0-9_-]{0,8}){1,3}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers(-(10**17), 10**17) | st.floats(-1e17, 1e17)
scalars = texts | numbers | st.booleans()
days = st.dates().map(lambda day: day.isoformat())


def values(operator):
    if operator in ALONE:
        return st.none()
    if operator in LISTS:
        return st.lists(scalars, min_size=1, max_size=4).map(tuple)
    if operator in AMOUNTS:
        return numbers
    return days if operator in INSTANTS else scalars


@st.composite
def leaves(draw):
    operator = draw(st.sampled_from(Operator))
    return conditions.Clause(draw(names), operator, draw(values(operator)))


expressions = st.sampled_from(["event.data.x > 5", 'person.country == "CN"', "has(event.data)"])
trees = st.recursive(
    leaves() | expressions.map(conditions.Cel),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(conditions.All)
        | st.lists(inner, min_size=1, max_size=3).map(tuple).map(conditions.AnyOf)
        | inner.map(conditions.Not)
    ),
    max_leaves=8,
)
data = st.recursive(
    st.none() | scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
facts = st.dictionaries(st.sampled_from(["data", "country", "tags", "x"]), data, max_size=4)


@settings(deadline=None)
@given(trees)
def test_printing_and_reading_give_the_condition_back(condition):
    assert conditions.decode(conditions.plain(condition)) == condition
    assert conditions.read(conditions.printed(condition)) == condition


@given(trees, facts, facts)
def test_every_answer_has_a_reason_and_not_turns_a_known_one(condition, event, person):
    answer = rules.matches(condition, event=event, person=person)
    turned = rules.matches(conditions.Not(condition), event=event, person=person)
    assert answer.because
    assert rules.printed(condition)
    assert turned.yes is (answer.known and not answer.yes)


@given(leaves(), facts)
def test_a_clause_never_holds_for_a_field_that_is_not_there(clause, person):
    held = rules.matches(clause, event={}, person={})
    assert held.yes is (clause.operator is Operator.MISSING)
    assert rules.matches(clause, event={}, person=person).known
