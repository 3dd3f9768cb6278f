"""Users, the seats that they have at brands, and their sessions."""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Users belong to the agency; only a seat ties one to a brand."""
    op.execute("""
        create table outreach.users (
            id uuid primary key,
            login text not null unique,
            name text not null,
            password text not null,
            totp text not null default '',
            totp_step integer not null default 0,
            created_at timestamptz not null,
            disabled_at timestamptz
        )
    """)
    op.execute("""
        create table outreach.seats (
            brand_id integer not null references outreach.brands (id),
            user_id uuid not null references outreach.users (id),
            role text not null,
            given_at timestamptz not null,
            primary key (brand_id, user_id)
        )
    """)
    op.execute("create index seats_by_user on outreach.seats (user_id)")
    op.execute("""
        create table outreach.sessions (
            hash bytea primary key,
            user_id uuid not null references outreach.users (id),
            brand_id integer references outreach.brands (id),
            address text not null,
            browser text not null,
            began_at timestamptz not null,
            seen_at timestamptz not null,
            ended_at timestamptz
        )
    """)
    op.execute("create index sessions_by_user on outreach.sessions (user_id)")
    op.execute("""
        create table outreach.guesses (
            key bytea primary key,
            level double precision not null,
            last_at timestamptz not null
        )
    """)
    op.execute("create index guesses_by_age on outreach.guesses (last_at)")
