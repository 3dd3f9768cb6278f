"""What is on record of a person?"""

from fastapi import APIRouter

from outreach.errors import NotFound
from outreach.people import store as people
from outreach.people.model import person_id
from outreach.reports import records
from outreach.reports.model import RecordTold
from outreach.web.auth import Authorized
from outreach.web.language import Asked

router = APIRouter(tags=["people"])


@router.get("/people/{ref:path}/records")
def get_records(caller: Authorized, ref: str, language: Asked) -> tuple[RecordTold, ...]:
    """Orders, parcels, contracts, cases: a sentence and the fields of each."""
    wanted = person_id(caller.brand, ref)
    with caller.begin() as tx:
        found = records.of_person(tx, wanted, language=language)
        if not found and wanted not in people.by_id(tx, [wanted]):
            raise NotFound("there is no such person")
        return found
