"""What does a mail system write to the address for returns? Made up after RFC 3464 and RFC 5965."""

from email.mime.text import MIMEText


def a_bounce(
    mark: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 no such user here",
    to: str = "bounces@mail.example",
    quoted: str = "text/rfc822-headers",
) -> bytes:
    """A report of a delivery, as a relay writes it, quoting the mail with this mark."""
    fields = (
        "Reporting-MTA: dns; relay.example\n\n"
        "Final-Recipient: rfc822; person@people.example\n"
        f"Action: {action}\nStatus: {status}\nDiagnostic-Code: {diagnostic}\n"
    )
    return _report("delivery-status", fields, mark, to=to, quoted=quoted)


def a_complaint(mark: str, *, sort: str = "abuse", to: str = "bounces@mail.example") -> bytes:
    """A report of a complaint, as a mailbox provider writes it."""
    fields = f"Feedback-Type: {sort}\nUser-Agent: Loop/1\nVersion: 1\n"
    return _report("feedback-report", fields, mark, to=to, quoted="message/rfc822")


def an_absence_note(mark: str) -> bytes:
    """A mail that a person's program writes back: no report, although it names our mail."""
    note = MIMEText("I am away until Monday. 我不在。", _charset="utf-8")
    note["To"], note["In-Reply-To"] = "bounces@mail.example", f"<{mark}@shop.example>"
    note["Auto-Submitted"] = "auto-replied"
    return note.as_bytes()


def _report(sort: str, fields: str, mark: str, *, to: str, quoted: str) -> bytes:
    parts = (
        "Content-Type: text/plain\n\nSomething happened to your mail.\n",
        f"Content-Type: message/{sort}\n\n{fields}",
        f"Content-Type: {quoted}\n\nMessage-ID: <{mark}@shop.example>\nSubject: Hello\n\nText\n",
    )
    head = (
        f"From: MAILER-DAEMON@relay.example\nTo: {to}\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type={sort}; boundary="=_1"\n\n'
    )
    whole = head + "".join(f"--=_1\n{part}\n" for part in parts) + "--=_1--\n"
    return whole.replace("\n", "\r\n").encode()
