"""Records: orders, parcels, products, contracts, cases and deaths, each field as of an event."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
CREATE TABLE outreach.orders (
    brand_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    person_id UUID,
    number TEXT,
    state TEXT,
    placed_at TIMESTAMP WITH TIME ZONE,
    paid_at TIMESTAMP WITH TIME ZONE,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    refunded_at TIMESTAMP WITH TIME ZONE,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    currency TEXT,
    total_minor BIGINT,
    refunded_minor BIGINT,
    parcels_expected INTEGER,
    as_of JSONB DEFAULT '{}' NOT NULL,
    projected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (brand_id, key),
    FOREIGN KEY(brand_id) REFERENCES outreach.brands (id)
);

CREATE INDEX orders_by_person ON outreach.orders (brand_id, person_id);

CREATE TABLE outreach.order_lines (
    brand_id INTEGER NOT NULL,
    order_key TEXT NOT NULL,
    line TEXT NOT NULL,
    product_key TEXT,
    parcel_key TEXT,
    state TEXT,
    quantity INTEGER,
    currency TEXT,
    amount_minor BIGINT,
    as_of JSONB DEFAULT '{}' NOT NULL,
    projected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (brand_id, order_key, line),
    FOREIGN KEY(brand_id) REFERENCES outreach.brands (id)
);

CREATE TABLE outreach.parcels (
    brand_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    order_key TEXT,
    person_id UUID,
    carrier TEXT,
    state TEXT,
    quality TEXT,
    shipped_at TIMESTAMP WITH TIME ZONE,
    delivered_at TIMESTAMP WITH TIME ZONE,
    returned_at TIMESTAMP WITH TIME ZONE,
    as_of JSONB DEFAULT '{}' NOT NULL,
    projected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (brand_id, key),
    FOREIGN KEY(brand_id) REFERENCES outreach.brands (id)
);

CREATE INDEX parcels_by_order ON outreach.parcels (brand_id, order_key);

CREATE INDEX parcels_by_person ON outreach.parcels (brand_id, person_id);

CREATE TABLE outreach.products (
    brand_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    name TEXT,
    category TEXT,
    version TEXT,
    as_of JSONB DEFAULT '{}' NOT NULL,
    projected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (brand_id, key),
    FOREIGN KEY(brand_id) REFERENCES outreach.brands (id)
);

CREATE TABLE outreach.registrations (
    brand_id INTEGER NOT NULL,
    product_key TEXT NOT NULL,
    serial TEXT NOT NULL,
    person_id UUID,
    registered_at TIMESTAMP WITH TIME ZONE,
    as_of JSONB DEFAULT '{}' NOT NULL,
    projected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (brand_id, product_key, serial),
    FOREIGN KEY(brand_id) REFERENCES outreach.brands (id)
);

CREATE INDEX registrations_by_person ON outreach.registrations (brand_id, person_id);

CREATE TABLE outreach.contracts (
    brand_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    person_id UUID,
    product_key TEXT,
    kind TEXT,
    state TEXT,
    term TEXT,
    started_on DATE,
    ends_on DATE,
    due_at TIMESTAMP WITH TIME ZONE,
    renewed_at TIMESTAMP WITH TIME ZONE,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    as_of JSONB DEFAULT '{}' NOT NULL,
    projected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (brand_id, key),
    FOREIGN KEY(brand_id) REFERENCES outreach.brands (id)
);

CREATE INDEX contracts_by_person ON outreach.contracts (brand_id, person_id);

CREATE TABLE outreach.deaths (
    brand_id INTEGER NOT NULL,
    person_id UUID NOT NULL,
    state TEXT,
    reported_at TIMESTAMP WITH TIME ZONE,
    as_of JSONB DEFAULT '{}' NOT NULL,
    projected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (brand_id, person_id),
    FOREIGN KEY(brand_id) REFERENCES outreach.brands (id)
);

CREATE TABLE outreach.record_rebuilds (
    brand_id INTEGER NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    after UUID,
    events BIGINT DEFAULT 0 NOT NULL,
    PRIMARY KEY (brand_id),
    FOREIGN KEY(brand_id) REFERENCES outreach.brands (id)
);
"""
# An older case says no more than when it was opened and closed last.
CASES = """
ALTER TABLE outreach.cases
    ADD COLUMN kind TEXT,
    ADD COLUMN state TEXT,
    ADD COLUMN severity TEXT,
    ADD COLUMN order_key TEXT,
    ADD COLUMN waiting_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN reopened_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN as_of JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN projected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL;

UPDATE outreach.cases SET
    state = CASE WHEN opened_at IS NULL OR closed_at >= opened_at THEN 'closed' ELSE 'open' END,
    as_of = jsonb_build_object('state', to_char(
        greatest(opened_at, closed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24\\:MI\\:SS.US'));
"""
WAITING = """
ALTER TYPE outreach.event_state ADD VALUE IF NOT EXISTS 'waiting_for_person';

ALTER TABLE outreach.events ADD COLUMN waits_for TEXT;

CREATE INDEX events_waiting ON outreach.events (brand_id, waits_for) WHERE waits_for IS NOT NULL;
"""


def upgrade() -> None:
    """Eight tables, more to say of cases, and a state for events that name nobody."""
    for script in (TABLES, CASES, WAITING):
        for statement in script.split(";\n"):
            if statement.strip():
                op.execute(statement)
