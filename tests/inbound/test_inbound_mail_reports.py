"""Is a report about a mail read as what it says, and everything else as nothing?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.channels.receipts import Kind
from outreach.inbound import mail_reports
from tests.inbound.mails import a_bounce, a_complaint, an_absence_note

MARK = "tch_" + "a" * 26 + "." + "b" * 21


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "kind"),
    [
        ("failed", "5.1.1", "smtp; 550 5.1.1 no such user", Kind.BOUNCED_HARD),
        ("Failed", "5.1.10", "smtp; 556 5.1.10 null MX", Kind.BOUNCED_HARD),
        ("failed", "5.0.0", "smtp; 550 5.1.1 unknown user", Kind.BOUNCED_HARD),
        ("failed", "5.4.4", "X-Postfix; host not found", Kind.BOUNCED_HARD),
        ("failed", "5.2.2", "smtp; 552 5.2.2 mailbox full", Kind.FAILED),
        ("failed", "5.7.1", "smtp; 550 5.7.1 looks like spam", Kind.FAILED),
        ("failed", "5.1.8", "smtp; 550 5.1.8 bad sender", Kind.FAILED),
        ("failed", "4.4.7", "smtp; delivery time expired", Kind.FAILED),
        ("failed", "5.0.0", "smtp; 550 host 5.1.1.1 is listed", Kind.FAILED),
        ("delayed", "4.4.1", "smtp; 421 try later", Kind.BOUNCED_SOFT),
        ("delivered", "2.0.0", "smtp; 250 ok", Kind.DELIVERED),
        ("relayed", "2.0.0", "smtp; 250 ok", Kind.ACCEPTED),
    ],
)
def test_a_report_of_a_delivery_says(action: str, status: str, diagnostic: str, kind: Kind) -> None:
    """Only an address that does not exist is a hard bounce."""
    raw = a_bounce(MARK, action=action, status=status, diagnostic=diagnostic)
    report = mail_reports.read(raw)
    assert report is not None
    assert report.kinds == (kind,)
    assert diagnostic in report.detail


def test_what_is_said_of_a_hundred_recipients_is_said_once() -> None:
    """We write to one at a time: whoever reports more makes it up."""
    raw = a_bounce(MARK)
    one = raw[raw.index(b"Action:") : raw.index(b"\n", raw.index(b"Status:")) + 1]
    report = mail_reports.read(raw.replace(one, one + (b"\r\n" + one) * 99))
    assert report is not None
    assert report.kinds == (Kind.BOUNCED_HARD,)


@pytest.mark.parametrize("quoted", ["text/rfc822-headers", "message/rfc822"])
def test_the_mail_that_is_quoted_tells_the_mark(quoted: str) -> None:
    """Whole or by its headers, and its text is not searched."""
    report = mail_reports.read(a_bounce(MARK, quoted=quoted))
    assert report is not None
    assert MARK in report.about
    assert "Text" not in report.about


def test_the_address_that_a_report_came_to_tells_the_mark() -> None:
    """For relays that quote nothing of the mail."""
    report = mail_reports.read(a_bounce("none", to=f"bounces+{MARK}@mail.example"))
    assert report is not None
    assert MARK in report.about


@pytest.mark.parametrize(
    ("sort", "kinds"),
    [("abuse", (Kind.COMPLAINED,)), ("Fraud", (Kind.COMPLAINED,)), ("not-spam", None),
     ("auth-failure", None), ("virus", None)],
)  # fmt: skip
def test_a_report_of_a_complaint_says(sort: str, kinds: tuple[Kind, ...] | None) -> None:
    """A person who says that it is no spam does not complain."""
    report = mail_reports.read(a_complaint(MARK, sort=sort))
    assert (report.kinds if report else None) == kinds
    assert report is None or MARK in report.about


@pytest.mark.parametrize(
    "raw",
    [
        an_absence_note(MARK), b"", b"\0\xff", b"Content-Type: multipart/report\n\n",
        a_bounce(MARK).replace(b"Action:", b"Reaction:"),
        b"".join(
            b"Content-Type: multipart/report; boundary=%d\n\n--%d\n" % (n, n) for n in range(5000)
        ),
        b"Content-Type: multipart/report; boundary*=undefined''x\n\n--x\n",
        b"Content-Type: multipart/report; boundary*=idna''x\n\n--x\n",
    ],
    ids=["absence", "nothing", "bytes", "no-parts", "no-fields", "deep", "no-charset", "idna"],
)  # fmt: skip
def test_what_is_no_report_says_nothing(raw: bytes) -> None:
    """An absence note names our mail, and is for a person to read."""
    assert mail_reports.read(raw) is None


@settings(max_examples=200)
@given(st.data())
def test_no_mail_breaks_the_reading(data: st.DataObject) -> None:
    """Cut, torn or spoilt anywhere, it is a report or it is none."""
    raw = bytearray(data.draw(st.sampled_from([a_bounce(MARK), a_complaint(MARK)])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    mail_reports.read(bytes(raw))
