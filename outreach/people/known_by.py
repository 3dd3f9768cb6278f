"""By which keyed hashes is an address known, whichever secret made them?

A hash bears the number of the secret that made it, and one address has another hash under each.
What was said, tried or held before a secret was replaced bears the hash of then. So whatever goes
from such a row to a person, or back, joins `KNOWN_BY` and never `addresses` alone.
"""

KNOWN_BY = """(
    select brand_id, person_id, kind, hash from outreach.addresses
    union all
    select brand_id, person_id, kind, hash from outreach.former_hashes)"""
"""Rows `brand_id`, `person_id`, `kind`, `hash`, one for each hash of each address, as SQL.

Whole once `people.rehashing` has passed over the addresses that were there before a secret came.
"""
