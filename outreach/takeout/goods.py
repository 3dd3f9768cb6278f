"""Which tables of a brand go along, and which stay where they are?

Every table goes that is not named here with its reason, so that none is forgotten. `brands` itself
goes as a document.
"""

from collections.abc import Mapping

from sqlalchemy import Column, Table

from optout import tables as consent
from outreach.db import tables

DOCUMENTS: Mapping[str, str] = {
    "campaigns": "document",
    "queues": "document",
    "scorecards": "document",
    "surveys": "document",
    "templates": "document",
}
"""Tables whose rows are documents that somebody wrote, and the column that holds them."""

LEFT: Mapping[str, str] = {
    "accounts": "secrets of providers: given anew before the brand goes on",
    "api_keys": "secrets of callers: new ones are issued",
    "brands": "goes as a document, in the manifest",
    "data_keys": "seal what is kept here; what arrives is sealed under new ones",
    "entrusted": "messages that only the account that stays can be asked after",
    "export_rows": "leave with nobody but who asked for them",
    "exports": "asked for and decided by people of this installation",
    "feeds": "secret addresses of this installation: new ones are given",
    "guesses": "of the agency",
    "inbox": "messages of platforms as they came, for sources that stay",
    "kept_counts": "counted again from what arrives",
    "mirrored": "what mirrors that stay have seen",
    "mirrors": "secrets of other systems: connected anew",
    "push_refusals": "counts of pushes to addresses of this installation",
    "push_tokens": "of pushes to addresses of this installation",
    "seats": "of the agency's users",
    "sessions": "of the agency's users",
    "shared_refusals": "of the agency",
    "sources": "secrets of platforms, which push to the addresses of this installation",
    "sum_changes": "counted again from what arrives",
    "sums": "counted again from what arrives",
    "sweeps": "what was let go of here, day by day",
    "users": "of the agency",
}
"""What stays, with the reason."""


def taken() -> list[Table]:
    """The tables that go along, those first that others point to."""
    known = [*tables.metadata.sorted_tables, *consent.metadata.sorted_tables]
    known.sort(key=lambda table: table.name == consent.listings.name)  # no foreign key says so
    return [table for table in known if table.name not in LEFT]


def owner(table: Table) -> Column[object]:
    """The column that says whose a row is: `brand_id`, or `brand` where consent is kept."""
    found: Column[object] = table.c["brand_id" if table.schema == tables.SCHEMA else "brand"]
    return found


def columns(table: Table) -> list[Column[object]]:
    """What is written of a row: not whose it is, nor the number that the database gave it.

    An edition of a list keeps its number, since lines of the list name it.
    """
    keeps = table is consent.editions
    mine = owner(table)
    return [
        column
        for column in table.columns
        if column is not mine and (keeps or column.identity is None)
    ]


def in_order(table: Table) -> list[Column[object]]:
    """By what rows are written one after the other, so that they come in as they came to be."""
    return [column for column in table.primary_key.columns if column is not owner(table)]
