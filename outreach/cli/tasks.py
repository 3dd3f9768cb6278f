"""Commands about callbacks, and texts that agents copy."""

from typing import Annotated

import typer

from outreach import ids
from outreach.callbacks import desk, endings, promises, store
from outreach.callbacks.endings import Closing
from outreach.callbacks.model import Sort
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, opened
from outreach.errors import Invalid

cli = typer.Typer(no_args_is_help=True)

Agent = Annotated[str, typer.Option(help="Who calls.")]
Taken = Annotated[str, typer.Argument(help="The task that was taken (tsk_…).")]


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show the calls that are owed; the number only to whoever takes one."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        owed = store.owed(tx)
    rows = [
        {
            "task": ids.shown(ids.TASK, task.id), "kind": task.kind, "state": task.state,
            "holder": task.holder, "queue": task.queue, "due_at": task.due_at, "held": task.held,
            "attempts": task.attempts, "useless_after": task.useless_after,
        }
        for task in owed
    ]  # fmt: skip
    columns = (
        "task", "kind", "queue", "state", "holder", "due_at", "held", "attempts", "useless_after",
    )  # fmt: skip
    answer_rows(rows, columns=columns, as_json=json, none="no call is owed")


@cli.command("take")
def take(
    agent: Agent,
    brand: BrandOption,
    copy_: Annotated[bool, typer.Option("--copy", help="A text to copy, not a call.")] = False,
    json: JsonOption = False,
) -> None:
    """Take the next call that may be made now, or the next text to copy."""
    with opened() as app:
        kind: Sort = "copy" if copy_ else "call"
        task = desk.take(app.means, app.brand(brand), agent=agent, kind=kind)
    if task is None:
        none = "no text may be sent now" if copy_ else "no call may be made now"
        answer(None, as_json=json, text=none)
        return
    shown = ids.shown(ids.TASK, task.id)
    answer(
        {"task": shown, "number": task.number, "script": task.script},
        as_json=json,
        text=f"{shown}  {task.number}\n{task.script}",
    )


@cli.command("dial")
def dial(
    task: Taken,
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


@cli.command("copy")
def copy(
    task: Annotated[str, typer.Argument(help="The task that was taken (tsk_…).")],
    agent: Agent,
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """Ask once more, just before the text is pasted; exit code 2 means: do not send it."""
    with opened() as app:
        owed = desk.copy(app.means, app.brand(brand), ids.read(ids.TASK, task), agent=agent)
    said = {"task": task, "handle": owed.number, "text": owed.script}
    answer(said, as_json=json, text=f"{owed.number}\n{owed.script}")


@cli.command("close")
def close(
    task: Taken,
    disposition: Annotated[str, typer.Argument(help="How it ended.")],
    agent: Agent,
    brand: BrandOption,
    *,
    note: str = "",
    promised: Annotated[
        str | None, typer.Option(help="When to call, on the person's clock: 2026-11-12T10:30.")
    ] = None,
    only_me: Annotated[bool, typer.Option("--only-me", help="This agent calls then.")] = False,
    language: Annotated[str | None, typer.Option(help="That the person asks for.")] = None,
    number: Annotated[str | None, typer.Option(help="Another one of the person's.")] = None,
    answer_: Annotated[
        list[str] | None, typer.Option("--answer", help="What was answered: QUESTION=TEXT.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Say how the call ended, with a word of the queue's; for ten seconds it may be undone."""
    at = promises.local(promised) if promised else None
    closing = Closing(
        disposition, note=note, promised=at, only_me=only_me, language=language, number=number,
        answers=dict(_answer(one) for one in answer_ or ()),
    )  # fmt: skip
    with opened() as app:
        key = ids.read(ids.TASK, task)
        endings.close(app.means, app.brand(brand), key, agent=agent, closing=closing)
    closed = {"task": task, "disposition": disposition}
    answer(closed, as_json=json, text=f"{task} is closed: {disposition}")


@cli.command("undo")
def undo(
    task: Annotated[str, typer.Argument(help="The task whose call just ended (tsk_…).")],
    agent: Agent,
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """Take back how a call ended, within ten seconds."""
    with opened() as app:
        endings.undo(app.means, app.brand(brand), ids.read(ids.TASK, task), agent=agent)
    answer({"task": task}, as_json=json, text=f"{task} is {agent}'s again")


@cli.command("release")
def release(
    task: Taken,
    agent: Agent,
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """Give a task back to the others, as long as nobody dialled."""
    with opened() as app:
        desk.release(app.means, app.brand(brand), ids.read(ids.TASK, task), agent=agent)
    answer({"task": task}, as_json=json, text=f"{task} waits for anybody")


def _answer(written: str) -> tuple[str, str]:
    question, sign, said = written.partition("=")
    if not sign:
        raise Invalid(f"{written!r} is no answer: write QUESTION=TEXT")
    return question.strip(), said.strip()
