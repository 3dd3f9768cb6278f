"""May somebody who is logged in have another password? Whoever knows the one that they have.

A guess at it counts as a guess at a login does, so that a session that was left open is no way to
try passwords out. All sessions end with a change.
"""

from collections.abc import Sequence
from datetime import datetime

from optout.keys import Key
from outreach.access import guesses, login, passwords, users
from outreach.access.login import Attempt, TooEarly, Wrong
from outreach.access.model import User
from outreach.access.patience import NONE
from outreach.db.engine import Database


def change_password(  # who, what they know, what they want
    database: Database, ring: Sequence[Key], user: User, attempt: Attempt, wanted: str, *,
    now: datetime,
) -> Wrong | TooEarly | None:  # fmt: skip
    """Another password, where the attempt knows the one that stands; None when it is changed.

    Raises `Invalid` for a new one that is easily guessed, `Trouble` when the database, or the turn,
    does not come.
    """
    keys = login.counted_under(ring, attempt)
    with database.access() as tx:
        if (wait := guesses.admit(tx, keys, now=now)) > NONE:
            return TooEarly(wait)
        kept = users.password_of(tx, user)
    if not passwords.right(attempt.password, kept):
        return Wrong()
    made = passwords.hashed(wanted, login=user.login)
    with database.access() as tx:
        guesses.succeeded(tx, keys)
        changed = users.change_password(tx, user, was=kept, made=made, now=now)
    return None if changed else Wrong()
