"""What do we know of where a person is?"""

from outreach.hours.model import Evidence
from outreach.people.model import Person


def evidence_of(person: Person) -> Evidence:
    """Everything that speaks for a place, strongest first; `hours.places` weighs it."""
    phones = [address.value for address in person.addresses if address.kind == "phone"]
    phone = phones[0] if phones else None
    return Evidence(
        person.zone, person.country, person.subdivision, person.postcode, phone,
        point_zone=person.point_zone,
    )  # fmt: skip
