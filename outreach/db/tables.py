"""Which tables does outreach keep?

Every key begins with the brand, and row-level security is forced on every table (see `security`).
`optout` keeps tables of its own.
"""

from outreach.db.schema.callbacks import calls, handovers, queues, tasks
from outreach.db.schema.columns import (
    CAMPAIGN_STATES,
    ENROLMENT_STATES,
    EVENT_STATES,
    OUTCOMES,
    SCHEMA,
    STAGES,
    TASK_STATES,
    TOUCH_STATES,
    VERDICTS,
    metadata,
)
from outreach.db.schema.dispatch import (
    attempts,
    contacts,
    holds,
    receipts,
    settlements,
    touches,
    verdicts,
)
from outreach.db.schema.happened import events, inbox, intake, parcel_names, sources
from outreach.db.schema.people import addresses, api_keys, brands, persons
from outreach.db.schema.planning import (
    approvals,
    campaigns,
    dates,
    enrolments,
    plannings,
    surveys,
    templates,
    waits,
)
from outreach.db.schema.records import (
    cases,
    contracts,
    deaths,
    order_lines,
    orders,
    parcels,
    products,
    record_rebuilds,
    registrations,
)

__all__ = [
    "CAMPAIGN_STATES",
    "ENROLMENT_STATES",
    "EVENT_STATES",
    "OUTCOMES",
    "SCHEMA",
    "STAGES",
    "TASK_STATES",
    "TOUCH_STATES",
    "VERDICTS",
    "addresses",
    "api_keys",
    "approvals",
    "attempts",
    "brands",
    "calls",
    "campaigns",
    "cases",
    "contacts",
    "contracts",
    "dates",
    "deaths",
    "enrolments",
    "events",
    "handovers",
    "holds",
    "inbox",
    "intake",
    "metadata",
    "order_lines",
    "orders",
    "parcel_names",
    "parcels",
    "persons",
    "plannings",
    "products",
    "queues",
    "receipts",
    "record_rebuilds",
    "registrations",
    "settlements",
    "sources",
    "surveys",
    "tasks",
    "templates",
    "touches",
    "verdicts",
    "waits",
]
