"""Is another person's word for exactly this version asked for, and nobody else's enough?"""

from uuid import UUID

import pytest

from outreach.campaigns.four_eyes import Missing, Word, covered, missing

ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("words", "author", "expected"),
    [
        ([], "ada", "approval"),
        ([Word("ada", "x")], "ada", "another"),
        ([Word("ben", "x")], "ada", None),
        ([Word("cy", "x")], "ada", None),
        ([Word("ben", "y")], "ada", "anew"),
        ([Word("ben", "")], "ada", "anew"),
        ([Word("ada", "x"), Word("ben", "y")], "ada", "anew"),
        ([Word("ben", "x")], "ben", "another"),
        ([Word("ben", "x")], None, "another"),
        ([Word("ada", "x")], None, None),
    ],
)
def test_another_than_its_writer_has_to_have_seen_it(
    words: list[Word], author: str | None, expected: Missing | None
) -> None:
    """Ben lets it go live; where no writer is known, his own word does not count."""
    assert missing(words, covers="x", author=author, by="ben") == expected


def test_a_word_covers_a_version_with_its_texts_in_any_order() -> None:
    pins = {"a": ONE, "b": TWO}
    whole = covered(ONE, pins)
    assert whole == covered(ONE, dict(reversed(pins.items())))
    assert len({whole, covered(TWO, pins), covered(ONE, {"a": ONE}), covered(ONE, {})}) == 4
