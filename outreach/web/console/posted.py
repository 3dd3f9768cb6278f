"""What does a form say that a page of ours sent back? Texts by name, each field once."""

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from outreach.errors import Invalid

_MOST_FIELDS = 200
_LONGEST = 4_000  # signs


async def _fields(request: Request) -> Mapping[str, str]:
    """Raises `Invalid` for too many texts, and for one that is too long."""
    form = await request.form()  # read before, by whoever looked for its token
    if len(form.multi_items()) > _MOST_FIELDS:
        raise Invalid(f"send at most {_MOST_FIELDS} fields at once")
    told = {name: value for name, value in form.items() if isinstance(value, str)}
    for name, value in told.items():
        if len(value) > _LONGEST:
            raise Invalid(f"write {name!r} in at most {_LONGEST:,} signs")
    return told


Posted: TypeAlias = Annotated[Mapping[str, str], Depends(_fields)]
