"""Does a page in Chinese speak Chinese throughout, refusals and evidence included?

What is read here are words for people. Names of documents, law and what customers and colleagues
wrote are marked as not to be translated, or are code.
"""

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from optout.list_lines import Layout
from optout.lists import Incoming
from optout.model import Action, Channel, How
from outreach import ids
from outreach.app import Outreach
from outreach.callbacks import quality, queues
from outreach.db.engine import BrandRef
from outreach.exports import asking as exports
from outreach.exports.asking import Asker
from outreach.exports.model import Wanted
from outreach.inbound import answers, cases, lists, taken_lists
from outreach.inbound.cases import Raised
from outreach.inbound.consent import Change, change_person
from outreach.people import legal_holds
from outreach.people.legal_holds import Grounds
from outreach.people.model import Person
from outreach.replay import reviews
from outreach.retention import kinds
from outreach.retention import store as retention
from outreach.web import cookies, forms, translated
from outreach.web.console import navigation, reports
from tests import builders as b
from tests.callbacks.test_callbacks_quality import SOURCE as SCORECARD
from tests.callbacks.test_callbacks_queues import CARE
from tests.surveys import asking
from tests.web.test_web_console_screens import _CHARGED

NOWHERE = {"country": None, "subdivision": None, "zone": None, "phone": "+80012345678"}
CALL = b.a_step(kind="callback", channels=["voice"], template="delivery-check-call")
_TAGGED = {"field": "person.tags", "operator": "contains", "value": "vip"}
_VOICE = {"avoid": [{"phrase": "便宜", "rather": "实惠"}], "address": "formal",
          "sign_off": {"zh-CN": "敬上"}, "exclamation_marks": 0, "emoji": False}  # fmt: skip
_PROSE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}\b")
_COMMAND = re.compile(r"`[^`]*`|“outreach [^”]*”")
_KEPT = {"code", "kbd", "cite", "textarea", "pre", "script", "style"}
_VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "line"}


class Reader(HTMLParser):
    """The texts that a page in Chinese has to say in Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.texts += [told.get(name) or "" for name in ("placeholder", "aria-label", "title")]
        if tag not in _VOID:
            self._open.append(tag in _KEPT or told.get("translate") == "no")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.texts.append(data)


def english(page: str) -> list[str]:
    """What a page says in English prose."""
    reader = Reader()
    reader.feed(page)
    return [one for text in reader.texts if _PROSE.search(one := _COMMAND.sub("", text))]


@pytest.fixture
def people(app: Outreach, brand: BrandRef) -> list[Person]:
    """Somebody held, somebody cared for who said no, and somebody who answered badly."""
    b.a_live_campaign(
        app, brand, "texts", name={"zh-CN": "短信"}, trigger={"event": "order.paid"},
        steps=[b.a_step(channels=["sms"])],
    )  # fmt: skip
    b.a_live_campaign(app, brand, "asks", name={"zh-CN": "问卷"}, steps=[asking.asks()])
    begins = {"event": "order.confirmed"}
    b.a_live_campaign(app, brand, "calls", name={"zh-CN": "回访"}, trigger=begins, steps=[CALL])
    held, cared = b.a_person(app, brand, "c-1", **NOWHERE), b.a_person(app, brand, "c-2")
    for kind in ("order.paid", "order.confirmed"):
        for one in (held, cared):
            b.accepted(app, brand, b.an_event(app, brand, one, kind, order=one.ref))
    low = asking.somebody(app, brand)
    asked = answers.of_touch(app.means, brand, asking.asked(app, brand, low))
    assert asked
    answers.take(app.means, brand, low, asked, 2, by="page", comment="不满意")
    cases.raise_case(app.means, brand, cared.id, Raised("complaint", "ana"))
    no = Change(Action.WITHDRAW, How.API, "ticket-12", channel=Channel.EMAIL)
    change_person(app.means, brand, cared.id, no)
    b.everything_due(app)
    return [held, cared, low]


def test_every_page_in_chinese_speaks_chinese(
    stranger: TestClient, app: Outreach, brand: BrandRef, people: list[Person]
) -> None:
    session = b.a_session(app, b.a_user(app, brand))
    stranger.cookies.set(f"__Host-{cookies.SESSION}", session)
    stranger.cookies.set("language", "zh-CN")
    persons = [f"/people/{ids.shown(ids.PERSON, one.id)}" for one in people]
    whys = [f"/why?{urlencode({'q': one.ref})}" for one in people]
    supposed = [f"/why?q={one.ref}&campaign=texts" for one in people]
    asked = [f"/hours?{one}" for one in ("phone=%2B351210001234", "place=DE&channel=email",
             "pack=US", "pack=CN", "pack=XX", "zone=Mars/Olympus", "place=Nowhere")]  # fmt: skip
    odd = ["/nowhere", "/people/per_nobody", "/unsent?after=x", "/reports?month=soon",
           "/why?q=nobody", "/why?q=c-1&campaign=none", "/campaigns/none", "/templates/none",
           "/unsent?which=held", "/surveys?band=wrong"]  # fmt: skip
    within = ["/campaigns/texts", "/templates/usage-tutorial-1", "/?view=wall", *odd]
    places = [place.path for place in navigation.PLACES]
    found = {}
    for path in (*places, *persons, *whys, *supposed, *asked, *within):
        page = stranger.get(path, headers={"Accept": "text/html"})
        assert page.headers.get("content-language") == "zh-CN", path
        if told := english(page.text):
            found[path] = told
    assert found == {}


def test_what_is_taken_in_and_out_and_held_is_told_in_chinese(
    stranger: TestClient, app: Outreach, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists with verdicts, exports, holds, shifts, what was let go of, costs and domains."""
    monkeypatch.setattr(reports, "_CROWD", 1)
    morning = {"at": "08:00", "to": ["robin@northpine.example"], "chats": True}
    brand, now, who = (
        b.a_brand(app, morning=morning, voice=_VOICE, exports_alone=0),
        app.means.clock(),
        people[1].id,
    )
    asked = Asker("ana", "寄信")
    with app.means.database.begin(brand) as tx:
        queues.put(tx, brand, CARE.replace("en: Care", "zh-CN: 回访组"), name="care", now=now)
        quality.put(tx, brand, SCORECARD, name="courtesy", now=now)
        grounds = Grounds("诉讼", "法务", now + timedelta(days=9))
        legal_holds.place(tx, brand, who, grounds, by="ana", now=now)
        legal_holds.place(tx, brand, None, grounds, by="ana", now=now)
        exports.ask(tx, brand, Wanted(kind="people", condition=_TAGGED), asked, now=now)
        exports.ask(tx, brand, Wanted(kind="contacts", since=now), asked, now=now)
        retention.begin(tx, brand, day=now.date(), befores={}, now=now)
        begun = retention.Begun(dict.fromkeys(kinds.KINDS, 3), {})
        retention.note(tx, begun, day=now.date(), held=1, last=True, now=now)
        tx.execute(_CHARGED, {"at": now})
    edition = lists.edition("own", brand=brand.key, as_of=now.date(), expires_on=None, channels=())
    coming = Incoming(edition, Layout.LINES, "名单.csv")
    number = taken_lists.take_in(
        app.means, brand, coming, [*(f"+1212555{n:04}\n" for n in range(100)), "x\n"], by="ana"
    )
    session = b.a_session(app, b.a_user(app, brand))
    stranger.cookies.set(f"__Host-{cookies.SESSION}", session)
    stranger.cookies.set("language", "zh-CN")
    said = {
        "/exports": "等待", f"/consent/lists/{number}": "1 行",
        f"/people/{ids.shown(ids.PERSON, who)}": "诉讼", "/lead/queues/care": "回访组",
        "/lead/calls?card=courtesy": "服务态度", "/settings": "3", "/settings/access": "管理员",
        "/reports": "customers.example", "/portal": "", "/me": "管理员",
    }  # fmt: skip
    found = {}
    for path, wanted in said.items():
        page = stranger.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200, path
        assert wanted in page.text, path
        found[path] = english(page.text)
    assert {path: told for path, told in found.items() if told} == {}


def test_a_refusal_in_chinese_is_chinese(console: TestClient, people: list[Person]) -> None:
    console.cookies.set("language", "zh-CN")
    person = f"/people/{ids.shown(ids.PERSON, people[0].id)}"
    edited = {"document_text": "key: [\nname: 3\nnonsense: x\n", "edited": "x"}
    form = {"name": "own-list", "as_of": "2026-03-01", "layout": "lines"}
    told = [
        console.post(f"{person}/zone", data={"zone": "Mars/Olympus"}),
        console.post(f"{person}/case", data={"case": "none"}),
        console.post(f"{person}/erase", data={"ref": "wrong"}),
        console.post("/desk/next", data={}),
        console.post("/templates/usage-tutorial-1", data=edited),
        console.post("/campaigns/texts/document", data=edited),
        console.post("/consent", data=form, files={"file": ("l.csv", b"\xff\xfe")}),
        console.post("/consent", data=form | {"as_of": "soon"}, files={"file": ("l.csv", b"")}),
    ]
    assert all(answer.status_code >= 400 for answer in told)
    assert {str(one.url): said for one in told if (said := english(one.text))} == {}


def test_a_bad_password_and_a_failed_review_are_told_in_chinese(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    stranger.cookies.set("language", "zh-CN")
    ours = {"Accept": "text/html", "Origin": "http://testserver"}
    session = b.a_session(app, b.a_user(app, brand))
    stranger.cookies.set(f"__Host-{cookies.SESSION}", session)
    form = {"csrf": forms.token(session, brand.key), "brand": brand.key}
    weak = form | {"password": b.PASSWORD, "wanted": "short", "again": "short"}
    refused = stranger.post("/me", data=weak, headers=ours)
    b.a_campaign(app, brand)
    stranger.post("/campaigns/usage-tutorial/reviews", data=form, headers=ours)
    with app.means.database.begin(brand) as tx:
        taken = reviews.take(tx)
        assert taken
        reviews.fail(tx, taken, reviews.BROKE_OFF)
    failed = stranger.get("/campaigns/usage-tutorial/reviews", headers=ours)
    assert [one.status_code for one in (refused, failed)] == [422, 200]
    for page, said in ((refused, "密码须为"), (failed, "每次都中断")):
        assert said in page.text
        assert english(page.text) == []


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("there is no template 'x'", "没有模板 'x'"),
        ("that time has passed; promise 2026-03-01T10:00 (Europe/Lisbon)",
         "该时间已过;可约:2026-03-01T10:00(Europe/Lisbon)"),
        ("Nobody consented to survey by sms from lumen.", "未曾有人同意:lumen,短信,调研。"),
        ("'x' is no role; did you mean `lead`?", "'x' 不是角色;是否想写 `lead`?"),
        ("nobody ever wrote this, or that", None),
        ("so it goes: there is nothing that anybody knows of it", None),
    ],
)  # fmt: skip
def test_a_sentence_is_known_by_what_stands_around_its_holes(said: str, wanted: str | None) -> None:
    assert translated.sentence(said) == wanted


def test_what_nobody_translated_is_marked_as_english_and_escaped() -> None:
    assert translated.told("<b> of it", "zh-CN") == '<span lang="en">&lt;b&gt; of it</span>'
    assert translated.told("<b> of it", "en") == "&lt;b&gt; of it"
