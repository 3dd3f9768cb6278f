"""Which names may a text use, what do they hold, and what stands in them for review?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter

from outreach import documents
from outreach.shapes import STRICT

DATA = "event.data."


@dataclass(frozen=True, slots=True)
class Field:
    """One name: what it holds, a sample by language, and whether it is always there."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    says: str
    sample: Mapping[str, str]
    always: bool = False

    def sample_in(self, locale: str) -> str:
        """The sample in this language, or the one that serves all."""
        return self.sample.get(locale.partition("-")[0], self.sample["en"])


@dataclass(frozen=True, slots=True)
class Reference:
    """Every name, with those of the data of each type of event: true for what is always there."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    names: Mapping[str, Field]
    data: Mapping[str, Field]
    events: Mapping[str, Mapping[str, bool]]


@lru_cache(maxsize=1)
def reference() -> Reference:
    """The names that come with the product, read once."""
    file = files("outreach.templates") / "rules" / "fields.yaml"
    text = file.read_text(encoding="utf-8")
    return documents.read(text, TypeAdapter(Reference), name="fields.yaml")


def sample(locale: str, *, event: str | None = None, bare: bool = False) -> dict[str, Any]:
    """What fills a text in this language for review: made-up values under every known name.

    With an `event`, only the data of that type; `bare` leaves out what is not always there.
    """
    context: dict[str, Any] = {"event": {"data": {}}}
    for path, field in _known(event, bare=bare):
        _put(context, path.split("."), field.sample_in(locale))
    context["event"]["type"] = event or context["event"]["type"]
    return context


def _known(event: str | None, *, bare: bool) -> Iterator[tuple[str, Field]]:
    known = reference()
    for path, field in known.names.items():
        if field.always or not bare:
            yield path, field
    of_type = dict.fromkeys(known.data, False) if event is None else known.events.get(event, {})
    for name, always in of_type.items():
        if always or not bare:
            yield DATA + name, known.data[name]


def _put(context: dict[str, Any], path: list[str], value: str) -> None:
    *above, last = path
    for part in above:
        context = context.setdefault(part, {})
    context[last] = value
