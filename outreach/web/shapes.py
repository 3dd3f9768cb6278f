"""What may a short text in a request look like?"""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, StringConstraints


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds a control character")
    return text


Text: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_printable),
]
"""A name, an id or a line: something to look for, or to write down."""


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


Note: TypeAlias = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_without_nul)]
"""What somebody wrote, with its line breaks."""
