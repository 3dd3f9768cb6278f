"""What is let go of, when is it old, whose is it, and what stays of it?

One page for whoever lets go and for whoever counts. Under `deleted` rows go, under anything else
they are emptied: a task stays, as the touch does, and an event has happened. Only what has ended
goes: an attempt without a known outcome may still be settled by a late receipt, and an end is
proven by its attempt (`reports.reconcile`) until its day has come.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.brands.terms import Term

DELETED = "deleted"
_PERSONAL = "jsonb_exists(a.data, 'sealed:2')"  # as `db.sealed.PARTS` names it
_STRIPPED = "data = a.data - 'sealed:2'"
_ENDED = """exists (
    select from outreach.touches t where t.brand_id = a.brand_id and t.id = a.touch_id
    and t.settled_at < :before)"""
_OF_TASK = """a.task_id <> all(array(
    select t.id from outreach.tasks t where t.person_id = any(:persons)))"""
_OF_REPLY = """a.reply_id <> all(array(
    select r.id from outreach.replies r where r.person_id = any(:persons)))"""
_OF_PERSON = "a.person_id <> all(:persons)"
_OF_TOUCH = "a.touch_id <> all(:touches)"


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of a table: under which term, which of them are old, and what becomes of those.

    `spared` is what holds of rows that no legal hold covers, by `:persons` and their `:touches`.
    `since`, if a kind has it, is the column by which a sweep begins where the last one ended, and
    walks a day at a time: no tree leads to what it has yet to empty, and what it has emptied stays.
    The others that are emptied have such a tree in `db.schema`, each by the words of its `old`.
    """

    table: str
    term: Term
    old: str
    spared: str = "true"
    becomes: str = DELETED
    since: str | None = None


KINDS: Mapping[str, Kind] = {
    "verdicts": Kind("verdicts", "ledger", "a.at < :before", _OF_TOUCH),
    "attempts": Kind(
        "attempts", "ledger",
        f"a.started_at < :before and a.outcome in ('accepted', 'refused') and {_ENDED}", _OF_TOUCH,
    ),
    "receipts": Kind("receipts", "ledger", f"a.at < :before and {_ENDED}", _OF_TOUCH),
    "settlements": Kind("settlements", "ledger", "a.at < :before", _OF_TOUCH),
    "contacts": Kind("contacts", "ledger", "a.at < :before", _OF_TOUCH),
    "tasks": Kind(
        "tasks", "calls",
        "a.closed_at < :before and (a.number <> '' or a.script <> '' or a.note is not null)",
        _OF_PERSON, "number = '', other_number = null, script = '', note = null",
    ),
    "calls": Kind(
        "calls", "calls",
        "a.settled_at < :before and (a.note is not null or a.answers <> '{}' or a.said <> '{}')",
        _OF_TASK, "note = null, answers = '{}', said = '{}'",
    ),
    "scores": Kind("scores", "calls", "a.at < :before and a.note <> ''", _OF_TASK, "note = ''"),
    "replies": Kind(
        "replies", "replies", "a.at < :before and a.text <> ''", _OF_PERSON, "text = ''"
    ),
    "reply_scores": Kind(
        "reply_scores", "replies", "a.at < :before and a.note <> ''", _OF_REPLY, "note = ''"
    ),
    "case_notes": Kind(
        "case_notes", "cases", "a.at < :before and a.note <> ''", _OF_PERSON, "note = ''"
    ),
    "events": Kind(
        "events", "events",
        f"""a.received_at < :before and a.type <> 'survey.answered' and {_PERSONAL}
            and a.state <> 'pending'""",
        _OF_PERSON, _STRIPPED, since="received_at",
    ),
    "comments": Kind(
        "events", "comments",
        f"a.occurred_at < :before and a.type = 'survey.answered' and {_PERSONAL}",
        _OF_PERSON, _STRIPPED,  # one that is told late is old already: nothing begins anywhere
    ),
    "messages": Kind(
        "inbox", "messages", "a.received_at < :before and a.state <> 'pending'",
        "not a.people && :persons",
    ),
    "handovers": Kind(
        "handovers", "handovers", "a.at < :before and a.note <> ''", becomes="note = ''"
    ),
    "exports": Kind("exports", "exports", "a.asked_at < :before"),
}  # fmt: skip
