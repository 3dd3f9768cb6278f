"""What is written down of a command that changes something, before it is carried out?

Who ran it on the host, which command, and on what: ids and names of documents, never a name or an
address of a person. It stands in the chain of the brand that the command names; a deed for the
whole agency (a user, a secret) in the chain of every brand. `recorded.yaml` says which commands.
"""

import os
import pwd
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any

import typer
from pydantic import TypeAdapter

from outreach import documents
from outreach.app import Outreach
from outreach.audit import store, targets
from outreach.brands import store as brands
from outreach.db.engine import BrandRef

ROLE = "command"
_PAGE = Path(__file__).with_name("recorded.yaml")
_SHAPE: TypeAdapter[dict[str, list[str]]] = TypeAdapter(dict[str, list[str]])
# What tells on what a command acts; a text that somebody wrote is none of them.
_TELLING = frozenset(
    {
        "campaign",
        "case",
        "channel",
        "export",
        "hold",
        "kind",
        "key",
        "login",
        "queue",
        "ref",
        "role",
        "survey",
        "task",
        "touch",
    }
)


@dataclass(frozen=True, slots=True)
class Running:
    """The command that is running, by the words with which it is called, and what it was given."""

    command: str
    params: Mapping[str, object]


_running: ContextVar[Running | None] = ContextVar("running", default=None)


@cache
def listed() -> Mapping[str, frozenset[str]]:
    """The commands that are recorded, and those that are not."""
    read = documents.read(_PAGE.read_text("utf-8"), _SHAPE, name=_PAGE.name)
    return {name: frozenset(commands) for name, commands in read.items()}


def follow(group: typer.Typer, *above: str) -> None:
    """Have every command of the tree say that it is running, once all of them are there."""
    for one in group.registered_commands:
        called = str(one.name or getattr(one.callback, "__name__", ""))
        if one.callback is not None:
            one.callback = _saying(one.callback, " ".join((*above, called)))
    for under in group.registered_groups:
        if under.typer_instance is not None:
            follow(under.typer_instance, *above, str(under.name))


def note(app: Outreach) -> None:
    """Write down the command that is running, if it is one that is recorded."""
    running = _running.get()
    if running is None or running.command not in listed()["recorded"]:
        return
    for brand in _concerned(app, running.params.get("brand")):
        with app.means.database.begin(brand) as tx:
            store.append(
                tx, app.link_keys[0], brand, by=by(), role=ROLE,
                deed=f"outreach {running.command}", target=_target(brand, running.params),
                now=app.means.clock(),
            )  # fmt: skip


def _saying(callback: Callable[..., Any], command: str) -> Callable[..., Any]:
    @wraps(callback)
    def run(**params: object) -> Any:
        ours = _running.set(Running(command, params))
        try:
            return callback(**params)
        finally:
            _running.reset(ours)

    return run


def _concerned(app: Outreach, key: object) -> Iterable[BrandRef]:
    """No brand of that name is none: the command itself says so next."""
    known = brands.directory(app.means.database)
    return known.values() if key is None else [ref for ref in known.values() if ref.key == key]


def _target(brand: BrandRef, params: Mapping[str, object]) -> str:
    given = {n: v for n, v in params.items() if n in _TELLING and v is not None}
    return targets.of(brand, given)


def by() -> str:
    """Who runs the command: the account on the host."""
    number = os.getuid()
    try:
        return f"host:{pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"host:{number}"
