# ruff: noqa: INP001  # a script beside the pages that it writes
"""What does the demo print? Puts a captured output between the markers of both READMEs.

`make demo > FILE`, then `.venv/bin/python docs/update_readme.py FILE`
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")

_BLOCK = re.compile(r"(<!-- demo -->\n).*?(<!-- /demo -->)", re.DOTALL)
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def updated(page: str, output: str) -> str:
    """The page with this output between its markers. Raises `ValueError` where it has none."""
    if not _BLOCK.search(page):
        raise ValueError("the page has no <!-- demo --> … <!-- /demo --> markers")
    fence = "```"
    shown = "\n".join(line.rstrip() for line in _COLOURS.sub("", output).strip("\n").splitlines())
    return _BLOCK.sub(lambda m: f"{m[1]}{fence}text\n{shown}\n{fence}\n{m[2]}", page)


def main(file: Path) -> None:
    """Update both pages."""
    output = file.read_text(encoding="utf-8")
    for page in READMES:
        page.write_text(updated(page.read_text(encoding="utf-8"), output), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004  # its own name and a file
        sys.exit("say which file holds the demo's output: docs/update_readme.py FILE")
    main(Path(sys.argv[1]))
