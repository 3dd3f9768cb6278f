"""How does a test wait? For a condition, asked again and again, and never for a time."""

from collections.abc import Callable
from threading import Event


def wait_until(true: Callable[[], object], *, seconds: float = 60.0) -> None:
    """Return as soon as it is true. Raises `AssertionError` when it never becomes so."""
    pause = Event()
    for _ in range(int(seconds / 0.01)):
        if true():
            return
        pause.wait(0.01)
    assert true(), f"waited {seconds} seconds in vain"
