"""What do people in the tour say, and what is said of them? Three short ways to ask."""

from optout.model import Action, How, Purpose
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from outreach.reports import explain
from outreach.reports.model import Explanation


def agrees(app: Outreach, brand: BrandRef, person: Person, purpose: Purpose) -> None:
    """This person permits one kind of contact, on every channel."""
    change = Change(Action.GRANT, How.API, "form 7", purpose=purpose)
    change_person(app.means, brand, person.id, change)


def says_no(app: Outreach, brand: BrandRef, person: Person) -> None:
    """This person wants nothing more, on any channel, for any purpose."""
    change = Change(Action.WITHDRAW, How.API, "letter 12")
    change_person(app.means, brand, person.id, change)


def explained(app: Outreach, brand: BrandRef, person: Person) -> tuple[Explanation, ...]:
    """Every touch of this person, as `outreach explain` tells it, in the order of their plan."""
    with app.means.database.begin(brand) as tx:
        known = brands.get(tx)
        return explain.person(tx, app.means, known, person.id, language="en").touches
