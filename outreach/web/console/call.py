"""What does an agent have to know for one call, or one text to copy, and how did it end?

`/desk/{task}`. A number is masked until it is dialled, and a handle until the text is copied, which
writes the contact down: that is the record of who saw it.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import Connection

from outreach import ids
from outreach.brands import store as brands
from outreach.callbacks import card, desk, endings, promises, queues, settling, slots, store
from outreach.callbacks.card import Card
from outreach.callbacks.endings import Closing
from outreach.callbacks.model import Task
from outreach.campaigns.triggers import EventTrigger
from outreach.dispatch.means import Means
from outreach.errors import CallerError, Conflict, Invalid, NotFound
from outreach.inbound import cases
from outreach.inbound.cases import Raised
from outreach.reports import records
from outreach.web.console.posted import Posted
from outreach.web.console.seat import Seat, Seated, Working, named_ending
from outreach.web.console.shell import Screen
from outreach.web.masking import masked

router = APIRouter(include_in_schema=False)

_IN_HAND = frozenset({"taken", "ended"})
_ANSWER = "answer."
_RECORDS = 12  # lines that an agent can take in


@router.api_route("/desk/{task}", methods=["GET", "HEAD"])
def show_task(seat: Seated, task: str) -> Response:
    """The card of a call that this agent has in hand; of another they see nothing."""
    return _card_page(seat, ids.read(ids.TASK, task))


def _card_page(
    seat: Seat, task: UUID, *, said: Mapping[str, str] | None = None, wrong: str = ""
) -> Response:
    visitor = seat.screen.visitor
    now = visitor.means.clock()
    with visitor.begin() as tx:
        found = store.get(tx, task)
        if found is None or found.holder != seat.agent or found.state not in _IN_HAND:
            raise NotFound("that call is not in your hands; take the next one")
        told = card.of(tx, visitor.means, found, now=now)
        brand, known = brands.get(tx), queues.desk(tx)
        times = _times(tx, seat, found, now)
        follows = _follows(tx, visitor.means, seat.screen)
        on_record = records.of_person(tx, found.person_id, language=seat.screen.language)
    return seat.screen.page(
        "desk_copy" if found.kind == "copy" else "desk_task",
        brand,
        status=422 if wrong else 200,
        seat=seat,
        card=told,
        task=found,
        number=_number(told),
        endings=list(known.queue(found.queue).endings.values()),
        named=lambda one: seat.screen.called(one.name),
        times=times,
        follows=follows,
        topics=list(cases.TOPICS),
        records=[one.sentence for one in on_record[:_RECORDS]],
        ended=lambda key: named_ending(known, found, key, seat.screen),
        said=said or {},
        wrong=wrong,
        undoable=endings.UNDO.seconds,
    )


def _follows(tx: Connection, means: Means, screen: Screen) -> list[str]:
    """The campaigns that a call which has ended may begin, by name."""
    return [
        screen.called(version.campaign.name)
        for version in means.book.running(tx)
        if isinstance(version.campaign.trigger, EventTrigger)
        and version.campaign.trigger.event == settling.TYPE
    ]


def _number(told: Card) -> str:
    """Nobody reads a number whom they do not call."""
    task = told.task
    return task.number if task.dialled_at else masked(task.identity("").kind, task.number)


def _times(tx: Connection, seat: Seat, task: Task, now: datetime) -> list[datetime]:
    """When a call may be promised, on the person's clock; none where nobody knows their zone."""
    if task.state != "taken" or task.kind != "call":
        return []
    try:
        book = promises.bookable(tx, seat.screen.visitor.means, task, now=now)
    except Conflict:
        return []
    return [slots.wall(at, book.zone) for at in book.after(now)]


@router.post("/desk/{task}/dial")
def dial_task(seat: Working, task: str) -> Response:
    """Ask once more, then show the number; the attempt counts from this instant."""
    visitor, key = seat.screen.visitor, ids.read(ids.TASK, task)
    try:
        desk.dial(visitor.means, visitor.brand, key, agent=seat.agent)
    except Conflict:
        return seat.see(seat.home, "do_not_dial")
    return seat.see(seat.at(key))


@router.post("/desk/{task}/copy")
def copy_task(seat: Working, task: str) -> Response:
    """Ask once more, then show in whose chat the text is pasted; the attempt counts from then."""
    visitor, key = seat.screen.visitor, ids.read(ids.TASK, task)
    try:
        desk.copy(visitor.means, visitor.brand, key, agent=seat.agent)
    except Conflict:
        return seat.see(seat.home, "do_not_paste")
    return seat.see(seat.at(key), "copied")


@router.post("/desk/{task}/release")
def release_task(seat: Working, task: str) -> Response:
    """Give a call back to the others."""
    visitor, key = seat.screen.visitor, ids.read(ids.TASK, task)
    desk.release(visitor.means, visitor.brand, key, agent=seat.agent)
    return seat.see(seat.home, "given_back")


@router.post("/desk/{task}/keep")
def keep_task(seat: Working, task: str) -> Response:
    """Hold a call for another lease: a conversation takes as long as it takes."""
    visitor, key = seat.screen.visitor, ids.read(ids.TASK, task)
    desk.keep(visitor.means, visitor.brand, key, agent=seat.agent)
    return seat.see(seat.at(key), "kept")


@router.post("/desk/{task}/close")
def close_task(seat: Working, task: str, form: Posted) -> Response:
    """How the call ended. What is missing is said, and what was written stands in the form.

    The form's first button, which Enter in a field presses, names no ending, and so ends nothing.
    """
    visitor, key = seat.screen.visitor, ids.read(ids.TASK, task)
    try:
        closing = _closing(form)
        endings.close(visitor.means, visitor.brand, key, agent=seat.agent, closing=closing)
    except Conflict as error:
        return _still_held(seat, key, form, error)
    except Invalid as error:
        return _card_page(seat, key, said=form, wrong=error.sentence)
    return seat.see(seat.at(key), "call_ended")


def _still_held(seat: Seat, key: UUID, form: Mapping[str, str], refused: Conflict) -> Response:
    """The card with what was written, or the refusal where the call is in other hands by now."""
    try:
        return _card_page(seat, key, said=form, wrong=refused.sentence)
    except NotFound:
        raise refused from None


@router.post("/desk/{task}/case")
def raise_case(seat: Working, task: str, form: Posted) -> Response:
    """What is wrong becomes a case, or is written to the one that is open about it."""
    visitor, key = seat.screen.visitor, ids.read(ids.TASK, task)
    with visitor.begin() as tx:
        person = desk.held(tx, key, seat.agent).person_id
    raised = Raised(form.get("topic", ""), seat.agent, form.get("what", "").strip())
    _, before = cases.raise_case(visitor.means, visitor.brand, person, raised)
    visitor.wake()
    return seat.see(seat.at(key), "case_joined" if before else "case_raised")


@router.post("/desk/{task}/undo")
def undo_task(seat: Working, task: str) -> Response:
    """Take back how the call ended, within ten seconds; a refusal is not taken back."""
    visitor, key = seat.screen.visitor, ids.read(ids.TASK, task)
    try:
        endings.undo(visitor.means, visitor.brand, key, agent=seat.agent)
    except CallerError:
        return seat.see(seat.home, "not_undone")
    return seat.see(seat.at(key), "undone")


def _closing(form: Mapping[str, str]) -> Closing:
    """Raises `Invalid` where nothing says how it ended, or a time cannot be read."""
    if not form.get("disposition"):
        raise Invalid("say how the call ended")
    return Closing(
        form["disposition"],
        note=form.get("note", "").strip(),
        promised=_time(form.get("promised", "")),
        only_me="only_me" in form,
        language=form.get("language", "").strip() or None,
        number=form.get("number", "").strip() or None,
        answers={
            name.removeprefix(_ANSWER): value
            for name, value in form.items()
            if name.startswith(_ANSWER) and value.strip()
        },
    )


def _time(written: str) -> datetime | None:
    """A wall time on the person's clock."""
    try:
        return datetime.fromisoformat(written) if written else None
    except ValueError as error:
        raise Invalid(f"{written!r} is no time, such as 2026-11-12T09:30") from error
