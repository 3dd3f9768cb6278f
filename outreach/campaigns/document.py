"""How is a campaign written down, and which ones come with the product?"""

from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from outreach import documents, plain_yaml
from outreach.campaigns.model import Campaign

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def read(text: str, *, name: str) -> Campaign:
    """The campaign in this YAML text; `name` is the file's name, for the reader of errors.

    Raises `Invalid` with every problem found: line, column, path and what to write instead.
    """
    return documents.read(text, _shape(), name=name)


def decode(data: object, *, name: str) -> Campaign:
    """The campaign in plain data, as a form sends it. Raises `Invalid`."""
    return documents.decode(data, _shape(), name=name)


def plain(campaign: Campaign) -> dict[str, Any]:
    """The campaign as plain data without its defaults, such that `decode(plain(c)) == c`."""
    data: dict[str, Any] = _shape().dump_python(
        campaign, mode="json", by_alias=True, exclude_defaults=True
    )
    return data


def spelled_out(campaign: Campaign) -> dict[str, Any]:
    """The campaign as plain data with its defaults, as versions are compared."""
    data: dict[str, Any] = _shape().dump_python(campaign, mode="json", by_alias=True)
    return data


def printed(campaign: Campaign) -> str:
    """The campaign as a YAML document, such that `read(printed(c)) == c`."""
    return plain_yaml.write(plain(campaign))


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a campaign document, for editors."""
    return {"$schema": DIALECT, **_shape().json_schema()}


def library() -> dict[str, str]:
    """The campaigns that come with the product: the YAML text of each, by key."""
    shelf = files("outreach.campaigns") / "library"
    books = sorted((b for b in shelf.iterdir() if b.name.endswith(".yaml")), key=lambda b: b.name)
    return {book.name.removesuffix(".yaml"): book.read_text(encoding="utf-8") for book in books}


# Built at the first use: nothing happens on import.
@lru_cache(maxsize=1)
def _shape() -> TypeAdapter[Campaign]:
    return TypeAdapter(Campaign)
