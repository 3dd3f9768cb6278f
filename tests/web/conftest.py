"""What do tests of the web stand on? A client of the real application, and a brand with a key."""

import base64
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from dramatiq.brokers.stub import StubBroker

from outreach.access import keys
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.hints import EVENTS_QUEUE, Hints
from outreach.web import server
from tests import builders

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # httpx serves; starlette would rather have its successor
    from fastapi.testclient import TestClient


Login = Callable[[str, str], TestClient]


@pytest.fixture
def broker() -> Iterator[StubBroker]:
    """Where hints go; `queues["events"]` holds those that nobody has taken."""
    stub = StubBroker(middleware=[])
    stub.declare_queue(EVENTS_QUEUE)
    yield stub
    stub.close()


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return builders.a_brand(app)


@pytest.fixture
def key(app: Outreach, brand: BrandRef) -> str:
    with app.means.database.begin(brand) as tx:
        return keys.issue(tx, brand, name="tests")


@pytest.fixture
def stranger(app: Outreach, broker: StubBroker) -> Iterator[TestClient]:
    """A client without a key."""
    with TestClient(server.create(app, Hints(broker)), follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(app: Outreach, broker: StubBroker, key: str) -> Iterator[TestClient]:
    """A client that sends the brand's key."""
    headers = {"Authorization": f"Bearer {key}"}
    web = server.create(app, Hints(broker))
    with TestClient(web, headers=headers, follow_redirects=False) as client:
        yield client


@pytest.fixture
def console(app: Outreach, broker: StubBroker, key: str) -> Iterator[TestClient]:
    """A browser whose user gave the brand's key, and whose forms stand on pages of ours."""
    given = base64.b64encode(f"anybody:{key}".encode()).decode()
    headers = {
        "Authorization": f"Basic {given}", "Accept": "text/html", "Origin": "http://testserver"
    }  # fmt: skip
    web = server.create(app, Hints(broker))
    with TestClient(web, headers=headers, follow_redirects=False) as client:
        yield client


@pytest.fixture
def browser(app: Outreach, broker: StubBroker, key: str) -> Iterator[TestClient]:
    """A browser whose user has given the key, and whose forms stand on our own pages."""
    headers = {"Accept": "text/html", "Origin": "http://testserver"}
    web = server.create(app, Hints(broker))
    with TestClient(web, headers=headers) as client:
        client.auth = ("anybody", key)
        yield client


@pytest.fixture
def login(app: Outreach, brand: BrandRef, broker: StubBroker) -> Iterator[Login]:
    """A browser of a new user in a role, whose forms stand on our own pages."""
    with ExitStack() as stack:

        def logged_in(name: str, role: str) -> TestClient:
            token = builders.a_session(app, builders.a_user(app, brand, name, role=role))
            headers = {"Accept": "text/html", "Origin": "https://testserver"}
            web = server.create(app, Hints(broker))
            client = TestClient(web, base_url="https://testserver", headers=headers)
            client.cookies.set("__Host-outreach", token)
            return stack.enter_context(client)

        yield logged_in
