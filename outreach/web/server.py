"""How is the web process put together and started?  `outreach web`"""

import os
import signal
import socket
import sys
from functools import cache

import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from outreach import hints as wake_ups
from outreach import logs, tidying, tracing
from outreach.app import Outreach, build
from outreach.errors import Misconfigured
from outreach.hints import Hints
from outreach.settings import Settings
from outreach.web import (
    alone,
    assets,
    auth,
    back,
    calendar,
    login,
    login_elsewhere,
    metrics,
    mirrors,
    preferences,
    problems,
    public,
    rights,
    sources,
    surveys,
)
from outreach.web.api import (
    audiences,
    campaigns,
    cases,
    consents,
    events,
    explain,
    exports,
    health,
    hours,
    legal_holds,
    people,
    quality,
    queues,
    receipts,
    reconcile,
    records,
    replays,
    replies,
    reports,
    tasks,
    touches,
)
from outreach.web.api import surveys as survey_reports
from outreach.web.auth import Door
from outreach.web.body import Bounded
from outreach.web.console import screens
from outreach.web.containment import Contained

PREFIX = rights.API
# Records and consents before people, whose names may hold a slash and would take in what follows.
_NOUNS = (
    events, records, consents, people, touches, explain, reconcile, campaigns, audiences, tasks,
    legal_holds, queues, quality, cases, exports, hours, replies, replays, survey_reports, reports,
    receipts, health,
)  # fmt: skip
_BACKLOG = 2048


def create(app: Outreach, hints: Hints) -> FastAPI:
    """The web application over this one; nothing is connected to yet."""
    web = FastAPI(
        title="outreach",
        version="1",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    door = web.state.door = Door(app, hints)
    web.state.alone = alone.groups(door)
    web.state.listening = sources.Listening(app)
    web.state.arriving = sources.groups(door)
    web.add_middleware(Bounded, known=auth.recognized)
    web.add_middleware(Contained)  # added last: it surrounds the rest
    problems.install(web)
    web.router.routes.extend([events.ONE, sources.PUSHED, *_routes()])
    assets.mount(web)
    return web


def main() -> None:
    """Serve until told to stop. Raises `Misconfigured` when it cannot start."""
    settings = Settings.read(os.environ)
    logs.begin(settings.log)
    tracing.begin(settings.traces, service="web")
    app = build(settings)
    hints = Hints(wake_ups.open_broker(settings.redis_url))
    listening = listen(settings.host, settings.port)
    sys.stderr.write(f"outreach listens on {address(listening)}\n")
    sys.stderr.write("log in there as a user; `outreach users add` makes the first\n")
    sys.stderr.flush()
    web = create(app, hints)
    settle_down()
    _serve(web, listening)
    app.close()


def settle_down() -> None:
    """Let the process be as one that serves: once all is loaded, before the first request."""
    tidying.spare_what_stays()
    tidying.take_short_turns()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises `Misconfigured`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise Misconfigured(
            f"cannot listen on {host} port {port} ({error.strerror}): "
            "choose others with OUTREACH_HOST and OUTREACH_PORT"
        ) from error


def address(listening: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _serve(web: FastAPI, listening: socket.socket) -> None:
    """Ends with what is under way; our own log tells routes, uvicorn's would tell addresses."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises it once more when it has ended
    config = uvicorn.Config(
        web,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=10,
    )
    uvicorn.Server(config).run(sockets=[listening])


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Every route, worked out once a process: to read the types of them all takes its time."""
    drawn = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, generate_unique_id_function=_operation_id
    )
    outside = (
        metrics,
        calendar,
        mirrors,
        sources,
        back,
        public,
        preferences,
        surveys,
        login,
        login_elsewhere,
    )
    for router in (_api(), *(one.router for one in outside), *screens.ROUTERS):
        drawn.include_router(router)
    return tuple(drawn.routes)


def _api() -> APIRouter:
    api = APIRouter(prefix=PREFIX, responses=problems.RESPONSES)
    for noun in _NOUNS:
        api.include_router(noun.router)
    return api


def _operation_id(route: APIRoute) -> str:
    return route.name
