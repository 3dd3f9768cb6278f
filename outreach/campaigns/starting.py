"""How does one begin a campaign of one's own? From one of the library, comments and all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from outreach import documents
from outreach.campaigns import document
from outreach.errors import NotFound
from outreach.sentences import nearest
from outreach.templates import document as template_document
from outreach.templates import starting as templates

SCHEMA_FILE = "campaign.schema.json"
EDITOR_LINE = f"# yaml-language-server: $schema={SCHEMA_FILE}"
"""Tells editors, in the file itself, which schema to complete and check it by."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A campaign's text, and what belongs beside it: its templates and the editor's schemas."""

    text: str
    beside: Mapping[str, str]


def begun(key: str, *, like: str) -> Beginning:
    """The library's campaign `like` under another key.

    Raises `NotFound` with the nearest name, or `Invalid` when the key is not one.
    """
    library = document.library()
    if like not in library:
        raise NotFound(f"the library has no campaign {like!r}{nearest(like, library)}")
    text = with_editor_line(documents.changed(library[like], ("key",), key))
    campaign = document.read(text, name=key)
    texts = template_document.library()
    beside = {f"{s.template}.yaml": texts[s.template] for s in campaign.contacts}
    return Beginning(
        text, beside | {SCHEMA_FILE: schema_file(), templates.SCHEMA_FILE: templates.schema_file()}
    )


def with_editor_line(text: str) -> str:
    """The document with the editor's line as its first, once."""
    return text if text.startswith(EDITOR_LINE) else f"{EDITOR_LINE}\n{text}"


def schema_file() -> str:
    """The JSON Schema of a campaign as a file."""
    return json.dumps(document.schema(), ensure_ascii=False, indent=2) + "\n"
