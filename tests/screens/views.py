"""Which screens are pictured, of whom, and how does one get there?

Every place of the navigation is among them by itself; what lies within one is named here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page
from sqlalchemy import Connection, text

from optout import links
from optout.links import Link, Use
from optout.model import Channel
from outreach import ids
from outreach.app import Outreach
from outreach.bilingual import Language
from outreach.callbacks import quality
from outreach.db.engine import BrandRef
from outreach.demo.world import A_BRAND_OF_CHINA, A_BRAND_OF_NORTH_AMERICA
from outreach.web.console import navigation

# The brand whose customers speak it, so that a page and the texts in it are of one language.
BRANDS: Mapping[Language, str] = {"zh-CN": A_BRAND_OF_CHINA, "en": A_BRAND_OF_NORTH_AMERICA}

_SCORECARD = """
key: courtesy
name: {en: Courtesy, zh-CN: 服务态度}
questions:
  - {key: greeted, ask: {en: Greeted by name?, zh-CN: 是否称呼客户?}, points: 10}
  - {key: honest, ask: {en: Nothing untrue?, zh-CN: 承诺是否属实?}, points: 30, vital: true}
"""
_TELLING = {
    # Somebody to whom much happened: more rows than anybody else's, and a name to look them up by.
    "person": text("""
        select p.id, p.ref from outreach.persons p join outreach.touches t on t.person_id = p.id
        group by p.id, p.ref order by count(distinct t.state) desc, count(*) desc, p.ref limit 1
    """),
    "skipped": text("""
        select id from outreach.touches where state = 'skipped' and reason = 'no_consent'
        order by due_at desc, id limit 1
    """),
    "mailed": text("""
        select id from outreach.touches where state in ('sent', 'delivered') and channel = 'email'
        order by due_at desc, id limit 1
    """),
    "surveyed": text("""
        select t.id from outreach.touches t join outreach.campaigns c on c.id = t.campaign_id
        where t.state in ('sent', 'delivered') and c.key = 'satisfaction-survey'
        order by t.due_at desc, t.id limit 1
    """),
}


@dataclass(frozen=True, slots=True)
class View:
    """One picture: its name, the address, and what is pressed before it is taken.

    `known` is false of what people see who do not log in.
    """

    name: str
    path: str
    press: Callable[[Page], None] | None = None
    known: bool = True


def views(app: Outreach, brand: BrandRef) -> list[View]:
    """Every picture of one brand. Raises `NoResultFound` where its days brought nothing to show."""
    with app.means.database.begin(brand) as tx:
        person = tx.execute(_TELLING["person"]).one()
        touches = {name: _touch(tx, name) for name in ("skipped", "mailed", "surveyed")}
    places = [View(place.word, place.path) for place in navigation.PLACES if place.word != "why"]
    calls = View("lead-calls", f"/lead/calls?card={_scorecard(app, brand)}")
    return [*places, calls, *_within(ids.shown(ids.PERSON, person.id), touches["skipped"]),
            *_public(app, brand, touches)]  # fmt: skip


def _touch(tx: Connection, name: str) -> str:
    return ids.shown(ids.TOUCH, tx.execute(_TELLING[name]).one().id)


def _within(person: str, skipped: str) -> list[View]:
    return [
        View("wall", "/?view=wall"),
        View("campaign", "/campaigns/renewal-30-7-1"),
        View("template", "/templates/usage-tutorial-1"),
        View("why", f"/why?q={skipped}"),
        View("person", f"/people/{person}"),
        View("access", "/settings/access"),
        View("call", "/desk", press=_take),
    ]


def _take(page: Page) -> None:
    """The next call, by its key."""
    with page.expect_navigation():
        page.keyboard.press("n")


def _public(app: Outreach, brand: BrandRef, touches: Mapping[str, str]) -> list[View]:
    def at(use: Use, touch: str) -> str:
        return links.make(app.link_keys, Link(brand.key, touch, Channel.EMAIL), use=use)

    mailed = touches["mailed"]
    return [
        View("login", "/login", known=False),
        View("unsubscribe", f"/u/{at(Use.UNSUBSCRIBE, mailed)}", known=False),
        View("preferences", f"/p/{at(Use.PREFERENCES, mailed)}", known=False),
        View("survey", f"/s/{at(Use.SURVEY, touches['surveyed'])}", known=False),
        View("expired", "/s/of-nothing-at-all", known=False),
    ]


def _scorecard(app: Outreach, brand: BrandRef) -> str:
    """The name of a scorecard by which calls may be looked at; the days of the demo bring none."""
    with app.means.database.begin(brand) as tx:
        quality.put(tx, brand, _SCORECARD, name="courtesy", now=app.means.clock())
    return "courtesy"
