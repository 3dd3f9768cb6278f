"""Does a browser get in by logging in, stay no longer than it may, and act for nobody else?"""

import re

import pytest
from fastapi.testclient import TestClient

from outreach import ids
from outreach.access import keys, users
from outreach.app import Outreach
from outreach.audit import store as audit
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.web import forms
from outreach.web.body import LARGEST_UNKNOWN
from tests import builders as b
from tests.records import building as r
from tests.web.test_web_doors import basic

SITE = "https://testserver"
HTML = {"Accept": "text/html"}
OURS = {"Origin": SITE, "Sec-Fetch-Site": "same-origin"} | HTML


@pytest.fixture
def browser(stranger: TestClient) -> TestClient:
    """A browser behind TLS, in which nobody has logged in yet."""
    stranger.base_url = stranger.base_url.copy_with(scheme="https")
    return stranger


def logged_in(browser: TestClient, login: str, **more: str) -> int:
    fields = {"login": login, "password": b.PASSWORD} | more
    return browser.post("/login", data=fields, headers=OURS).status_code


def csrf(browser: TestClient, brand: BrandRef) -> str:
    return forms.token(browser.cookies["__Host-outreach"], brand.key)


def test_who_is_not_logged_in_is_led_to_the_form_and_back(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    b.a_user(app, brand, "ada")
    led = browser.get("/why?q=c-1", headers=HTML)
    assert (led.status_code, led.headers["location"]) == (303, "/login?then=%2Fwhy%3Fq%3Dc-1")
    form = browser.get(led.headers["location"], headers=HTML)
    assert form.headers["referrer-policy"] == "same-origin"  # else its forms come from nowhere
    then = re.search(r'name="then" value="([^"]*)"', form.text)
    assert then
    fields = {"login": "Ada", "password": b.PASSWORD, "then": then[1]}
    answer = browser.post("/login", data=fields, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/why?q=c-1")
    assert browser.get("/", headers=HTML).status_code == 200


def test_the_cookie_is_bound_to_the_host_and_out_of_reach_of_scripts(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    b.a_user(app, brand, "ada")
    answer = browser.post("/login", data={"login": "ada", "password": b.PASSWORD}, headers=OURS)
    (session,) = [c for c in answer.headers.get_list("set-cookie") if "__Host-outreach=" in c]
    marks = {part.strip().lower() for part in session.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= marks
    assert not any(mark.startswith("domain") for mark in marks)


def test_a_wrong_login_says_so_and_nothing_more(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    b.a_user(app, brand, "ada")
    fields = {"password": "not the right one"}
    pages = {
        browser.post("/login", data=fields | {"login": name}, headers=OURS).text
        for name in ("ada", "nobody", "")
    }
    assert len(pages) == 1
    assert "Login, password or code is wrong." in pages.pop()
    assert "__Host-outreach" not in browser.cookies


def test_who_guesses_is_told_to_wait(browser: TestClient, app: Outreach, brand: BrandRef) -> None:
    b.a_user(app, brand, "ada")
    fields = {"login": "ada", "password": "not the right one"}
    answers = [browser.post("/login", data=fields, headers=OURS) for _ in range(8)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_session_is_new_at_each_login_and_ends_at_logout(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """A reference that somebody planted, or kept, opens nothing."""
    b.a_user(app, brand, "ada")
    browser.cookies.set("__Host-outreach", "planted")
    assert logged_in(browser, "ada") == 303
    first = browser.cookies.get("__Host-outreach", domain="testserver.local")
    assert first
    browser.cookies.clear()
    assert logged_in(browser, "ada") == 303
    second = browser.cookies["__Host-outreach"]
    assert len({"planted", first, second}) == 3
    left = browser.post("/logout", data={"csrf": csrf(browser, brand)}, headers=OURS)
    assert left.status_code == 303
    browser.cookies.clear()
    browser.cookies.set("__Host-outreach", second)
    assert browser.get("/", headers=HTML).status_code == 303


def test_disabling_ends_what_is_under_way(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    user = b.a_user(app, brand, "ada")
    logged_in(browser, "ada")
    assert browser.get("/", headers=HTML).status_code == 200
    with app.means.database.access() as tx:
        users.disable(tx, user, now=app.means.clock())
    assert browser.get("/", headers=HTML).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://["},
        {"Origin": SITE, "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {},
    ],
)
def test_a_form_of_another_site_does_nothing(
    browser: TestClient, app: Outreach, brand: BrandRef, headers: dict[str, str]
) -> None:
    """Neither with the token, nor to log somebody in as somebody else."""
    b.a_user(app, brand, "ada")
    foreign = HTML | headers
    fields = {"login": "ada", "password": b.PASSWORD}
    assert browser.post("/login", data=fields, headers=foreign).status_code == 403
    logged_in(browser, "ada")
    left = browser.post("/logout", data={"csrf": csrf(browser, brand)}, headers=foreign)
    assert left.status_code == 403
    assert browser.get("/", headers=HTML).status_code == 200


@pytest.mark.parametrize("token", ["", "lumen:", "lumen:wrong", "lumen:é"])
def test_a_form_without_its_token_does_nothing(
    browser: TestClient, app: Outreach, brand: BrandRef, token: str
) -> None:
    b.a_user(app, brand, "ada")
    logged_in(browser, "ada")
    assert browser.post("/logout", data={"csrf": token}, headers=OURS).status_code == 403


def test_a_user_of_two_brands_chooses_and_a_page_left_open_acts_for_the_brand_it_showed(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    user, second = b.a_user(app, brand, "ada"), b.a_brand(app, "second")
    third = b.a_brand(app, "third")
    with app.means.database.access() as tx:
        users.seat(tx, user, second, role="analyst", now=app.means.clock())
    logged_in(browser, "ada")
    old = csrf(browser, brand)
    chosen = browser.post("/session", data={"csrf": old, "to": "second"}, headers=OURS)
    assert chosen.status_code == 303
    assert browser.get("/", headers=HTML).status_code == 200
    assert browser.get("/why", headers=HTML).status_code == 403  # an analyst there
    assert browser.get("/why?brand=lumen", headers=HTML).status_code == 200
    mixed = old.replace("lumen:", "second:")
    assert browser.post("/logout", data={"csrf": mixed}, headers=OURS).status_code == 403
    for stray in (third.key, "nowhere"):
        assert browser.get(f"/?brand={stray}", headers=HTML).status_code == 404
        fields = {"csrf": csrf(browser, second), "to": stray}
        assert browser.post("/session", data=fields, headers=OURS).status_code == 404
    assert set(brands.directory(app.means.database)) >= {"lumen", "second", "third"}


@pytest.mark.parametrize(
    ("path", "form", "led"),
    [
        ("/templates", {"like": "product-news"}, "/templates/product-news?"),
        ("/desk/next", {}, "/desk?"),
        ("/choices", {"back": "/unsent?which=held", "theme": "dark"}, "/unsent?which=held&"),
    ],
)
def test_after_a_form_its_page_goes_on_with_the_brand_that_it_showed(
    browser: TestClient, app: Outreach, brand: BrandRef, path: str, form: dict[str, str], led: str
) -> None:
    """Another one was chosen in another window meanwhile."""
    user, second = b.a_user(app, brand, "ada"), b.a_brand(app, "second")
    with app.means.database.access() as tx:
        users.seat(tx, user, second, role="admin", now=app.means.clock())
    logged_in(browser, "ada")
    shown = csrf(browser, brand)
    browser.post("/session", data={"csrf": shown, "to": "second"}, headers=OURS)
    answer = browser.post(path, data=form | {"csrf": shown}, headers=OURS)
    assert answer.headers["location"].startswith(f"{led}brand=lumen")
    page = browser.get(answer.headers["location"], headers=HTML)
    assert (page.status_code, shown in page.text) == (200, True)
    other = browser.post(path, data=form | {"csrf": csrf(browser, second)}, headers=OURS)
    assert "brand=" not in other.headers["location"]


def test_who_has_no_seat_sees_nothing(browser: TestClient, app: Outreach, brand: BrandRef) -> None:
    user = b.a_user(app, brand, "ada")
    with app.means.database.access() as tx:
        users.unseat(tx, user, brand, now=app.means.clock())
    assert logged_in(browser, "ada") == 303
    page = browser.get("/", headers=HTML)
    assert page.status_code == 403
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    assert browser.post("/logout", data={"csrf": "else"}, headers=OURS).status_code == 403
    left = browser.post("/logout", data={"csrf": token.group(1)}, headers=OURS)
    assert left.headers["location"] == "/login"
    assert browser.get("/", headers=HTML).status_code == 303


@pytest.mark.parametrize(("role", "first"), [("client", "/planned"), ("agent", "/desk")])
def test_whoever_may_not_see_the_day_begins_at_their_first_screen(
    browser: TestClient, app: Outreach, brand: BrandRef, role: str, first: str
) -> None:
    b.a_user(app, brand, "ada", role=role)
    logged_in(browser, "ada")
    assert browser.get("/", headers=HTML).headers["location"] == first


def test_who_came_from_a_long_address_gets_in(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """To where they wanted to go, or, where even that is too long, to the first page."""
    b.a_user(app, brand, "ada")
    far = f"/why?q={'x' * 400}"
    for then, led in ((far, far), (far + "x" * 2000, "/")):
        fields = {"login": "ada", "password": b.PASSWORD, "then": then}
        assert browser.post("/login", data=fields, headers=OURS).headers["location"] == led


@pytest.mark.parametrize(
    "then", ["//evil.example", "https://evil.example", "/\\evil", "x", "/a\nb"]
)
def test_logging_in_leads_nowhere_else(
    browser: TestClient, app: Outreach, brand: BrandRef, then: str
) -> None:
    b.a_user(app, brand, "ada")
    fields = {"login": "ada", "password": b.PASSWORD, "then": then}
    assert browser.post("/login", data=fields, headers=OURS).headers["location"] == "/"


def test_a_key_still_opens_the_pages_of_its_brand(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    with app.means.database.begin(brand) as tx:
        key = keys.issue(tx, brand, name="old link")
    assert browser.get("/", headers=HTML | basic(key)).status_code == 200
    assert browser.get("/?brand=other", headers=HTML | basic(key)).status_code == 404


def test_over_plain_http_the_cookie_is_given_only_where_the_setting_says_so(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """A browser would not send a `Secure` one back."""
    b.a_user(app, brand, "ada")
    fields = {"login": "ada", "password": b.PASSWORD}
    stranger.post("/login", data=fields, headers=OURS | {"Origin": "http://testserver"})
    assert stranger.get("/", headers=HTML).status_code == 303


def test_what_somebody_asks_to_change_is_on_record_by_ids_alone(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """Before it is carried out, whether it succeeds or not; what is only looked at is not."""
    b.a_user(app, brand, "ada", role="lead")
    person = b.a_person(app, brand, "canary")
    logged_in(browser, "ada")
    shown = ids.shown(ids.PERSON, person.id)
    browser.get(f"/people/{shown}", headers=HTML)
    form = {"csrf": csrf(browser, brand), "zone": "Asia/Shanghai"}
    browser.post(f"/people/{shown}/zone", data=form, headers=OURS)
    browser.post(f"/people/{shown}/erase", data=form, headers=OURS)  # a lead may not
    with app.means.database.begin(brand) as tx:
        (record,) = audit.newest(tx)
    told = (record.by, record.role, record.deed, record.target)
    assert told == ("ada", "lead", "POST /people/{person}/zone", f"person={shown}")


@pytest.mark.parametrize(("role", "told"), [("lead", True), ("approver", False)])
def test_records_of_a_person_are_shown_only_to_whose_role_reads_them(
    browser: TestClient, app: Outreach, brand: BrandRef, role: str, *, told: bool
) -> None:
    b.a_person(app, brand, "c-1")
    r.tell(app, brand, r.an_event("order.paid", brand=brand, order="O-1"))
    b.a_user(app, brand, "ada", role=role)
    logged_in(browser, "ada")
    assert ("O-1" in browser.get("/why?q=c-1", headers=HTML).text) is told


@pytest.mark.parametrize(("role", "told"), [("lead", True), ("analyst", False)])
def test_the_first_page_names_persons_only_to_whose_role_reads_touches(
    browser: TestClient, app: Outreach, brand: BrandRef, role: str, *, told: bool
) -> None:
    b.a_campaign(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand)))
    b.a_user(app, brand, "ada", role=role)
    logged_in(browser, "ada")
    assert ("/why?q=tch_" in browser.get("/", headers=HTML).text) is told


def test_a_user_changes_their_own_password_knowing_the_one_they_have(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """Wrong ones change nothing and are counted; a change ends all sessions."""
    b.a_user(app, brand, "ada")
    logged_in(browser, "ada")
    wanted = "seven tall green lamps"
    fields = {"csrf": csrf(browser, brand), "brand": brand.key}

    def sent(password: str, again: str = wanted) -> int:
        told = fields | {"password": password, "wanted": wanted, "again": again}
        return browser.post("/me", data=told, headers=OURS).status_code

    assert "Another password" in browser.get("/me", headers=HTML).text
    assert sent("not this one at all") == 409
    assert sent(b.PASSWORD, again="something else") == 422
    assert sent(b.PASSWORD) == 303
    assert browser.get("/me", headers=HTML).status_code == 303
    assert logged_in(browser, "ada") == 401
    assert logged_in(browser, "ada", password=wanted) == 303


def test_a_strangers_body_is_read_no_further_than_a_form_needs(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """Whatever it holds and wherever it is sent; whoever is known may send more."""
    b.a_user(app, brand, "ada")
    for path in ("/session", "/login", "/choices"):
        fields = {"name": "x" * LARGEST_UNKNOWN}
        refused = browser.post(path, data=fields, headers=OURS)
        assert refused.status_code == 413
        browser.cookies.set("__Host-outreach", "guessed")
    browser.cookies.clear()
    assert logged_in(browser, "ada") == 303
    fields = {"csrf": csrf(browser, brand), "name": "x" * LARGEST_UNKNOWN}
    assert browser.post("/choices", data=fields, headers=OURS).status_code != 413


def test_a_large_body_is_looked_at_for_its_sender_once(
    browser: TestClient, app: Outreach, brand: BrandRef, key: str
) -> None:
    """A key that is wrong is nobody's, a right one may send what it has to."""
    sent = b'{"a": 1}' + b" " * LARGEST_UNKNOWN
    for given, status in ((key, 422), (f"{key}x", 413)):
        headers = {"Authorization": f"Bearer {given}", "Content-Type": "application/json"}
        answer = browser.post("/api/v1/cases", content=sent, headers=headers)
        assert answer.status_code == status, answer.text
