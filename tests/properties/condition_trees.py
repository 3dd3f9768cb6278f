"""Which conditions are there? Every shape that may be written, over values that often meet."""

from datetime import timedelta

from hypothesis import strategies as st

from outreach.campaigns import catalogue, conditions
from outreach.campaigns.operators import ALONE, AMOUNTS, FITTING, INSTANTS, LISTS

WORDS = ["", "a", "ab", "vip", "42", "CN", "US-NY", "ä%_", "2026-03-01", "email", "survey.answered"]
NUMBERS = [0, 1, 2, 3, 42, -1, 0.1, 42.0, 1e16, -7.5, 10**17]
DAYS = [
    "2026-03-01", "2026-03-10T12:00:00Z", "2026-02-28T23:30:00+08:00", "2025-12-31 08:00",
    "2026-03-10T12:00:00.000001Z",
]  # fmt: skip
# What reads like something else, or like nothing.
ODD = [
    None, True, False, " 42", "42.00", "+42", "1e3", "NaN", "Infinity", "٤٢", "2026-02-30",
    "2026-3-1", "20260301", "2026-W01-1", "0000-01-01", "2026-03-01T24:00",
    "2026-03-01T10:00+15:00",
    "1900-02-29", "2000-02-29", "2026-03-01\n", [], ["a"], ["a", 42], [42.0, True], [["a"]], {},
    {"a": 1}, {"deep": "vip"}, {"deep": None}, {"deep": {"er": 42}}, "2026-03-01T00:00:00.1234567",
]  # fmt: skip

words = st.sampled_from(WORDS)
numbers = st.sampled_from(NUMBERS)
REPORTED = [*WORDS, *NUMBERS, *DAYS, *ODD]
found = st.sampled_from(REPORTED)
OWN = ["wedding", "moved"]  # names of days of somebody's own
_OF_SORT = {
    "text": words,
    "texts": words,
    "number": numbers,
    "flag": st.booleans(),
    "date": st.sampled_from(DAYS),
    "any": words | numbers | st.booleans() | st.sampled_from(DAYS),
}
_FREE = ["data.total", "data.tier", "data.deep", "data.deep.deep", "data.deep.deep.er"]


def paths(root, names):
    plain = [f"{root}.{name}" for name in names if name not in {catalogue.FREE, catalogue.DATES}]
    plain += [f"{root}.{catalogue.DATES}.{name}" for name in OWN if catalogue.DATES in names]
    return st.sampled_from(
        plain + ([f"{root}.{p}" for p in _FREE] if catalogue.FREE in names else [])
    )


def held(sort):
    """An operator that fits the sort, and a value that fits the operator."""
    return st.sampled_from(sorted(FITTING[sort])).flatmap(
        lambda operator: st.tuples(st.just(operator), _values(sort, operator))
    )


def _values(sort, operator):
    if operator in ALONE:
        return st.none()
    if operator in INSTANTS:
        return st.sampled_from(DAYS)
    if operator in AMOUNTS:
        return numbers
    if operator in LISTS:
        return st.lists(_OF_SORT[sort], min_size=1, max_size=4).map(tuple)
    return _OF_SORT[sort]


def clauses(named):
    return named.flatmap(
        lambda path: held(catalogue.sort_of(path)).map(lambda h: conditions.Clause(path, *h))
    )


@st.composite
def tallies(draw):
    source = draw(st.sampled_from(sorted(catalogue.SOURCES)))
    names = paths(source, catalogue.SOURCES[source])
    asked = draw(st.sampled_from(conditions.TALLIES))
    fitting = {"sum": {"number", "any"}, "days_since": {"instant", "date", "any"}}
    fitting["days_until"] = fitting["days_since"]
    wanted = fitting.get(asked, set(FITTING))
    of = conditions.Source(source) if asked == "count" else draw(names)
    if asked != "count" and catalogue.sort_of(of) not in wanted:
        of, asked = conditions.Source(source), "count"
    sort = catalogue.sort_of(of) if asked in {"first", "last"} else "number"
    operator, value = draw(held(sort))
    within = draw(st.none() | st.sampled_from([timedelta(days=1), timedelta(days=90)]))
    where = draw(st.none() | trees(clauses(names), most=2))
    return conditions.Tally(
        **{asked: of}, within=within, where=where, operator=operator, value=value
    )


@st.composite
def far_days(draw, *roots):
    """How far away a single day is."""
    known = catalogue.roots()
    timed = st.one_of([paths(root, known[root]) for root in roots]).filter(
        lambda path: catalogue.sort_of(path) in {"instant", "date", "any"}
    )
    asked = draw(st.sampled_from(["days_since", "days_until"]))
    operator, value = draw(held("number"))
    return conditions.Tally(**{asked: draw(timed)}, operator=operator, value=value)


def trees(leaves, *, most=6):
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(tuple).map(conditions.All)
            | st.lists(inner, min_size=1, max_size=3).map(tuple).map(conditions.AnyOf)
            | inner.map(conditions.Not)
        ),
        max_leaves=most,
    )


def of_roots(*roots):
    known = catalogue.roots()
    return clauses(st.one_of([paths(root, known[root]) for root in roots]))


@st.composite
def audience_trees(draw):
    """Conditions that may choose an audience; composite, since their whole text is very long."""
    return draw(_AUDIENCE)


_AUDIENCE = trees(
    of_roots("person", *catalogue.LAST).filter(lambda clause: clause.field != catalogue.NAME)
    | tallies()
    | far_days("person", *catalogue.LAST)
)
