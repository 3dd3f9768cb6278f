"""How is a survey written down, and which ones come with the product?"""

from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from outreach import documents
from outreach.surveys.model import Survey

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def read(text: str, *, name: str) -> Survey:
    """The survey in this YAML text; `name` is the file's name, for the reader of errors.

    Raises `Invalid` with every problem found: line, column, path and what to write instead.
    """
    return documents.read(text, _shape(), name=name)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a survey document, for editors."""
    return {"$schema": DIALECT, **_shape().json_schema()}


@lru_cache(maxsize=1)
def library() -> dict[str, str]:
    """The surveys that come with the product: the YAML text of each, by key."""
    shelf = files("outreach.surveys") / "library"
    books = sorted((b for b in shelf.iterdir() if b.name.endswith(".yaml")), key=lambda b: b.name)
    return {book.name.removesuffix(".yaml"): book.read_text(encoding="utf-8") for book in books}


# Built at the first use: nothing happens on import.
@lru_cache(maxsize=1)
def _shape() -> TypeAdapter[Survey]:
    return TypeAdapter(Survey)
