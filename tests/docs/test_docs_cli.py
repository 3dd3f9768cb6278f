"""Is every command in docs/cli.md, with every option, and nothing that does not exist?"""

import re
from collections.abc import Iterator
from pathlib import Path

from outreach.cli import index

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
SECTIONS = dict(
    re.findall(r"^### `outreach ([^`]+)`\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE)
)


def _commands(group: object, *path: str) -> Iterator[tuple[str, set[str]]]:
    """Each command of the tree by its full name, with its long options."""
    inner = getattr(group, "commands", None)
    if inner is None:
        params = getattr(group, "params", [])
        options = {name for p in params for name in p.opts if name.startswith("--")}
        yield " ".join(path), options
        return
    for name, one in inner.items():
        yield from _commands(one, *path, name)


WORDS = [*index.GROUPS, *index.SINGLE]
COMMANDS = dict(one for word in WORDS for one in _commands(index.loaded(word), word))


def test_every_command_has_its_section_and_no_section_is_stray() -> None:
    assert set(SECTIONS) == set(COMMANDS)


def test_every_option_is_told() -> None:
    untold = {
        name: missing
        for name, options in COMMANDS.items()
        if (missing := {option for option in options if option not in SECTIONS.get(name, "")})
    }
    assert untold == {}
