"""In which columns do personal data lie, sealed?

One page of names. `outreach secrets seal` goes through it, and a test dumps the database and looks
for what it brought in: a column that was forgotten here is found there. Not sealed is what places
are decided by (country, subdivision, postcode, zone), what audiences are chosen by (tags, days of a
person's own), the domain of a mail address, and names that brands gave: `ref`, orders, parcels,
cases.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from outreach import private
from outreach.db import sealed
from outreach.db.sealed import Field

PERSON_NAME = Field("persons", "name")
ADDRESS = Field("addresses", "value", ("person_id", "kind"))
MESSAGE_HEADERS = Field("inbox", "headers", kind="document")
MESSAGE_QUERY = Field("inbox", "query", kind="document")
MESSAGE_BODY = Field("inbox", "body", kind="bytes")
EVENT_DATA = Field(
    "events", "data", kind="document", personal=private.personal, plain=private.plain
)

# What the event said that named a day of somebody's.
DATE_ABOUT = Field("dates", "about", ("person_id", "name", "key"), "document", private.personal)

TASK_NUMBER = Field("tasks", "number")
TASK_OTHER = Field("tasks", "other_number")
TASK_SCRIPT = Field("tasks", "script")
TASK_NOTE = Field("tasks", "note")
CALL_NOTE = Field("calls", "note", ("task_id", "number"))
CALL_ANSWERS = Field("calls", "answers", ("task_id", "number"), "document")
CALL_SAID = Field("calls", "said", ("task_id", "number"), "document")
SCORE_NOTE = Field("scores", "note", ("scorecard", "task_id", "number"))
REPLY_TEXT = Field("replies", "text", ("id", "person_id"))
REPLY_SCORE_NOTE = Field("reply_scores", "note", ("scorecard", "reply_id"))
CASE_NOTE = Field("case_notes", "note", ("person_id", "case_key", "at"))
HANDOVER = Field("handovers", "note", ("queue", "agent", "at"))
EXPORT_WHY = Field("exports", "why")
HOLD_REASON = Field("legal_holds", "reason")

EVERY = (
    PERSON_NAME, ADDRESS, MESSAGE_HEADERS, MESSAGE_QUERY, MESSAGE_BODY, EVENT_DATA, DATE_ABOUT,
    TASK_NUMBER, TASK_OTHER, TASK_SCRIPT, TASK_NOTE, CALL_NOTE, CALL_ANSWERS, CALL_SAID,
    SCORE_NOTE, REPLY_TEXT, REPLY_SCORE_NOTE, CASE_NOTE, HANDOVER,
    EXPORT_WHY, HOLD_REASON,
)  # fmt: skip


def opened(tx: Connection, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A whole row of this table as it was before it was sealed; columns by name."""
    told = dict(row)
    for one in EVERY:
        if one.table == table:
            told[one.column] = sealed.value(tx, one, row[one.column], *sealed.row_of(one, row))
    return told
