"""What do tests in a browser stand on? Our own web server in a thread, and Debian's Chromium.

`apt-get install -y chromium` installs it. Where it is missing these tests are skipped with a
notice; with `BROWSER=required` in the environment, as in CI, they fail. One browser a module.
"""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest
import uvicorn
from dramatiq.brokers.stub import StubBroker
from fastapi import FastAPI
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.hints import EVENTS_QUEUE, Hints
from outreach.web import cookies, server
from tests import builders

_MISSING = "there is no chromium: apt-get install -y chromium"


@dataclass(frozen=True)
class Site:
    """A running console of one brand, and what opens it."""

    app: Outreach
    brand: BrandRef
    url: str
    session: str


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for all tests of the module."""
    with browser() as launched:
        yield launched


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("BROWSER") == "required":
        pytest.fail(_MISSING)
    if path is None:
        pytest.skip(_MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def site(shared_app: Outreach) -> Iterator[Site]:
    """The console of a brand without anything in it yet."""
    brand = builders.a_brand(shared_app)
    app = replace(shared_app, settings=replace(shared_app.settings, login_over_http=True))
    session = builders.a_session(app, builders.a_user(app, brand))
    stub = StubBroker(middleware=[])
    stub.declare_queue(EVENTS_QUEUE)
    with served(server.create(app, Hints(stub))) as url:
        yield Site(app, brand, url, session)
    stub.close()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page of somebody who is let in; at the end, nothing may have gone wrong in the browser."""
    with visiting(chromium, site) as (opened, complaints):
        yield opened
        assert complaints == []


@contextmanager
def visiting(browser: Browser, site: Site, **options: object) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what the browser complains of: errors, dialogs, requests that lead elsewhere."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.add_cookies([{"name": cookies.SESSION, "value": site.session, "url": site.url}])
    context.set_default_timeout(60_000)
    opened, complaints = context.new_page(), list[str]()

    def asked(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(site.url).netloc:
            complaints.append(f"a request to {request.url}")

    def spoken(dialog: Dialog) -> None:
        if dialog.type == "alert":  # none of ours asks so
            complaints.append(f"a dialog: {dialog.message}")
            dialog.dismiss()

    opened.on("request", asked)
    opened.on("dialog", spoken)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    yield opened, complaints
    context.close()


@contextmanager
def served(web: FastAPI) -> Iterator[str]:
    """This application at an address of its own, until the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(web, log_config=None, access_log=False, lifespan="off")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    host, port = listening.getsockname()
    yield f"http://{host}:{port}"
    running.should_exit = True
    thread.join()
    listening.close()
