"""Is nobody asked the same more than twice in one passage?"""

import pytest

from outreach.campaigns import document, reminding
from tests import builders as b


def ask(key: str, survey: str = "nps") -> dict[str, object]:
    return b.a_step(key, kind="survey", survey=survey)


def branch(*ways: list[dict[str, object]]) -> dict[str, object]:
    when = {"field": "person.country", "operator": "is", "value": "DE"}
    return {"key": "b", "kind": "branch", "ways": [{"when": when, "steps": way} for way in ways]}


@pytest.mark.parametrize(
    ("steps", "objected"),
    [
        ([ask("a"), ask("b")], False),
        ([ask("a"), ask("b"), ask("c")], True),
        ([ask("a"), ask("b"), ask("c", "csat")], False),
        ([ask("a"), branch([ask("c")], [ask("d")])], False),
        ([ask("a"), branch([ask("c"), ask("d")], [])], True),
    ],
)
def test_a_survey_is_asked_and_reminded_of_once_on_every_way(
    *, steps: list[dict[str, object]], objected: bool
) -> None:
    campaign = document.read(b.written(steps=steps), name="asking")
    assert bool(list(reminding.objections(campaign))) is objected


def test_the_library_reminds_once() -> None:
    for key, text in document.library().items():
        assert list(reminding.objections(document.read(text, name=key))) == []
