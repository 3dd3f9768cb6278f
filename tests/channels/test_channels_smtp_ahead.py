"""What has left when a connection breaks while more travels ahead?"""

import socket
import time

import pytest

from outreach.channels.smtp import Conversation, Lost

BODY, ENVELOPE = b"b" * 30, b"e" * 20


class _Breaks(socket.socket):
    """Takes so many bytes, a few at a time, and is gone."""

    def __init__(self, takes: int) -> None:
        super().__init__()
        self.takes = takes

    def send(self, data: object, flags: int = 0) -> int:
        if not self.takes:
            raise BrokenPipeError("gone")
        went = min(self.takes, 7, len(memoryview(data)))  # type: ignore[arg-type]
        self.takes -= went
        return went


def said(takes: int) -> bool:
    with _Breaks(takes) as connection:
        until = time.monotonic() + 5
        return Conversation(connection).say(BODY, until=until, ahead=ENVELOPE)


@pytest.mark.parametrize("takes", [0, 1, len(BODY) - 1])
def test_a_body_that_did_not_leave_whole_is_lost(takes: int) -> None:
    """So it was surely not sent."""
    with pytest.raises(Lost):
        said(takes)


@pytest.mark.parametrize("takes", [len(BODY), len(BODY) + len(ENVELOPE) - 1])
def test_a_body_that_left_whole_is_not_lost_with_what_came_behind_it(takes: int) -> None:
    """Its answer is waited for, and nobody takes the envelope for out."""
    assert said(takes) is False


def test_all_of_it_went() -> None:
    """Then the envelope is out as well."""
    assert said(len(BODY) + len(ENVELOPE)) is True
