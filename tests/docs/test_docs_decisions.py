"""Can a decision be named by its number, and does its page say what such a page has to?"""

import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "decisions").glob("*.md"))
PARTS = ("Context", "Choice", "Price", "What would change our mind")


def test_every_number_is_given_once_and_none_is_left_out() -> None:
    assert [int(page.name[:4]) for page in PAGES] == list(range(1, len(PAGES) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_begins_with_its_number_and_has_its_four_parts(page: Path) -> None:
    written = page.read_text("utf-8")
    assert re.match(rf"# {int(page.name[:4])}\. \S", written)
    assert [part for part in PARTS if part.lower() not in written.lower()] == []
