"""How deep may data be nested, and is it told to the level?"""

import pytest

from outreach.events.nesting import deeper


def nested(levels: int, core: object) -> object:
    """A core within so many levels, of objects and lists in turn."""
    for level in range(levels):
        core = {"a": core, "b": 1} if level % 2 else [core, "text"]
    return core


@pytest.mark.parametrize("core", [1, "text", None, {}, []])
@pytest.mark.parametrize("levels", [0, 1, 2, 5])
def test_what_is_nested_is_deeper_than_one_level_less_and_no_more(
    levels: int, core: object
) -> None:
    told = nested(levels, core)
    assert not deeper(told, than=levels)
    assert not levels or deeper(told, than=levels - 1)


def test_what_python_itself_cannot_go_down_is_told_all_the_same() -> None:
    assert deeper(nested(100_000, 1), than=20)
