"""What is there before the first event: brands, live campaigns, people, and their consent."""

from collections.abc import Mapping, Sequence

from optout import regimes
from optout.model import Action
from outreach import documents
from outreach.access import keys, passwords, roles, users
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.campaigns import document as campaign_documents
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.demo.brands import BRANDS
from outreach.demo.lives import comes_late
from outreach.demo.shop import Shop
from outreach.demo.world import Inhabitant
from outreach.templates import document as template_documents
from outreach.templates import store as templates

# The others of the library wait for weeks, or for events that these days do not bring.
SHOWN = (
    "abandoned-cart", "delivery-check-call", "greeting-birthday", "greeting-christmas",
    "membership-guide", "nps-listening", "parcel-exception-care", "product-news",
    "renewal-30-7-1", "review-invitation", "satisfaction-survey", "unresolved-case",
    "usage-tutorial", "warranty-ending", "win-back",
)  # fmt: skip
# What the library cannot know: the day on which a brand tells its owners news.
_NEWS_AT = "2026-12-22T11:00"


def set_up(app: Outreach, base_url: str, people: Sequence[Inhabitant]) -> dict[str, Shop]:
    """Everything, through the functions and the API that a brand would use; answers the shops."""
    shops = {}
    # They signed a form of the brand's: of every kind for which a law may ask.
    kinds = sorted(regimes.packaged().kinds)
    for brand in BRANDS:
        ref = brands.put(app.means.database, brand)
        shops[brand.key] = Shop(base_url, _key(app, ref))
        _go_live(app, ref)
        of_brand = [person for person in people if person.brand == brand.key]
        shops[brand.key].introduce([p.fields for p in of_brand if not comes_late(p)])
        for person in of_brand:
            if person.consents and not comes_late(person):
                shops[brand.key].consent(person.ref, Action.GRANT, kinds=kinds)
    return shops


def staff(app: Outreach) -> Mapping[str, str]:
    """Somebody in each role, at both brands, each with a password made by chance."""
    known, now = brands.directory(app.means.database), app.means.clock()
    given = {role: passwords.made() for role in roles.table().names if role != roles.KEY}
    with app.means.database.access() as tx:
        for role, password in given.items():
            user = users.add(tx, role, name=role.title(), password=password, now=now)
            for ref in known.values():
                users.seat(tx, user, ref, role=role, now=now)
    return given


def _key(app: Outreach, ref: BrandRef) -> str:
    with app.means.database.begin(ref) as tx:
        return keys.issue(tx, ref, name="demo")


def _go_live(app: Outreach, ref: BrandRef) -> None:
    """What two weeks can show of the library, in the state in which it ships."""
    with app.means.database.begin(ref) as tx:
        for name, text in template_documents.library().items():
            templates.put(tx, ref, text, name=name)
        library = dict(campaign_documents.library())
        news = library["product-news"]
        library["product-news"] = documents.changed(news, ("trigger", "at"), _NEWS_AT)
        for name in SHOWN:
            campaigns.put(tx, ref, library[name], name=name)
            campaigns.activate(tx, app.means.book, name, now=app.means.clock())
