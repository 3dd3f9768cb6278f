"""Can a text forge a second line on the terminal? And what does memory keep?"""

import io

from outreach.channels.console import Console, line
from outreach.channels.memory import Memory
from outreach.channels.protocol import Accepted, Refused, Uncertain
from outreach.content import Content
from tests.channels.builders import a_mail, a_text


def test_one_message_is_one_line() -> None:
    """Line ends and escape sequences are shown, not obeyed."""
    stream = io.StringIO()
    list(Console(stream).hand_over([a_text(content=Content("a\nb\x1b[2J\u2028c\r"))]))
    assert stream.getvalue().splitlines() == [
        f"sms Shop -> +12025550101: a\\nb\\x1b[2J\\u2028c\\r [{a_text().touch_id}]"
    ]


def test_a_mail_shows_its_subject() -> None:
    """The subject stands before the text."""
    assert "Ihr Paket ist da | Is everything" in line(a_mail())


def test_a_terminal_that_went_away_leaves_it_uncertain() -> None:
    """Some of the line may have been seen."""

    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError("gone")

    [(_, answer)] = Console(Gone()).hand_over([a_text()])
    assert isinstance(answer, Uncertain)


def test_memory_answers_as_decided_and_keeps_all() -> None:
    """A provider's behaviour is one function."""
    answers = {
        a_mail(n).touch_id: a
        for n, a in enumerate(
            [Accepted("x"), Refused("busy", "later", permanent=False), Uncertain("who knows")]
        )
    }
    memory = Memory(lambda one: answers[one.touch_id])
    assert dict(memory.hand_over([a_mail(n) for n in range(3)])) == answers
    assert [one.touch_id for one in memory.reached] == [a_mail(0).touch_id, a_mail(2).touch_id]
    assert len(memory.handed) == 3
