"""Commands about users: who may log in, and in which role at which brand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Connection

from outreach.access import passwords, sessions, totp, users
from outreach.access.factors import sealed_as
from outreach.access.model import User
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, opened

cli = typer.Typer(no_args_is_help=True)

LoginArgument = Annotated[str, typer.Argument(help="The name with which they log in.")]
RoleOption = Annotated[str, typer.Option("--role", help="Their role there, of access/roles.yaml.")]
AskOption = Annotated[
    bool, typer.Option("--ask", help="Ask for the password; otherwise one is made and shown once.")
]


@cli.command("add")
def add(
    login: LoginArgument,
    brand: BrandOption,
    role: RoleOption,
    name: Annotated[str, typer.Option(help="What they are called.")] = "",
    ask: AskOption = False,
    json: JsonOption = False,
) -> None:
    """Add a user with a role at a brand; `seat` gives them more."""
    with opened() as app:
        ref, now = app.brand(brand), app.means.clock()
        password = _password(ask)
        with app.means.database.access() as tx:
            user = users.add(tx, login, name=name or login, password=password, now=now)
            users.seat(tx, user, ref, role=role, now=now)
    _told(login, password, shown=not ask, json=json)


@cli.command("list")
def list_(json: JsonOption = False) -> None:
    """Show every user, with their roles."""
    with opened() as app:
        named = {ref.id: key for key, ref in brands.directory(app.means.database).items()}
        with app.means.database.access() as tx:
            found = users.every(tx)
    rows = [
        {
            "login": one.user.login, "name": one.user.name,
            "roles": ", ".join(sorted(f"{named[at]}: {role}" for at, role in one.seats.items())),
            "second_factor": "yes" if one.second_factor else "no",
            "disabled_at": one.disabled_at,
        }
        for one in found
    ]  # fmt: skip
    columns = ("login", "name", "roles", "second_factor", "disabled_at")
    answer_rows(rows, columns=columns, as_json=json, none="no user yet; `outreach users add`")


@cli.command("seat")
def seat(
    login: LoginArgument, brand: BrandOption, role: RoleOption, json: JsonOption = False
) -> None:
    """Give a user a role at a brand, in place of the one they had there; ends their sessions."""
    with _user(login) as (app, tx, user):
        users.seat(tx, user, app.brand(brand), role=role, now=app.means.clock())
    told = {"login": login, "brand": brand, "role": role}
    answer(told, as_json=json, text=f"{login} is {role} at {brand}")


@cli.command("unseat")
def unseat(login: LoginArgument, brand: BrandOption, json: JsonOption = False) -> None:
    """Take a user's role at a brand away; ends their sessions."""
    with _user(login) as (app, tx, user):
        users.unseat(tx, user, app.brand(brand), now=app.means.clock())
    told = {"login": login, "brand": brand, "role": None}
    answer(told, as_json=json, text=f"{login} has no role at {brand} any more")


@cli.command("password")
def password_(login: LoginArgument, ask: AskOption = False, json: JsonOption = False) -> None:
    """Give a user another password; ends their sessions."""
    password = _password(ask)
    with _user(login) as (app, tx, user):
        users.set_password(tx, user, password, now=app.means.clock())
    _told(login, password, shown=not ask, json=json)


@cli.command("second-factor")
def second_factor(
    login: LoginArgument,
    off: Annotated[bool, typer.Option("--off", help="Take it away.")] = False,
    json: JsonOption = False,
) -> None:
    """Ask a user for a code at each login; shows, this once, the address for their app."""
    secret = "" if off else totp.fresh()
    with _user(login) as (app, tx, user):
        kept = app.sealing.seal(secret, of=sealed_as(user.id)) if secret else ""
        users.set_second_factor(tx, user, kept, now=app.means.clock())
    shown = totp.address(secret, login) if secret else f"{login} is asked for no code any more"
    answer({"login": login, "address": shown if secret else None}, as_json=json, text=shown)


@cli.command("disable")
def disable(login: LoginArgument, json: JsonOption = False) -> None:
    """Let a user in no more; ends their sessions at once."""
    with _user(login) as (app, tx, user):
        users.disable(tx, user, now=app.means.clock())
    answer({"login": login, "disabled": True}, as_json=json, text=f"{login} is let in no more")


@cli.command("enable")
def enable(login: LoginArgument, json: JsonOption = False) -> None:
    """Let a user in again."""
    with _user(login) as (_, tx, user):
        users.enable(tx, user)
    answer({"login": login, "disabled": False}, as_json=json, text=f"{login} may log in again")


@cli.command("sessions")
def sessions_(login: LoginArgument, json: JsonOption = False) -> None:
    """Show where a user is logged in."""
    with _user(login) as (app, tx, user):
        found = sessions.open_ones(tx, user.id, now=app.means.clock())
    rows = [
        {"began_at": s.began_at, "seen_at": s.seen_at, "address": s.address, "browser": s.browser}
        for s in found
    ]
    columns = ("began_at", "seen_at", "address", "browser")
    answer_rows(rows, columns=columns, as_json=json, none=f"{login} is not logged in")


@cli.command("logout")
def logout(login: LoginArgument, json: JsonOption = False) -> None:
    """End every session of a user."""
    with _user(login) as (app, tx, user):
        ended = sessions.end_all(tx, user.id, now=app.means.clock())
    answer({"login": login, "ended": ended}, as_json=json, text=f"{login}: {ended} sessions ended")


@contextmanager
def _user(login: str) -> Iterator[tuple[Outreach, Connection, User]]:
    with opened() as app, app.means.database.access() as tx:
        yield app, tx, users.get(tx, login).user


def _password(ask: bool) -> str:
    if not ask:
        return passwords.made()
    given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return given


def _told(login: str, password: str, *, shown: bool, json: bool) -> None:
    told = {"login": login} | ({"password": password} if shown else {})
    text = f"{login}\npassword, shown this once: {password}" if shown else f"{login} may log in"
    answer(told, as_json=json, text=text)
