"""How well are replies read, over all that we know the meaning of?"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.optout import reading_corpus as corpus

ALL = corpus.lines()


def test_the_corpus_is_large_enough() -> None:
    assert len(ALL) >= 600
    assert sum(line.intent is corpus.Intent.NONE for line in ALL) >= 250
    assert {line.language for line in ALL} >= {"en", "zh", "es", "fr", "de", "ja", "ko", "pt"}
    assert all(line.source for line in ALL)


@pytest.mark.parametrize("names", [(), corpus.HELD_OUT], ids=["corpus", "held out"])
def test_replies_are_read_well(names: tuple[str, ...]) -> None:
    """No withdrawal missed, one in ten left unsure at most, three ordinary in a hundred taken."""
    score = corpus.score(corpus.lines(*names))
    assert score.missed == []
    assert len(score.left_unsure) <= score.withdrawals * 0.10, score.left_unsure
    assert len(score.taken) <= score.ordinary * 0.03, score.taken


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


DRESSED = {
    "upper": str.upper,
    "lower": str.lower,
    "wide": _wide,
    "spaced": lambda text: f" \t\n{text}\u3000 ",
    "doubled spaces": lambda text: text.replace(" ", "  "),
    "exclaimed": lambda text: f"¡{text}!!!",
    "asked": lambda text: f"{text}?",
    "quoted": lambda text: f"“{text}”",
    "bracketed": lambda text: f"【{text}】",
    "dotted": lambda text: f"...{text}。",
    "curly": lambda text: text.replace("'", "’"),
    "emoji after": lambda text: f"{text}👍🏽",
    "emoji before": lambda text: f"🙏 {text}",
    "sign after": lambda text: f"{text} 🛑",
    "circled sign": lambda text: f"{text}㊙️",
    "flag": lambda text: f"{text}🇫🇷",
    "zero width": "\u200b".join,
}


@pytest.mark.parametrize("dress", DRESSED.values(), ids=DRESSED)
@pytest.mark.parametrize("names", [(), corpus.HELD_OUT], ids=["corpus", "held out"])
def test_dress_changes_no_meaning(names: tuple[str, ...], dress) -> None:
    """Punctuation, case, width, spaces and emoji neither hide a refusal nor make one."""
    for line in corpus.lines(*names):
        if not any(letter.isalnum() for letter in line.text):
            continue  # a sign alone is read as a sign
        dressed = corpus.replace(line, text=dress(line.text))
        assert dressed.read().intent is line.read().intent, line.text


_MARKS = st.text(
    st.sampled_from(" .,!?;:-_\"'()[]«»„“”、。！？…\n\t🙂🛑👍🏽🇫🇷\u200b\ufe0f"), max_size=6
)


@settings(max_examples=200, deadline=None)
@given(line=st.sampled_from(ALL), before=_MARKS, after=_MARKS)
@example(line=ALL[0], before="'", after="'")
def test_marks_around_a_reply_change_nothing(line: corpus.Line, before: str, after: str) -> None:
    if any(letter.isalnum() for letter in line.text):
        dressed = corpus.replace(line, text=before + line.text + after)
        assert dressed.read().intent is line.read().intent


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=300), country=st.sampled_from([None, "US", "CN", "FR"]))
def test_anything_can_be_read(text: str, country: str | None) -> None:
    said = corpus.read(text, country=country)
    refusing = said.intent in {corpus.Intent.WITHDRAW, corpus.Intent.UNSURE}
    assert (said.scope is not None) == refusing
