"""What do the small parts look like that every document shares?"""

import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field

STRICT = ConfigDict(extra="forbid", use_attribute_docstrings=True)
"""Unknown keys are refused, and what stands under a field describes it in the schema."""

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _locale(written: str) -> str:
    if not _LOCALE.fullmatch(written):
        raise ValueError("write a locale such as `en`, `en-GB` or `zh-CN`")
    return written


def _key(written: str) -> str:
    if not _KEY.fullmatch(written):
        raise ValueError("write a name in lower-case letters, digits and single hyphens")
    return written


Locale: TypeAlias = Annotated[str, AfterValidator(_locale)]
"""A language tag of RFC 5646: language, script and region at most."""

Key: TypeAlias = Annotated[
    str,
    Field(max_length=80, json_schema_extra={"pattern": f"^{_KEY.pattern}$"}),
    AfterValidator(_key),
]
"""The name of a thing that a document defines or points to."""
