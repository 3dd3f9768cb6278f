"""What do we know of where a person is?"""

from outreach.hours.model import Evidence
from outreach.people.model import Person


def evidence_of(person: Person) -> Evidence:
    """Everything that speaks for a place, strongest first; `hours.places` weighs it."""
    phone = next((a.value for a in person.addresses if a.kind == "phone"), None)
    return Evidence(
        person.zone, person.country, person.subdivision, person.postcode, phone,
        point_zone=person.point_zone,
    )  # fmt: skip
