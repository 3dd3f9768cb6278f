"""What do tests of surveys ask with? A person, and the library's survey sent to them."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import text

from optout import regimes
from optout.model import Action, Channel, How
from outreach import ids
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.events import store as events
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from tests import builders as b

_KINDS = tuple(sorted(regimes.packaged().kinds))
_TOUCH = text("""
    select id from outreach.touches where person_id = :person
""")
_TOLD = text("""
    select id from outreach.events where person_id = :person and type = :type order by key
""")


def asks(survey: str = "nps", **changes: object) -> dict[str, object]:
    """A step that asks this survey at once, as a service to the person."""
    template = "satisfaction-survey" if survey == "csat" else "nps-survey"
    known = {"kind": "survey", "survey": survey, "template": template, "purpose": "survey"}
    return b.a_step("ask", **known | changes)


def somebody(app: Outreach, brand: BrandRef, **fields: object) -> Person:
    """Somebody awake at noon, who has agreed to be asked."""
    place = {"zone": "Europe/London", "country": "GB", "subdivision": "", "phone": ""}
    person = b.a_person(app, brand, **place | fields)
    agreed = Change(Action.GRANT, How.API, "form", kinds=_KINDS)
    change_person(app.means, brand, person.id, agreed)
    return person


def asked(app: Outreach, brand: BrandRef, person: Person, **data: object) -> UUID:
    """The touch that asked this person, sent just now."""
    known: dict[str, Any] = {"parcel": person.ref} | data
    b.accepted(app, brand, b.an_event(app, brand, person, **known))
    b.everything_due(app)
    return touch_of(app, brand, person)


def touch_of(app: Outreach, brand: BrandRef, person: Person) -> UUID:
    """The one touch of this person."""
    with app.means.database.begin(brand) as tx:
        return UUID(str(tx.execute(_TOUCH, {"person": person.id}).scalar_one()))


def told(
    app: Outreach, brand: BrandRef, person: Person, kind: str = "survey.answered"
) -> list[Any]:
    """The data of every such fact of this person."""
    with app.means.database.begin(brand) as tx:
        ids_ = tx.execute(_TOLD, {"person": person.id, "type": kind}).scalars().all()
        known = events.by_id(tx, ids_)
    return [known[one].data for one in ids_]


def path(app: Outreach, brand: BrandRef, touch: UUID, channel: Channel = Channel.EMAIL) -> str:
    """The path of the survey's link in this touch."""
    return urlsplit(app.means.survey_link(brand.key, ids.shown(ids.TOUCH, touch), channel)).path
