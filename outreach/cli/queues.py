"""Commands about queues."""

from pathlib import Path
from typing import Annotated

import typer

from outreach.callbacks import document, feeds, openings, queues, shifts
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, file_text, opened

cli = typer.Typer(no_args_is_help=True)

KeyArgument = Annotated[str, typer.Argument(help="Key of the queue.")]


@cli.command("check")
def check(files: Annotated[list[Path], typer.Argument(help="Documents of queues.")]) -> None:
    """Say what is wrong with these documents, line by line; ends with 2 if anything is."""
    for file in files:
        queue = document.read(file_text(file), file.name)
        answer(None, as_json=False, text=f"{file}: queue {queue.key}, {len(queue.agents)} agents")


@cli.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Documents of queues.")],
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """Keep these queues for the brand, in the place of those with the same keys."""
    sources = [(file.name, file_text(file)) for file in files]
    with opened() as app, app.means.database.begin(ref := app.brand(brand)) as tx:
        now = app.means.clock()
        kept = [queues.put(tx, ref, source, name=name, now=now).key for name, source in sources]
    answer({"queues": kept}, as_json=json, text=f"{brand}: {', '.join(kept)}")


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show the queues of the brand, who is on shift, and how many more calls they are given now."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        now = app.means.clock()
        known = queues.desk(tx).queues
        rooms = openings.rooms_of(tx, known, now=now)
    rows = [
        {
            "queue": queue.key, "order": queue.order, "agents": len(queue.agents),
            "on_shift": len(shifts.staff(queue, now)),
            "room": rooms[queue.key].calls if queue.key in rooms else None,
            "why": rooms[queue.key].why if queue.key in rooms else None,
        }
        for queue in known
    ]  # fmt: skip
    columns = ("queue", "order", "agents", "on_shift", "room", "why")
    answer_rows(rows, columns=columns, as_json=json, none="no queue: anybody may take any call")


@cli.command("show")
def show(key: KeyArgument, brand: BrandOption, json: JsonOption = False) -> None:
    """Show the agents of a queue, with the shift that runs or comes next, and the latest notes."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        now = app.means.clock()
        agents = queues.desk(tx).queue(key).agents
        notes = queues.handed_over(tx, key)
    rows = [
        {"agent": agent.key, "zone": agent.zone, "from": shift.next_at, "to": shift.closes_at}
        for agent in agents
        if (shift := shifts.of(agent, now))
    ]
    if json:
        answer({"agents": rows, "handovers": notes}, as_json=True)
        return
    columns = ("agent", "zone", "from", "to")
    answer_rows(rows, columns=columns, as_json=False, none="nobody is named: anybody may call")
    for note in notes:
        answer(None, as_json=False, text=f"{note.at:%Y-%m-%d %H:%M} {note.agent}: {note.note}")


@cli.command("retire")
def retire(key: KeyArgument, brand: BrandOption, json: JsonOption = False) -> None:
    """End a queue; its open calls go to whoever works for the brand."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        queues.retire(tx, key, now=app.means.clock())
    answer({"queue": key}, as_json=json, text=f"{key} is retired")


@cli.command("calendar")
def calendar(
    agent: Annotated[str, typer.Argument(help="Key of the agent.")],
    brand: BrandOption,
    revoke: Annotated[bool, typer.Option("--revoke", help="End the address instead.")] = False,
    json: JsonOption = False,
) -> None:
    """Give an agent's calendar a new secret address, shown this once; the one before it ends."""
    with opened() as app, app.means.database.begin(ref := app.brand(brand)) as tx:
        now = app.means.clock()
        if revoke:
            ended = feeds.revoke(tx, agent, now=now)
            answer({"revoked": ended}, as_json=json, text=f"{ended} addresses have ended")
            return
        address = feeds.issue(tx, ref, agent, now=now)
        shown = f"{app.settings.public_url.rstrip('/')}/calendar/{address}.ics"
    answer({"agent": agent, "address": shown}, as_json=json, text=shown)
