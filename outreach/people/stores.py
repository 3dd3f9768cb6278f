"""Where is something of a person kept, how are those rows found, and what of them is forgotten?

One page for whoever hands out what is kept of a person (GDPR articles 15 and 20) and for whoever
forgets it (article 17). A test reads the catalogue of the database and fails for a table that this
page does not name, so that neither of them can overlook one. What stays after a person was
forgotten is ids, numbers, instants and keyed hashes: the account of what was done must still close.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.people.known_by import KNOWN_BY

_TOUCHES = """(select t.id from outreach.enrolments n join outreach.touches t
    on t.brand_id = n.brand_id and t.enrolment_id = n.id where n.person_id = :person)"""
_OWN = "person_id = :person"
_OF_TOUCH = f"touch_id in {_TOUCHES}"
_OF_TASK = "task_id in (select id from outreach.tasks where person_id = :person)"
_OF_ORDER = "order_key in (select key from outreach.orders where person_id = :person)"
_OF_PARCEL = "parcel_key in (select key from outreach.parcels where person_id = :person)"
_OF_ADDRESS = f"""address_hash in
    (select k.hash from {KNOWN_BY} k where k.person_id = :person)"""
_OF_REPLY = "reply_id in (select id from outreach.replies where person_id = :person)"

DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Store:
    """The rows of a table that are about a person, and what forgetting them does to these rows.

    `whose` is a condition in SQL with `:person`, the person's id. `forgotten` is `DELETED`, what is
    set in its place (with `:now`), or nothing where a row holds no more than ids, words from lists,
    numbers and instants.
    """

    whose: str
    forgotten: str = ""


STORES: Mapping[str, Store] = {
    # Who they are. The person goes before the addresses by which others of these rows are found.
    "persons": Store(
        "id = :person",
        """ref = 'erased ' || id, name = '', locale = null, zone = null, country = null,
           subdivision = null, postcode = null, point_zone = null, tags = '{}',
           updated_at = now()""",
    ),
    "contacts": Store(_OF_ADDRESS),
    "holds": Store(_OF_ADDRESS),
    "addresses": Store(_OWN, DELETED),
    "former_hashes": Store(_OWN, DELETED),
    "dates": Store(_OWN, "falls_on = null, month_day = null, about = '{}', told_at = :now"),
    # What happened to them, and what events say of their things.
    "events": Store(_OWN, "data = '{}', subject = ''"),
    "inbox": Store(":person = any(people)", DELETED),
    "orders": Store(_OWN, "number = null"),
    "order_lines": Store(_OF_ORDER),
    "parcels": Store(_OWN),
    "parcel_names": Store(_OF_PARCEL),
    "registrations": Store(_OWN),
    "contracts": Store(_OWN),
    "inquiries": Store(_OWN),
    "deaths": Store(_OWN),
    "cases": Store(_OWN),
    "case_work": Store(_OWN),
    "case_notes": Store(_OWN, "note = ''"),
    "replies": Store(_OWN, "text = ''"),
    "reply_scores": Store(_OF_REPLY, "note = ''"),
    # What was planned and what became of it. What providers said of it may name an address.
    "enrolments": Store(_OWN),
    "waits": Store(_OWN),
    "touches": Store(_OWN),
    "verdicts": Store(_OF_TOUCH),
    "attempts": Store(_OWN, "detail = null"),
    "receipts": Store(_OF_TOUCH, "detail = null"),
    "settlements": Store(_OF_TOUCH, "detail = null"),
    "unheard": Store(_OF_TOUCH, "said = ''"),
    "entrusted": Store(_OF_TOUCH),
    "costs": Store(_OF_TOUCH),
    # Why their data may not be let go of for now, and that they are to be.
    "legal_holds": Store(_OWN, "reason = ''"),
    "pending_erasures": Store(_OWN),
    # What somebody asked to take out, and has not fetched yet.
    "export_rows": Store(f"row_id = :person or row_id in {_TOUCHES}", DELETED),
    # Calls, and what agents read and wrote.
    "calls": Store(_OF_TASK, "note = null, answers = '{}', said = '{}'"),
    "scores": Store(_OF_TASK, "note = ''"),
    "mirrored": Store(_OF_TASK, "failure = null"),
    "tasks": Store(
        _OWN,
        """number = '', other_number = null, script = '', note = null, look_at = null,
           state = case when state in ('open', 'taken') then 'withdrawn' else state end,
           closed_at = coalesce(closed_at, :now)""",
    ),
}

# Tables that hold nothing of a person, each with what it does hold.
OF_NOBODY: Mapping[str, str] = {
    "accounts": "accounts at providers",
    "api_keys": "machines of the brand",
    "approvals": "who let which version go live",
    "audit": "who asked for which change: ids alone, and never changed",
    "brands": "the brand",
    "campaigns": "documents",
    "data_keys": "wrapped keys of the brand",
    "exports": "who asked for which rows to be taken out, and why",
    "feeds": "calendars of agents",
    "guard_looks": "an instant",
    "guard_stops": "counts",
    "guesses": "keyed names of what was guessed at",
    "handovers": "what a shift leaves to the next, of a queue",
    "intake": "counts",
    "invited_calls": "counts",
    "kept_counts": "counts",
    "mirrors": "other systems",
    "mornings": "letters that our own people read",
    "own_addresses": "where our own people read tests",
    "plannings": "how far an occasion was planned",
    "products": "things on sale",
    "proofs": "tests that our own people read",
    "push_refusals": "counts",
    "push_tokens": "hashes of what providers drew by lot",
    "queues": "documents",
    "record_rebuilds": "how far records were told again",
    "reviews": "what a version would do, in numbers",
    "scorecards": "documents",
    "seats": "who works here",
    "sessions": "who works here",
    "shared_refusals": "counts",
    "sources": "platforms",
    "sum_changes": "counts",
    "sums": "counts",
    "surveys": "documents",
    "sweeps": "counts",
    "taken_lists": "numbers of lines, and what was wrong with them",
    "templates": "documents",
    "users": "who works here",
}


def forgetting() -> tuple[str, ...]:
    """The statements that forget a person, with `:person` and `:now`, in the order of the page."""
    return tuple(_statement(name, store) for name, store in STORES.items() if store.forgotten)


def _statement(name: str, store: Store) -> str:
    if store.forgotten == DELETED:
        return f"delete from outreach.{name} where {store.whose}"
    return f"update outreach.{name} set {store.forgotten} where {store.whose}"
