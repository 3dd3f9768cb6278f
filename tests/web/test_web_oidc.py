"""Does whoever another system vouches for get in, and nobody whom its answer does not prove?"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient
from httpx import Response
from joserfc import jwk, jwt

from outreach import app as application
from outreach.access import totp, users
from outreach.access.factors import sealed_as
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.hints import Hints
from outreach.settings import Secret
from outreach.web import server
from tests import builders as b
from tests.web.oidc_provider import Claims, Provider

SITE = "https://testserver"
MAIL = "ada@firm.example"


@pytest.fixture(scope="module")
def truthful() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.close()


@pytest.fixture
def provider(truthful: Provider) -> Provider:
    truthful.claims, truthful.sign = (lambda told: told), truthful.signed
    return truthful


@pytest.fixture(scope="module")
def brand(shared_app: Outreach) -> BrandRef:
    found = b.a_brand(shared_app)
    b.a_user(shared_app, found, MAIL)
    return found


@pytest.fixture
def browser(
    shared_app: Outreach, brand: BrandRef, provider: Provider, broker: StubBroker
) -> Iterator[TestClient]:
    """A browser at an installation where people log in by the provider."""
    settings = replace(
        shared_app.settings, oidc_issuer=provider.issuer, oidc_client="ours",
        oidc_secret=Secret("s3cret"), public_url=SITE,
    )  # fmt: skip
    app = application.build(settings)
    with TestClient(server.create(app, Hints(broker)), base_url=SITE, follow_redirects=False) as c:
        yield c
    app.close()


def sent_away(browser: TestClient, then: str = "/why") -> tuple[str, str]:
    """To which address of the provider, and in which state."""
    away = browser.get("/login/elsewhere", params={"then": then}).headers["location"]
    return away, parse_qs(urlsplit(away).query)["state"][0]


def back(browser: TestClient, provider: Provider, **who: object) -> Response:
    """All the way there and back."""
    away, state = sent_away(browser)
    code = provider.asked(away, **({"mail": MAIL} | who))  # type: ignore[arg-type]
    return browser.get("/login/back", params={"code": code, "state": state})


def let_in(answer: Response) -> bool:
    got = any(c.startswith("__Host-outreach=") for c in answer.headers.get_list("set-cookie"))
    assert got == (answer.status_code == 303), answer.text
    return got


def test_who_is_vouched_for_goes_on_to_where_they_wanted(
    browser: TestClient, provider: Provider
) -> None:
    """By code and PKCE; the question's cookie is gone and the session works."""
    answer = back(browser, provider, mail="Ada@Firm.example")
    assert (let_in(answer), answer.headers["location"]) == (True, "/why")
    assert "__Host-outreach-asked" not in browser.cookies
    assert browser.get("/", headers={"Accept": "text/html"}).status_code == 200


def test_the_second_factor_is_the_other_systems(
    browser: TestClient, provider: Provider, shared_app: Outreach, brand: BrandRef
) -> None:
    """A code of ours is not asked for as well."""
    user = b.a_user(shared_app, brand, "bob@firm.example")
    kept = shared_app.sealing.seal(totp.fresh(), of=sealed_as(user.id))
    with shared_app.means.database.access() as tx:
        users.set_second_factor(tx, user, kept, now=shared_app.means.clock())
    assert let_in(back(browser, provider, mail="bob@firm.example"))


def test_a_disabled_user_and_a_stranger_are_answered_alike(
    browser: TestClient, provider: Provider, shared_app: Outreach, brand: BrandRef
) -> None:
    user = b.a_user(shared_app, brand, "eve@firm.example")
    with shared_app.means.database.access() as tx:
        users.disable(tx, user, now=shared_app.means.clock())
    answers = [back(browser, provider, mail=f"{name}@firm.example") for name in ("eve", "nobody")]
    assert [let_in(one) for one in answers] == [False, False]
    assert answers[0].text == answers[1].text


def _unsigned(provider: Provider, claims: Claims) -> str:
    parts = ({"alg": "none", "kid": "one"}, claims)
    coded = [urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts]
    return ".".join([*coded, ""])


def _confused(provider: Provider, claims: Claims) -> str:
    """Signed by HMAC with the published key as if it were a secret."""
    parts = ({"alg": "HS256", "kid": "one"}, claims)
    coded = [urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts]
    shared = provider.key.as_pem(private=False)
    made = hmac.digest(shared, ".".join(coded).encode(), hashlib.sha256)
    return ".".join([*coded, urlsafe_b64encode(made).rstrip(b"=").decode()])


def _of_another(provider: Provider, claims: Claims) -> str:
    return jwt.encode({"alg": "ES256", "kid": "one"}, claims, jwk.ECKey.generate_key("P-256"))


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": ["ours", "another"]},
        {"azp": "another"}, {"iss": "https://evil.example"}, {"exp": 1773143000}, {"exp": None},
        {"email_verified": "true"}, {"email_verified": False}, {"email": None},
        {"iat": 1773149999}, {"exp": "soon"},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_with_another_claim_proves_nothing(
    browser: TestClient, provider: Provider, lie: Claims
) -> None:
    """Another question, another audience, another issuer, another time, an unverified address."""
    provider.claims = lambda told: {k: v for k, v in (told | lie).items() if v is not None}
    assert not let_in(back(browser, provider))


@pytest.mark.parametrize("sign", [_unsigned, _confused, _of_another, lambda *_: "none.of.it"])
def test_a_token_that_is_not_signed_by_the_issuer_proves_nothing(
    browser: TestClient, provider: Provider, sign: Callable[[Provider, Claims], str]
) -> None:
    provider.sign = lambda claims: sign(provider, claims)
    assert not let_in(back(browser, provider))


def test_an_answer_to_another_browser_or_twice_or_in_another_state_opens_nothing(
    browser: TestClient, provider: Provider
) -> None:
    """Who is lured to a stranger's answer has asked nothing, so they are not logged in as them."""
    away, state = sent_away(browser)
    code = provider.asked(away, mail=MAIL)
    asked = browser.cookies["__Host-outreach-asked"]
    assert not let_in(browser.get("/login/back", params={"code": code, "state": "another"}))
    browser.cookies.clear()
    given = {"code": code, "state": state}
    assert not let_in(browser.get("/login/back", params=given))
    forged = {"Cookie": "__Host-outreach-asked={}"}
    assert not let_in(browser.get("/login/back", params=given, headers=forged))
    kept = {"Cookie": f"__Host-outreach-asked={asked}"}
    assert let_in(browser.get("/login/back", params=given, headers=kept))
    assert not let_in(browser.get("/login/back", params=given, headers=kept))  # the code is used


def test_without_such_a_system_there_is_no_such_way_in(stranger: TestClient) -> None:
    assert stranger.get("/login/elsewhere").status_code == 404
    assert "/login/elsewhere" not in stranger.get("/login").text
