"""Is the mailbox for returns emptied, each mail once, and nothing lost when something breaks?"""

from collections.abc import Sequence

import pytest

from outreach.errors import Misconfigured, Trouble
from outreach.inbound import mailbox
from outreach.inbound.mailbox import Mailbox
from tests.channels.builders import a_closed_port
from tests.inbound.imap import Box, serving


def emptied(box: Box, took: list[bytes], *, largest: int = 1000) -> int:
    def act(mails: Sequence[bytes]) -> list[bool]:
        took.extend(mails)
        return [b"report" in mail for mail in mails]

    where = mailbox.read(f"imap://u:p@127.0.0.1:{box.port}/Returns")
    return mailbox.empty(where, act, largest=largest)


def test_each_mail_is_read_once_and_what_is_strange_is_flagged() -> None:
    """More than a set of them; the second look finds none."""
    took: list[bytes] = []
    mails = {uid: b"report" if uid % 2 else b"a letter" for uid in range(1, 61)}
    with serving(Box(mails)) as box:
        assert (emptied(box, took), emptied(box, took)) == (60, 0)
    assert took == list(mails.values())
    flagged = {uid for uid, flags in box.flags.items() if r"\Flagged" in flags}
    assert flagged == {uid for uid in mails if uid % 2 == 0}


def test_a_large_mail_is_cut() -> None:
    """It is read as far as a report can go."""
    took: list[bytes] = []
    with serving(Box({7: b"x" * 5000})) as box:
        emptied(box, took, largest=100)
    assert took == [b"x" * 100]


def test_large_mails_are_held_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many came, so that a flood of them does not fill the memory."""
    sizes: list[int] = []
    monkeypatch.setattr(mailbox, "_HEAVY", 2000)

    def act(mails: Sequence[bytes]) -> list[bool]:
        sizes.append(len(mails))
        return [True for _ in mails]

    with serving(Box(dict.fromkeys(range(1, 6), b"x" * 1500))) as box:
        where = mailbox.read(f"imap://u:p@127.0.0.1:{box.port}/Returns")
        mailbox.empty(where, act, largest=1500)
    assert sizes == [2, 2, 1]


@pytest.mark.parametrize("breaks_at", ["LOGIN", "SELECT", "SEARCH", "FETCH", "STORE"])
def test_a_server_that_hangs_up_is_trouble(breaks_at: str) -> None:
    """Nothing is marked as seen that was not acted on."""
    took: list[bytes] = []
    with serving(Box({1: b"report"}, breaks_at=breaks_at)) as box, pytest.raises(Trouble):
        emptied(box, took)
    assert box.unseen() == [1]


def test_a_wrong_password_is_trouble_that_does_not_repeat_it() -> None:
    with (
        serving(Box({}, password="other")) as box,
        pytest.raises(Trouble, match="cannot be read") as told,
    ):
        mailbox.empty(
            Mailbox("127.0.0.1", box.port, "u", "hunter2", tls=False), lambda _: [], largest=1
        )
    assert "hunter2" not in str(told.value)


def test_nobody_there_is_trouble() -> None:
    where = mailbox.read(f"imap://u:p@127.0.0.1:{a_closed_port()}")
    with pytest.raises(Trouble):
        mailbox.empty(where, lambda _: [], largest=1)


def test_a_url_names_a_mailbox() -> None:
    """User and password are percent-decoded, and TLS is the rule."""
    read = mailbox.read("imaps://bounces%40mail.example:a%2Fb@mail.example")
    assert read == Mailbox("mail.example", 993, "bounces@mail.example", "a/b", "INBOX", tls=True)
    assert "a/b" not in repr(read)


@pytest.mark.parametrize(
    "url", ["mail.example", "https://u:p@h", "imaps://h", "imaps://u:p@h:x", "imaps://u:p@h/%22"]
)
def test_a_url_that_names_none_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured, match="OUTREACH_RETURNS_MAILBOX"):
        mailbox.read(url)
