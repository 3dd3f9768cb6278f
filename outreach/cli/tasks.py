"""Commands about callbacks."""

from typing import Annotated

import typer

from outreach import ids
from outreach.callbacks import desk, store
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, opened

cli = typer.Typer(no_args_is_help=True)

Agent = Annotated[str, typer.Option(help="Who calls.")]


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show the calls that are owed; the number only to whoever takes one."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        owed = store.owed(tx)
    rows = [
        {
            "task": ids.shown(ids.TASK, task.id), "state": task.state, "holder": task.holder,
            "opened_at": task.opened_at, "useless_after": task.useless_after,
        }
        for task in owed
    ]  # fmt: skip
    columns = ("task", "state", "holder", "opened_at", "useless_after")
    answer_rows(rows, columns=columns, as_json=json, none="no call is owed")


@cli.command("take")
def take(agent: Agent, brand: BrandOption, json: JsonOption = False) -> None:
    """Take the next call that may be made now."""
    with opened() as app:
        task = desk.take(app.means, app.brand(brand), agent=agent)
    if task is None:
        answer(None, as_json=json, text="no call may be made now")
        return
    shown = ids.shown(ids.TASK, task.id)
    answer(
        {"task": shown, "number": task.number, "script": task.script},
        as_json=json,
        text=f"{shown}  {task.number}\n{task.script}",
    )


@cli.command("dial")
def dial(
    task: Annotated[str, typer.Argument(help="The task that was taken (tsk_…).")],
    agent: Agent,
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """Ask once more, just before dialling; exit code 2 means: do not dial."""
    with opened() as app:
        key = ids.read(ids.TASK, task)
        owed = desk.dial(app.means, app.brand(brand), key, agent=agent)
    said = {"task": task, "number": owed.number}
    answer(said, as_json=json, text=f"dial {owed.number} now")


@cli.command("close")
def close(
    task: Annotated[str, typer.Argument(help="The task that was taken (tsk_…).")],
    disposition: Annotated[str, typer.Argument(help="How it ended.")],
    agent: Agent,
    brand: BrandOption,
    note: str = "",
    json: JsonOption = False,
) -> None:
    """Say how the call ended: reached, no_answer, busy, voicemail, wrong_number or refused."""
    with opened() as app:
        key = ids.read(ids.TASK, task)
        ref = app.brand(brand)
        desk.close(app.means, ref, key, agent=agent, disposition=disposition, note=note)
    closed = {"task": task, "disposition": disposition}
    answer(closed, as_json=json, text=f"{task} is closed: {disposition}")
