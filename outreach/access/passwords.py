"""Is this the password, and may it be one?

Argon2id with 19 MiB and two passes, as the OWASP Password Storage Cheat Sheet (2025) has it, by
`pwdlib`. Few are looked at at once, since each takes its memory.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from outreach.errors import Invalid, Trouble

SHORTEST, LONGEST = 12, 256  # signs
_FEWEST = 6  # different signs
_TELLING = 4  # signs of a login; a shorter one stands in many a good password
_PATIENCE = 5.0  # seconds
_AT_ONCE = BoundedSemaphore(4)
_HASHER = Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def made() -> str:
    """A new password by chance, 120 bits."""
    return secrets.token_urlsafe(15)


def hashed(password: str, *, login: str) -> str:
    """What is kept of it. Raises `Invalid` for one that is too easily guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"a password has {SHORTEST} to {LONGEST} signs; several words are good")
    holds_login = len(login) >= _TELLING and login.casefold() in password.casefold()
    if len(set(password)) < _FEWEST or holds_login:
        raise Invalid("this password is easily guessed: it repeats itself, or holds your login")
    with _turn():
        return _HASHER.hash(password)


def right(password: str, kept: str | None) -> bool:
    """Whether it is the one that is kept. Where none is, looking takes as long.

    Raises `Trouble` when too many are looked at just now.
    """
    if len(password) > LONGEST:
        return False
    with _turn():
        try:
            return _HASHER.verify(password, kept or _nobodys()) and kept is not None
        except PwdlibError:
            return False


@cache
def _nobodys() -> str:
    return _HASHER.hash(made())


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Trouble("too many passwords are looked at just now")
    try:
        yield
    finally:
        _AT_ONCE.release()
