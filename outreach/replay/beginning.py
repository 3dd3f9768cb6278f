"""How did things stand at that instant?

What was written later is left out, and what was settled later is open again. A database remembers
less of itself than of others: a person or a brand's profile stands as it is now, and when a
campaign was paused or ended is not known; one in which passages began later was live.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Table, TextClause, text

from outreach.records.kinds import KINDS
from outreach.replay.moments import ARRIVAL, HEARD_AT
from outreach.replay.moments import KINDS as MOMENTS
from outreach.replay.taking import KEPT, columns, every

RECORDS = frozenset(kind.table for kind in KINDS)
_LATER = f"""(select id::uuid from {KEPT}.moments where place = {MOMENTS.index(ARRIVAL)})"""

# Which rows of a table were there; of the others, all of them.
_THERE: Mapping[str, str] = {
    "persons": f"id not in {_LATER}",
    "addresses": f"person_id not in {_LATER}",
    "former_hashes": f"person_id not in {_LATER}",
    "dates": f"told_at <= :at and person_id not in {_LATER}",
    "events": "received_at < :at",
    "enrolments": "created_at < :at",
    "attempts": "started_at < :at",
    "contacts": "at < :at",
    "receipts": "at < :at",
    "plannings": "done_at < :at",
    "entries": f"{HEARD_AT} < :at",
    "waits": f"""began_at < :at
        and enrolment_id in (select id from {KEPT}.enrolments where created_at < :at)""",
    # What comes after a wait that ended later was not planned yet.
    "touches": f"""enrolment_id in (select id from {KEPT}.enrolments where created_at < :at)
        and not exists (
            select from {KEPT}.waits w where w.enrolment_id = k.enrolment_id
              and w.ended_at >= :at and k.planned_for >= w.ended_at)""",
    # Verdicts of before are nobody's; those of the replay are its own.
    "verdicts": "false",
}
_REOPEN = (
    """
    update outreach.touches
    set state = 'planned', reason = null, due_at = planned_for, settled_at = null,
        lease_until = null
    where settled_at >= :at or settled_at is null
    """,
    """
    update outreach.enrolments n set state = 'active', reason = null
    where n.state = 'ended' and exists (
        select from outreach.touches t where t.enrolment_id = n.id and t.state = 'planned')
    """,
    "update outreach.waits set ended_at = null, ended_by = null where ended_at >= :at",
    "update outreach.brands set stopped = false, lineage = ''",
    # Of each key one version may be live at most, after every single row: none is, first of all.
    "update outreach.campaigns set state = 'draft'",
    f"""
    update outreach.campaigns c
    set state = cast(case
            when c.activated_at is null or c.activated_at > :at then 'draft'
            when c.id <> (
                select v.id from outreach.campaigns v
                where v.key = c.key and v.activated_at <= :at
                order by v.activated_at desc, v.version desc limit 1)
            then case k.state::text when 'ended' then 'ended' else 'finishing' end
            when k.state in ('paused', 'ended') and not exists (
                select from {KEPT}.enrolments n
                where n.campaign_id = c.id and n.created_at >= :at)
            then k.state::text
            else 'live' end as outreach.campaign_state),
        plan_at = :at
    from {KEPT}.campaigns k
    where k.id = c.id
    """,
)


def set_out(ground: Connection, *, at: datetime, told_again: bool) -> None:
    """Fill the replay's tables with what was known at that instant.

    With `told_again` records are left empty, for the log to be told again up to then; else they
    stand as they are.
    """
    empty = ", ".join(f"{t.schema}.{t.name}" for t in every())
    ground.execute(text(f"truncate {empty}, outreach.record_rebuilds, {KEPT}.texts cascade"))
    # Rows point to each other and are filled in any order.
    ground.execute(text("set local session_replication_role = replica"))
    for table in every():
        if not (told_again and table.name in RECORDS):
            ground.execute(_fill(table), {"at": at})
    for statement in _REOPEN:
        ground.execute(text(statement), {"at": at})
    for table in every():
        ground.execute(text(f"analyze {table.schema}.{table.name}"))


def _fill(table: Table) -> TextClause:
    there = _THERE.get(table.name, "true")
    names = columns(table)
    return text(
        f"insert into {table.schema}.{table.name} ({names}) overriding system value "
        f"select {names} from {KEPT}.{table.name} k where {there}"
    )
