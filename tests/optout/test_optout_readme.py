"""Do the README's examples run as they stand, and does the library stand alone?"""

import doctest
import re
from pathlib import Path

import optout

HOME = Path(optout.__file__).parent


def test_the_examples_run() -> None:
    """Every `pycon` block, from top to bottom, in one session."""
    failed, tried = doctest.testfile(
        str(HOME / "README.md"), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert failed == 0
    assert tried > 15


def test_it_imports_nothing_of_outreach() -> None:
    """Who takes the folder away takes all of it."""
    for source in HOME.rglob("*.py"):
        assert not re.search(r"^\s*(from|import) outreach", source.read_text(), re.MULTILINE)
