"""Do the weights doubt what no phrase knows, and change nothing else?"""

import pytest

from optout import reading, reading_weights
from optout.reading_model import Intent, Reading, Scope
from optout.reading_spelling import spelling
from tests.optout import reading_corpus as corpus
from tests.optout import reading_training as training


def test_unusual_words_are_doubted_at_least() -> None:
    """None missed; of ordinary replies three in a hundred taken for one, one in twenty doubted."""
    score = corpus.score(corpus.lines(*corpus.LEARNT))
    assert score.withdrawals >= 700
    assert score.missed == []
    assert len(score.taken) <= score.ordinary * 0.03, score.taken
    assert len(score.doubted) <= score.ordinary * 0.05, score.doubted


def test_weights_turn_none_into_unsure_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = corpus.lines(*corpus.LEARNT, *corpus.LANGUAGES)
    weighed = [line.read() for line in lines]
    monkeypatch.setattr(reading, "doubted", lambda _: None)
    by_rules = [line.read() for line in lines]
    changed = [(old, new) for old, new in zip(by_rules, weighed, strict=True) if old != new]
    assert len(changed) > 300
    for old, new in changed:
        assert old == Reading(Intent.NONE)
        assert (new.intent, new.scope, new.rule) == (Intent.UNSURE, Scope.ALL, "weights")


def test_what_nobody_wrote_for_the_corpus_is_doubted_by_its_pieces() -> None:
    """A word's pieces carry over to forms of it that no line has."""
    assert reading.read("disinterested altogether", country="US").intent is Intent.UNSURE
    assert reading.read("the kettle arrived, thanks a lot", country="US").intent is Intent.NONE


def test_a_reply_without_a_word_is_not_weighed() -> None:
    assert reading_weights.doubted("") is None


@pytest.mark.parametrize("text", ["", "a", "a b", "别", "别 来", "no më 別", "x" * 3_000])
def test_every_reply_has_pieces(text: str) -> None:
    assert reading_weights.pieces(spelling(text))


def test_weights_are_written_as_they_are_read() -> None:
    told = reading_weights.Weights(-0.25, {"ab": 12, "< no": -3, "=": 7}, "of these lines")
    assert reading_weights.parse(reading_weights.written(told)) == told


def test_a_file_that_holds_no_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="heavy"):
        reading_weights.parse("-20\tlines\nheavy\tpiece\n")


def test_the_weights_are_those_of_the_corpus() -> None:
    """When lines or phrases change: python -m tests.optout.reading_training."""
    assert reading_weights.weights().origin == training.origin()


@pytest.mark.long
def test_training_again_gives_the_same_file() -> None:
    assert training.made() == training.FILE.read_text(encoding="utf-8")
