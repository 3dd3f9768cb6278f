"""What is handed to somebody who asks what is kept of them?  `/people/{person}/export`

For machines, or as text that people read; a file, which this browser keeps and we do not.
"""

from typing import Literal, TypeAlias

from fastapi import APIRouter, Response
from pydantic import TypeAdapter

from outreach import ids
from outreach.exports import asking as exports
from outreach.reports import personal
from outreach.reports.personal import Kept
from outreach.web.console.shell import Asked

router = APIRouter(include_in_schema=False)

Readers: TypeAlias = Literal["machines", "people"]
_SHAPE: TypeAdapter[Kept] = TypeAdapter(Kept)


@router.api_route("/people/{person}/export", methods=["GET", "HEAD"])
def export_person(screen: Asked, person: str, readers: Readers = "people") -> Response:
    """Everything that is kept of a person, addresses in clear. Raises `NotFound`.

    Raises `Conflict` beyond what one visitor may hand out in a day on nobody else's word.
    """
    visitor, key = screen.visitor, ids.read(ids.PERSON, person)
    now = visitor.means.clock()
    with visitor.begin() as tx:
        exports.allow(tx, visitor.brand, "person", by=visitor.answering, now=now)
    kept = personal.of_person(visitor.means, visitor.brand, key, now=now)
    if readers == "machines":
        return _file(_SHAPE.dump_json(kept, indent=1), "application/json", f"{person}.json")
    told = personal.readable(kept, language=screen.language)
    return _file(told.encode(), "text/plain; charset=utf-8", f"{person}.txt")


def _file(made: bytes, kind: str, name: str) -> Response:
    """`name` holds an id of ours, which was read before and so is plain."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type=kind, headers=headers)
