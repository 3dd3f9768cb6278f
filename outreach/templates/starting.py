"""How does one begin a text of one's own? From one of the library, comments and all."""

import json

from outreach import documents
from outreach.errors import NotFound
from outreach.sentences import nearest
from outreach.templates import document

SCHEMA_FILE = "template.schema.json"
EDITOR_LINE = f"# yaml-language-server: $schema={SCHEMA_FILE}"
"""Tells editors, in the file itself, which schema to complete and check it by."""


def begun(key: str, *, like: str) -> str:
    """The library's template `like` under another key.

    Raises `NotFound` with the nearest name, or `Invalid` when the key is not one.
    """
    library = document.library()
    if like not in library:
        raise NotFound(f"the library has no template {like!r}{nearest(like, library)}")
    text = documents.changed(library[like], ("key",), key)
    document.read(text, name=key)
    return text


def schema_file() -> str:
    """The JSON Schema of a template as a file."""
    return json.dumps(document.schema(), ensure_ascii=False, indent=2) + "\n"
