"""Which connection is free to be used again?

A connection is lent to one call at a time, so there are as many as there are threads calling at
once, and each outlives the call that opened it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    def close(self) -> None: ...


T = TypeVar("T", bound=Closable)


class Kept(Generic[T]):
    """Connections at rest. The one used last is lent first: it is the likeliest to live."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._idle: list[T] = []
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[T]:
        """One connection, for this caller alone until the block ends."""
        with self._lock:
            connection = self._idle.pop() if self._idle else self._make()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _give_back(self, connection: T) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close what rests now, and what is lent out as it comes back."""
        with self._lock:
            self._closed = True
            resting, self._idle = self._idle, []
        for connection in resting:
            connection.close()
