"""Does the page of stores name every table there is, so that nothing of a person is overlooked?"""

from outreach.db.tables import metadata
from outreach.people.stores import OF_NOBODY, STORES

# By these columns rows are about somebody; a touch, a task and an address are a person's.
_OF_SOMEBODY = {"person_id", "touch_id", "task_id", "address_hash"}


def test_every_table_is_a_store_of_persons_or_says_what_else_it_holds() -> None:
    """Whoever adds a table says here how a person's rows of it are found and forgotten."""
    tables = {table.name for table in metadata.tables.values()}
    assert STORES.keys() | OF_NOBODY.keys() == tables
    assert not STORES.keys() & OF_NOBODY.keys()


def test_no_table_with_a_persons_column_is_said_to_hold_nobody() -> None:
    named = {t.name for t in metadata.tables.values() if _OF_SOMEBODY & set(t.columns.keys())}
    assert named <= STORES.keys()
