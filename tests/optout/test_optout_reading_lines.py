"""Are replies read by the thousand, each line answered in its place?"""

import io
import json
import subprocess
import sys
import time

import pytest

from optout import reading_lines
from optout.__main__ import main
from tests.optout import reading_corpus as corpus


def _answered(*lines: bytes) -> list[dict[str, object]]:
    return [json.loads(answer) for answer in reading_lines.answers(lines)]


def test_each_line_is_answered() -> None:
    assert _answered(
        b'{"text": "STOP", "country": "US", "language": "en"}',
        '{"text": "不要再发广告了", "country": "CN"}'.encode(),
        b'{"text": "thanks"}',
        b'{"text": "N", "country": "CN", "pending": ["Y", "N"]}',
        b'{"text": "email only", "channel": "email"}',
    ) == [
        {"intent": "withdraw", "scope": "all"},
        {"intent": "withdraw", "scope": "marketing"},
        {"intent": "none", "scope": None},
        {"intent": "none", "scope": None},
        {"intent": "withdraw", "scope": "others"},
    ]


@pytest.mark.parametrize(
    "bad",
    [
        b"{", b"7", b"null", b"[]", b"{}", b'{"text": null}', b'{"text": 5}', b'"\xff"',
        b"\xff\xfe", b"[" * 100_000, b'{"text": "a", "country": 1}',
        b'{"text": "a", "channel": "fax"}', b'{"text": "a", "pending": "no"}',
        b'{"text": "a", "pending": [1]}', b"NaN",
    ],
)  # fmt: skip
def test_a_bad_line_is_told_and_the_rest_goes_on(bad: bytes) -> None:
    first, second = _answered(bad, b'{"text": "STOP"}')
    assert set(first) == {"error"}
    assert first["error"]
    assert second["intent"] == "withdraw"


def test_a_lone_surrogate_is_a_text_like_any_other() -> None:
    assert _answered(b'{"text": "\\ud800 stop"}')[0]["intent"] == "withdraw"


def test_blank_lines_have_no_answer() -> None:
    assert _answered(b"\n", b'{"text": "ok"}\n', b"  \n") == [{"intent": "none", "scope": None}]


@pytest.mark.long
def test_five_thousand_lines_a_second() -> None:
    """The whole corpus, over and over, by processor time; the fastest of three runs."""
    told = [
        json.dumps({"text": line.text, "country": line.country, "language": line.language}).encode()
        for line in corpus.lines()
    ]
    many = (told * (10_000 // len(told) + 1))[:10_000]
    reading_lines.copy(io.BytesIO(b"\n".join(told)), io.StringIO())  # compiles the phrases
    spans = []
    for _ in range(3):
        began = time.process_time()
        assert reading_lines.copy(io.BytesIO(b"\n".join(many)), io.StringIO()) == 0
        spans.append(time.process_time() - began)
    assert len(many) / min(spans) > 5_000


def test_one_text_is_read_with_its_reason() -> None:
    code, said = main(["read", "arrêtez de m'écrire", "--country", "FR", "--channel", "sms"], {})
    assert code == 0
    assert json.loads(said)["rule"] == "fr.withdraw"
    assert main(["read"], {})[0] == 2


def test_the_command_reads_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "optout", "read", "--jsonl"],
        input=b'{"text": "STOP"}\nnonsense\n{"text": "ok"}\n',
        capture_output=True,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("intent") for answer in answers] == ["withdraw", None, "none"]
    assert (done.returncode, done.stderr) == (2, b"1 lines could not be read\n")
