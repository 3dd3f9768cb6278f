"""What does the command say of a mail that came back?"""

from pathlib import Path

from tests.cli.conftest import Run
from tests.inbound.mails import a_bounce


def test_a_mail_is_taken_in_and_what_became_of_it_is_told(shared_run: Run, tmp_path: Path) -> None:
    """A report about no mail of ours, and a mail that is no report, change nothing."""
    bounce, letter = tmp_path / "bounce", tmp_path / "letter"
    bounce.write_bytes(a_bounce("tch_" + "a" * 26 + "." + "b" * 21))
    letter.write_bytes(b"Subject: hello\n\nhello")
    assert shared_run("receipts", "mail", bounce).out.strip() == "not ours"
    assert shared_run("receipts", "mail", letter, "--json").json["became"] == "no report"


def test_a_mail_that_is_too_large_is_refused(shared_run: Run, tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    huge.write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    told = shared_run("receipts", "mail", huge)
    assert told.code == 2
    assert "no report is so large" in told.err
