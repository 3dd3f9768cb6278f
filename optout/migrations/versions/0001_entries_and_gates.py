"""What was said, and the gates that marks and changes pass."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
create table optout.entries (
    id bigint generated always as identity primary key,
    brand text constraint entries_brand_named check (brand <> ''),
    hash bytea not null,
    channel text,
    purpose text,
    action text not null
        constraint entries_action_known check (action in ('grant', 'withdraw', 'block', 'lift')),
    how text not null,
    evidence text not null,
    effective_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index entries_hash on optout.entries (hash);

create table optout.gates (
    brand text not null,
    hash bytea not null,
    epoch bigint not null default 0,
    primary key (brand, hash)
);
"""

# The brand of the transaction; none at all where the setting is missing or empty.
BRAND = "nullif(current_setting('optout.brand', true), '')"
MAY_WRITE_FOR_AGENCY = "current_setting('optout.agency', true) = 'on'"

# A gate of the agency may be made by everyone, since a mark makes what it locks. `using` of the
# update policy admits it too, because `select … for share` passes the update policy as well;
# `with check` is what keeps its epoch from being changed.
POLICIES = f"""
alter table optout.entries enable row level security;
alter table optout.entries force row level security;
create policy entries_read on optout.entries for select
    using (brand is null or brand = {BRAND});
create policy entries_add on optout.entries for insert
    with check (brand = {BRAND} or (brand is null and {MAY_WRITE_FOR_AGENCY}));

alter table optout.gates enable row level security;
alter table optout.gates force row level security;
create policy gates_read on optout.gates for select
    using (brand = '' or brand = {BRAND});
create policy gates_add on optout.gates for insert
    with check (brand = '' or brand = {BRAND});
create policy gates_lock_and_count on optout.gates for update
    using (brand = '' or brand = {BRAND})
    with check (brand = {BRAND} or (brand = '' and {MAY_WRITE_FOR_AGENCY}));
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(POLICIES)


def downgrade() -> None:
    raise NotImplementedError("what people said is not thrown away: restore a backup instead")
