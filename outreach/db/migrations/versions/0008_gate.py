"""Brands of one group share contacts with an address and care holds; each has its share of workers."""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = """
ALTER TABLE outreach.brands ADD COLUMN weight SMALLINT DEFAULT 1 NOT NULL;

ALTER TABLE outreach.brands ADD COLUMN group_key TEXT DEFAULT '' NOT NULL;

ALTER TABLE outreach.attempts ADD COLUMN product TEXT;

ALTER TABLE outreach.attempts ADD COLUMN dialled_at TIMESTAMP WITH TIME ZONE;

CREATE TABLE outreach.contacts (
    brand_id INTEGER NOT NULL,
    touch_id UUID NOT NULL,
    fence SMALLINT NOT NULL,
    group_key TEXT NOT NULL,
    address_hash BYTEA NOT NULL,
    channel TEXT NOT NULL CHECK (channel in ('voice', 'sms', 'email', 'chat')),
    purpose TEXT NOT NULL
        CHECK (purpose in ('transactional', 'service', 'survey', 'review', 'renewal', 'marketing')),
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (brand_id, touch_id, fence),
    FOREIGN KEY(brand_id) REFERENCES outreach.brands (id)
);

CREATE INDEX contacts_by_address ON outreach.contacts (group_key, address_hash, at);

CREATE TABLE outreach.holds (
    brand_id INTEGER NOT NULL,
    address_hash BYTEA NOT NULL,
    group_key TEXT NOT NULL,
    lifts_at TIMESTAMP WITH TIME ZONE,
    for_good BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (brand_id, address_hash),
    FOREIGN KEY(brand_id) REFERENCES outreach.brands (id)
);

CREATE INDEX holds_by_address ON outreach.holds (group_key, address_hash);

UPDATE outreach.brands SET group_key = '=' || key;

CREATE INDEX attempts_by_address
ON outreach.attempts (brand_id, address_hash, started_at)
"""


def upgrade() -> None:
    """Two tables that a group shares, and four columns."""
    for statement in STATEMENTS.split(";"):
        op.execute(statement)
