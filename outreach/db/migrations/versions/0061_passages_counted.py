"""Passages that begin together are counted before they are told apart by fate."""

from alembic import op

revision = "0061"
down_revision = "0060"

# As `summed_passage` has it of one, which a full count asks: a set is of one campaign, one quarter
# and a few reasons, so that it is grouped first and looked at row by row no more.
_COUNTED = """
    select n.brand_id, n.campaign_id,
           date_bin(interval '15 minutes', n.created_at, timestamptz '2000-01-01 00:00:00+00')
               as quarter,
           case when n.state = 'declined' then coalesce(n.reason, 'unknown') end as why,
           sum(n.planned) as planned, count(*) filter (where n.state = 'declined') as declined
    from added n group by 1, 2, 3, 4
"""


def upgrade() -> None:
    """The same sums as before, of rows that are added."""
    op.execute(f"""
        create or replace function outreach.sum_enrolments_insert() returns trigger
        language plpgsql as $$
        begin
            insert into outreach.sum_changes
                (brand_id, campaign_id, channel, quarter, fate, reason, many)
            select brand_id, campaign_id, '', quarter, told.fate, told.reason, told.many
            from ({_COUNTED}) counted cross join lateral (values
                ('candidate', '', planned + declined), ('declined', why, declined)
            ) told (fate, reason, many) where told.many <> 0;
            return null;
        end $$
    """)
