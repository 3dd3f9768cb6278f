"""How do we tell someone what is wrong with a document, and what to write instead?

pydantic knows what is wrong; its words are for programmers. Each kind of error that our shapes can
raise has a sentence here that says what to do.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]

_QUOTED = 60

_SENTENCES = {
    "string_type": "write a text here, in quotes if it looks like a number or true or false",
    "int_type": "write a whole number here",
    "int_parsing": "write a whole number here",
    "int_from_float": "write a whole number here",
    "float_type": "write a number here",
    "float_parsing": "write a number here",
    "decimal_type": "write a number here",
    "decimal_parsing": "write a number here",
    "finite_number": "write a number here",
    "bool_type": "write true or false here",
    "bool_parsing": "write true or false here",
    "dataclass_type": "write keys with values here",
    "dict_type": "write keys with values here",
    "mapping_type": "write keys with values here",
    "tuple_type": "write a list here",
    "too_short": "write at least one entry here",
    "too_long": "write at most {max_length} entries here",
    "string_too_short": "write a text here: it is empty",
    "string_too_long": "shorten this text to at most {max_length} signs",
    "greater_than_equal": "write a number that is at least {ge:g}",
    "greater_than": "write a number that is more than {gt:g}",
    "less_than_equal": "write a number that is at most {le:g}",
    "less_than": "write a number that is less than {lt:g}",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong inside one text; its lines and columns count from 1, 0 is unknown."""

    sentence: str
    line: int = 0
    column: int = 0


class TextError(ValueError):
    """A validator found flaws inside a text; the document adds where that text stands."""

    def __init__(self, *flaws: Flaw) -> None:
        self.flaws = flaws
        super().__init__("; ".join(flaw.sentence for flaw in flaws))


def path(error: ErrorDetails) -> Path:
    """Where in the document an error is.

    Parts that begin with # or [ name an alternative that pydantic tried, unless the reader wrote
    them as a key that is not known.
    """
    kept = len(error["loc"]) - (error["type"] == "unexpected_keyword_argument")
    tried = (
        isinstance(p, str) and p[:1] in {"#", "["} and i < kept for i, p in enumerate(error["loc"])
    )
    return tuple(p for p, alternative in zip(error["loc"], tried, strict=True) if not alternative)


def echoes(error: ErrorDetails) -> bool:
    """Whether this error only repeats others: a list is called short when its entries are wrong."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def shown(place: Path) -> str:
    """`steps[0].after`: a path as people write it."""
    parts = (f"[{p}]" if isinstance(p, int) else f".{clipped(p)}" for p in place)
    return "".join(parts).removeprefix(".")


def clipped(written: object) -> str:
    """What a reader wrote, cut where quoting more of it would not help them find it."""
    text = str(written)
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the known one that was probably meant."""
    choices = sorted(known)
    if close := difflib.get_close_matches(clipped(word), choices, n=1):
        return f"; did you mean `{close[0]}`?"
    return f"; use one of {', '.join(choices)}" if choices else ""


def about(error: ErrorDetails, place: Path, shape: TypeAdapter[Any]) -> str:
    """What is wrong at this path, and what to write instead."""
    kind, context, last = error["type"], error.get("ctx", {}), clipped(place[-1] if place else "")
    if kind == "missing":
        return f"`{last}` is missing: add it"
    if kind == "unexpected_keyword_argument":
        return f"`{last}` is not known here{nearest(last, _known(shape, place[:-1]))}"
    if kind in {"enum", "literal_error"}:
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        written = clipped(error["input"])
        return f"`{written}` is not known here{nearest(written, choices)}"
    if kind == "value_error":
        return str(context["error"])
    return _SENTENCES[kind].format_map(context) if kind in _SENTENCES else error["msg"]


@lru_cache(maxsize=32)
def _schema(shape: TypeAdapter[Any]) -> dict[str, Any]:
    return shape.json_schema()


def _known(shape: TypeAdapter[Any], place: Path) -> set[str]:
    """The keys that may stand at this path."""
    root = _schema(shape)
    here = _branches(root, root)
    for part in place:
        inner = [_entry(schema, part) for schema in here]
        here = [branch for schema in inner for branch in _branches(schema, root)]
    return {key for schema in here for key in schema.get("properties", {})}


def _entry(schema: Mapping[str, Any], part: str | int) -> Any:
    if isinstance(part, int):
        return schema.get("items", {})
    return schema.get("properties", {}).get(part) or schema.get("additionalProperties")


def _branches(schema: Any, root: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schema itself, or what its references and alternatives lead to."""
    if not isinstance(schema, Mapping):
        return []
    if "$ref" in schema:
        return _branches(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    choices = [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
    return [b for choice in choices for b in _branches(choice, root)] if choices else [schema]
