"""Products and causes of blocks; do-not-contact lists and whom they list."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
alter table optout.entries
    add column product text,
    add column block text,
    add constraint entries_block_has_a_cause
        check (block is null or action in ('block', 'lift'));

create table optout.editions (
    id bigint generated always as identity primary key,
    brand text constraint editions_brand_named check (brand <> ''),
    name text not null,
    kind text not null constraint editions_kind_known check (kind in ('whole', 'wash')),
    as_of date not null,
    expires_on date,
    channels text[] not null,
    binding boolean not null,
    current boolean not null,
    evidence text not null,
    recorded_at timestamptz not null default now()
);

create table optout.listings (
    hash bytea not null,
    edition bigint not null,
    brand text,
    listed boolean not null,
    primary key (hash, edition)
);
"""

BRAND = "nullif(current_setting('optout.brand', true), '')"
SEES = f"brand is null or brand = {BRAND}"
WRITES = f"""
    brand = {BRAND} or (brand is null and current_setting('optout.agency', true) = 'on')
"""

POLICIES = f"""
alter table optout.editions enable row level security;
alter table optout.editions force row level security;
create policy editions_read on optout.editions for select using ({SEES});
create policy editions_add on optout.editions for insert with check ({WRITES});
create policy editions_move_on on optout.editions for update using ({WRITES});

alter table optout.listings enable row level security;
alter table optout.listings force row level security;
create policy listings_read on optout.listings for select using ({SEES});
create policy listings_add on optout.listings for insert with check ({WRITES});
create policy listings_replace on optout.listings for delete using ({WRITES});
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(POLICIES)


def downgrade() -> None:
    raise NotImplementedError("what people said is not thrown away: restore a backup instead")
