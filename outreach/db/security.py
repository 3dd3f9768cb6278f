"""Which rows may the application see?

Those of the brand that the open transaction names, and no row at all when it names none. The
setting is local to the transaction, so a pooled connection carries nothing over. A second role,
entered for one transaction at a time, sees across brands *when* something is due and nothing about
whom: the ticker and the watchdog need no more. Users and their sessions are no brand's; they are
seen by a transaction that was begun for access, which sees no brand's rows but who has a seat.
"""

from outreach.db.tables import metadata

APP_ROLE, WATCH_ROLE, OWNER_ROLE = "outreach_app", "outreach_watch", "outreach_owner"
BRAND_SETTING, ACCESS_SETTING = "outreach.brand", "outreach.access"
_BRAND = f"nullif(current_setting('{BRAND_SETTING}', true), '')::integer"

# What the watch role may read, column by column: no name, no address, no text, no person.
WATCHED = {
    "brands": "id, key, stopped, weight, kept_since",
    "events": "brand_id, state, received_at",
    "touches": "brand_id, id, campaign_id, channel, purpose, state, due_at, lease_until",
    "waits": "brand_id, due_at, ended_at",
    "attempts": "brand_id, touch_id, channel, outcome, started_at",
    "intake": "brand_id, source, day, accepted",
    "kept_counts": "brand_id, again_at",
    "inbox": "brand_id, state, look_at",
    "campaigns": "brand_id, id, key, state, plan_at, stopped_by",
    "guard_looks": "brand_id, at",
    "dates": "brand_id, state",
    "plannings": "brand_id, campaign_id, opens_at, done_at",
    "sum_changes": "brand_id",
    "tasks": "brand_id, state, lease_until, look_at",
    "reviews": "brand_id, state, lease_until",
    "unheard": "brand_id, look_at",
    "pending_erasures": "brand_id, done_at",
    "sweeps": "brand_id, day, done_at",
    "entrusted": "brand_id",
}
# Rows that stand for ever, and rows that may be replaced.
APPEND_ONLY = frozenset(
    {"approvals", "audit", "guard_stops", "verdicts", "receipts", "settlements"}
)
# Of rows that stand, what somebody else wrote: taken away when its person is forgotten.
SILENCED = {"receipts": "detail", "settlements": "detail"}
REPLACEABLE = frozenset(
    {
        "addresses", "cases", "contacts", "contracts", "deaths", "entrusted", "export_rows",
        "exports", "former_hashes", "guesses", "holds", "inbox", "inquiries", "kept_counts",
        "mornings", "order_lines", "orders", "parcels", "products", "push_tokens",
        "record_rebuilds", "registrations", "seats", "sessions", "sum_changes", "taken_lists",
        "unheard",
    }
)  # fmt: skip
# The ledger may be let go of once it is old: each table's own instant says how old a row is.
LETS_GO = {"attempts": "started_at", "receipts": "at", "settlements": "at", "verdicts": "at"}
KEPT = "interval '400 days'"  # what no rule asks for any more
# Rows that brands of one group see of each other, and write each for itself.
SHARED = frozenset({"contacts", "holds"})
# Rows of the agency, and those of brands that say who may act for them.
AGENCY = frozenset({"guesses", "push_tokens", "sessions", "shared_refusals", "users"})
OF_ACCESS = AGENCY | {"seats"}
# Forced, the owner sees no row either, and what a migration writes into old rows would reach none.
UNFORCED = f"""
    do $$ declare kept regclass; begin
        for kept in select oid from pg_class
            where relnamespace = '{metadata.schema}'::regnamespace and relforcerowsecurity
        loop execute format('alter table %s no force row level security', kept); end loop;
    end $$
"""
_GROUP = f"(select b.group_key from {metadata.schema}.brands b where b.id = {_BRAND})"


def statements() -> list[str]:
    """Policies and grants of every table, to be run by the owner; again does no harm."""
    lines = [f"grant usage on schema {metadata.schema} to {APP_ROLE}, {WATCH_ROLE}"]
    lines.append(f"grant usage on all sequences in schema {metadata.schema} to {APP_ROLE}")
    for name in sorted(table.name for table in metadata.tables.values()):
        lines += _forced(name) + _granted(name)
    for name in sorted(SHARED):
        lines += _shared(name)
    for name in sorted(OF_ACCESS):
        lines += _of_access(name)
    for name, instant in LETS_GO.items():
        lines += _only_old(name, instant)
    for name, columns in WATCHED.items():
        lines += _watched(name, columns)
    return lines


def _forced(name: str) -> list[str]:
    table = f"{metadata.schema}.{name}"
    own = f"{'id' if name == 'brands' else 'brand_id'} = {_BRAND}"
    forced = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
    ]
    return forced if name in AGENCY else forced + _policy("own_brand", table, own)


def _of_access(name: str) -> list[str]:
    begun = f"current_setting('{ACCESS_SETTING}', true) = 'on'"
    return _policy("of_access", f"{metadata.schema}.{name}", begun)


def _policy(policy: str, table: str, rows: str) -> list[str]:
    return [
        f"drop policy if exists {policy} on {table}",
        f"create policy {policy} on {table} to {APP_ROLE} using ({rows}) with check ({rows})",
    ]


def _shared(name: str) -> list[str]:
    table, checked = f"{metadata.schema}.{name}", f"with check (group_key = {_GROUP})"
    return [
        f"drop policy if exists of_group on {table}",
        f"create policy of_group on {table} for select to {APP_ROLE} using (group_key = {_GROUP})",
        f"drop policy if exists for_group on {table}",
        f"create policy for_group on {table} as restrictive to {APP_ROLE} using (true) {checked}",
    ]


def _only_old(name: str, instant: str) -> list[str]:
    table, old = f"{metadata.schema}.{name}", f"using ({instant} < now() - {KEPT})"
    return [
        f"drop policy if exists only_old on {table}",
        f"create policy only_old on {table} as restrictive for delete to {APP_ROLE} {old}",
    ]


def _granted(name: str) -> list[str]:
    rights = ["select", "insert"]
    rights += [] if name in APPEND_ONLY else ["update"]
    rights += ["delete"] if name in REPLACEABLE | LETS_GO.keys() else []
    rights += [f"update ({SILENCED[name]})"] if name in SILENCED else []
    return [f"grant {', '.join(rights)} on {metadata.schema}.{name} to {APP_ROLE}"]


def _watched(name: str, columns: str) -> list[str]:
    table = f"{metadata.schema}.{name}"
    return [
        f"drop policy if exists watch on {table}",
        f"create policy watch on {table} for select to {WATCH_ROLE} using (true)",
        f"revoke all on {table} from {WATCH_ROLE}",
        f"grant select ({columns}) on {table} to {WATCH_ROLE}",
    ]
