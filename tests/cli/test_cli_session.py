"""Is an answer whole, whatever it holds and wherever it goes?"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from uuid import UUID

import pytest

from outreach.cli import session
from outreach.errors import Invalid, Trouble

HAN = "华辰😀"


class Terminal(TextIOWrapper):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], BytesIO]:
    """Put a stream of this encoding in the place of standard output."""

    def put(encoding: str) -> BytesIO:
        kept = BytesIO()
        monkeypatch.setattr(sys, "stdout", TextIOWrapper(kept, encoding, write_through=True))
        return kept

    return put


@pytest.mark.parametrize("told", ["sms=Infinity", "sms=NaN", "sms=-1", "sms=1E+99", "fax=1", "1"])
def test_what_can_be_no_price_is_refused(told: str) -> None:
    assert session.price_of("sms=0.045") == ("sms", Decimal("0.045"))
    with pytest.raises(Invalid, match=r"is no (price|channel)"):
        session.price_of(told)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "gbk", "latin-1"])
def test_json_passes_through_any_encoding(stream: Callable[[str], BytesIO], encoding: str) -> None:
    kept = stream(encoding)
    session.answer({"name": HAN, "place": "Réunion"}, as_json=True)
    assert json.loads(kept.getvalue()) == {"name": HAN, "place": "Réunion"}


def test_words_that_an_encoding_lacks_are_escaped(stream: Callable[[str], BytesIO]) -> None:
    kept = stream("ascii")
    session.say(HAN)
    assert kept.getvalue() == b"\\u534e\\u8fb0\\U0001f600\n"


def test_a_name_that_is_no_text_stops_nobody(stream: Callable[[str], BytesIO]) -> None:
    kept = stream("utf-8")
    session.answer({"file": "caf\udce9.yaml"}, as_json=True)
    assert json.loads(kept.getvalue()) == {"file": "caf\udce9.yaml"}


def test_a_pipe_gets_lines_unfolded_and_texts_unread(capsys: pytest.CaptureFixture[str]) -> None:
    name = "[bold]:key:[/bold] " + "x" * 200
    row = {"name": name, "at": None}
    session.answer_rows([row], columns=("name", "at"), as_json=False, none="nobody")
    assert name in capsys.readouterr().out


def test_progress_is_for_terminals(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with session.progress() as tell:
        tell("500 lines")
    assert capsys.readouterr() == ("", "")
    seen = BytesIO()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal(seen, "utf-8", write_through=True))
    with session.progress() as tell:
        tell("500 lines")
    assert b"500 lines" in seen.getvalue()


def test_values_become_plain() -> None:
    at = datetime(2026, 3, 10, 12, tzinfo=UTC)
    data = {1: (at, date(2026, 3, 10)), "id": UUID(int=1), "set": {None}, "yes": True, "n": 1.5}
    assert session.plain(data) == {
        "1": ["2026-03-10T12:00:00+00:00", "2026-03-10"],
        "id": "00000000-0000-0000-0000-000000000001",
        "set": [None],
        "yes": True,
        "n": 1.5,
    }


def test_instants_are_shown_in_one_zone() -> None:
    there = timezone(timedelta(hours=8))
    assert session.shown(datetime(2026, 3, 10, 20, tzinfo=there)) == "2026-03-10 12:00 UTC"
    assert session.shown(None) == ""


def test_trouble_midway_says_how_far_it_came() -> None:
    sentence = "gone; 500 lines are done, so import the file again"
    with pytest.raises(Trouble, match=sentence), session.resumable(500):
        raise Trouble("gone")


def test_an_unknown_word_is_refused_with_the_nearest() -> None:
    session.one_of(None, ["sent"], what="state")
    session.one_of("sent", ["sent"], what="state")
    with pytest.raises(Invalid, match=r"'snet' is no state; did you mean `sent`\?"):
        session.one_of("snet", ["sent", "failed"], what="state")
