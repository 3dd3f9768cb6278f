"""By which hashes an address is known besides: those under secrets that were in use before."""

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Empty: `outreach secrets hashes` fills it where a secret was replaced already."""
    op.execute("""
        create table outreach.former_hashes (
            brand_id integer not null references outreach.brands (id),
            person_id uuid not null,
            kind text not null,
            hash bytea not null,
            primary key (brand_id, person_id, kind, hash)
        )
    """)
    op.execute("create index former_hashes_by_hash on outreach.former_hashes (brand_id, hash)")
