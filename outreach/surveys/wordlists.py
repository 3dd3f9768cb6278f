"""Which words are looked for? They stand in files, in English and Chinese, for anybody to see."""

from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

from pydantic import TypeAdapter

from outreach import documents

T = TypeVar("T")


@lru_cache(maxsize=8)
def read(name: str, shape: type[T]) -> T:
    """The words of this file of `words/`, as a value of this shape."""
    text = (files("outreach.surveys") / "words" / f"{name}.yaml").read_text(encoding="utf-8")
    return documents.read(text, TypeAdapter(shape), name=f"{name}.yaml")
