"""How does a text leave on a developer's desk? As one line on the terminal.

Control characters are shown escaped, so that no text can forge a second line or move the cursor.
"""

import time
from collections.abc import Iterator, Sequence
from typing import TextIO

from outreach.channels.protocol import (
    TOO_LATE,
    Accepted,
    Answer,
    Capabilities,
    Outgoing,
    Uncertain,
)


def line(outgoing: Outgoing) -> str:
    """The message in one printable line, without the line break."""
    content, sender = outgoing.content, outgoing.sender
    said = f"{content.subject} | {content.text}" if content.subject else content.text
    shown = f"{outgoing.channel} {sender.name} -> {outgoing.to}: {said} [{outgoing.touch_id}]"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)


class Console:
    """Prints each text to a stream, which stays the caller's to close."""

    capabilities = Capabilities(32, idempotent=False, receipts="none")

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """Print and accept; see `WayOut`."""
        for one in outgoing:
            yield one.touch_id, self._print(one)

    def _print(self, one: Outgoing) -> Answer:
        if time.monotonic() >= one.deadline:
            return TOO_LATE
        try:
            self._stream.write(line(one) + "\n")
            self._stream.flush()
        except OSError as error:
            return Uncertain(f"the terminal went away: {error}")
        return Accepted()

    def close(self) -> None:
        """The stream is not ours to close."""
