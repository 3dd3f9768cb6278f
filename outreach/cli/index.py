"""Which words does the command line know, and which module answers to each?

A module is loaded when its word is said and not before: all of them together take seconds, and
whoever asks for the version, for help or for one command needs none of the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

# Each of these is a module here with commands under its name.
GROUPS: Mapping[str, str] = {
    "audit": "Who asked for which change.",
    "brands": "The businesses that this installation speaks for.",
    "campaigns": "What should happen, as documents.",
    "cases": "What is wrong, and whose work it is.",
    "channels": "Ways out, and what they can do.",
    "consent": "What a person agreed to, or took back.",
    "events": "Facts that happened.",
    "experiments": "Whether campaigns do what they are for.",
    "exports": "Rows of people that are taken out.",
    "holds": "Data that may not be let go of for now.",
    "hours": "When people may be contacted, and by which rules.",
    "ledger": "The account of every candidate.",
    "mirrors": "Other systems that show the calls.",
    "notices": "What staff are told in group chats.",
    "people": "Persons who may be contacted.",
    "receipts": "What is heard of messages afterwards.",
    "quality": "How good calls are.",
    "queues": "Agents who share calls.",
    "records": "Orders, parcels, contracts, cases.",
    "secrets": "What is kept sealed for others.",
    "reports": "What came of a month.",
    "sources": "Platforms that push what happens.",
    "surveys": "What is asked, and what the answers come to.",
    "tasks": "Calls that agents owe.",
    "templates": "What we say: wording, reading, length.",
    "touches": "Planned contacts.",
    "users": "Who may log in, and in which role.",
}


@dataclass(frozen=True, slots=True)
class Single:
    """A command without a group: the function of its name in this module."""

    module: str
    help: str
    settings: Mapping[str, bool] = field(default_factory=dict)


SINGLE: Mapping[str, Single] = {
    "explain": Single("touches", "Say why something was sent or not, and when it will be."),
    "why": Single(
        "touches",
        "Say what the gate would say of a contact that nobody planned, and what would change it.",
    ),
    "check": Single("checks", "Say what is installed, what is configured, and what is wrong."),
    "replay": Single(
        "replay",
        "Say who would get what, when, and who would not and why; nothing is sent or written.",
    ),
    "review": Single(
        "replay", "Make the page to be read before the newest version of a campaign goes live."
    ),
    "approved": Single(
        "replay", "Show who approved which version, and write the page that was seen last."
    ),
    "demo": Single(
        "servers", "Two brands, 300 people, two weeks of their lives in about a minute."
    ),
    "migrate": Single(
        "servers",
        "Bring the database to the newest version, as its owner (OUTREACH_OWNER_DATABASE_URL).",
    ),
    "web": Single("servers", "Serve the API and the pages."),
    "worker": Single("servers", "Work: Dramatiq's own command, set up as outreach needs it."),
    "ticker": Single("servers", "Look for what is due, and wake whoever deals with it."),
    "embedded": Single(
        "desk",
        "Run a command beside embedded PostgreSQL and Valkey: `outreach embedded -- COMMAND`.",
        {"allow_extra_args": True, "ignore_unknown_options": True},
    ),
}


class Index(TyperGroup):
    """All words, each standing in for what it loads when it is said."""

    def __init__(self, **given: Any) -> None:  # whatever Typer builds a group from
        known = dict(GROUPS) | {name: one.help for name, one in SINGLE.items()}
        super().__init__(**given)
        self.commands = {name: StandIn(name=name, help=help_) for name, help_ in known.items()}


class StandIn(TyperCommand):
    """A word that knows its name and its line of help; to run it is to load what it means."""

    def make_context(self, *given: Any, **more: Any) -> Any:  # as Click hands them on
        return self.meant().make_context(*given, **more)

    def meant(self) -> Any:
        """The command or group that it stands for, loaded."""
        return loaded(str(self.name))


@cache
def loaded(name: str) -> Any:
    """The command or group of this name, which says that it runs while it does."""
    from outreach.cli import recording  # noqa: PLC0415  # slow to load, as is what it records

    root = typer.Typer(add_completion=False)
    if (one := SINGLE.get(name)) is not None:
        root.command(name, context_settings=dict(one.settings))(getattr(_module(one.module), name))
    else:
        root.add_typer(_module(name).cli, name=name, help=GROUPS[name])
    recording.follow(root)
    return typer.main.get_group(root).commands[name]


def _module(name: str) -> Any:
    return import_module(f"outreach.cli.{name}")
