# ruff: noqa: INP001  # a script beside the pages that it writes
"""Which settings are there? Writes docs/settings.md from the words beside each field.

`python docs/make_settings.py`
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

from outreach.settings import PREFIX, Secret, Settings

PAGE = Path(__file__).parent / "settings.md"

_BEFORE = """\
# Settings

What an installation is told by its environment. This page is made by `docs/make_settings.py` from
`outreach/settings.py`; a test fails when it is stale.

Every name begins with `OUTREACH_`, and one that is not on this page is refused at the start, with
the nearest known name. What a brand allows itself (caps, distance, sender names) is not a setting
but data of that brand: see its file.

| Variable | Default | It says |
|---|---|---|
"""
_AFTER = """
`make run` and `outreach embedded -- COMMAND` set the three URLs of servers and the secret by
themselves, unless `OUTREACH_DATABASE_URL` and `OUTREACH_REDIS_URL` are both given.

Keep the secret key. The hashes by which consent is remembered are made with it, and so are the
signatures of links in messages that were sent long ago: with another key nobody's withdrawal would
be found again. It belongs to the data, and into its backup. When it has to be replaced, put the
old one at the end of `OUTREACH_FORMER_SECRET_KEYS` and leave it there, as long as a withdrawal or a
link made with it may be needed: for good. Then restart every process and run
`outreach secrets hashes`, or reports and guardrails miss what people say from then on; the gate
misses nothing either way.
"""


def page() -> str:
    """The whole page."""
    lines = [
        f"| `{PREFIX}{field.name.upper()}` | {_shown(field.default)} | {_told(field.metadata)} |"
        for field in fields(Settings)
    ]
    return _BEFORE + "\n".join(lines) + "\n" + _AFTER


def _told(metadata: Mapping[str, str]) -> str:
    """Its own words, fit for a cell of a table."""
    return metadata["about"].replace("|", "\\|")


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return "`on`" if default else "`off`"
    if isinstance(default, timedelta):
        return f"`{default.total_seconds():g}`"
    if default == "" or isinstance(default, Secret):
        return "–"
    return f"`{default}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
