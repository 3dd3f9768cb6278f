"""What did these replies mean, by the thousand? One JSON object a line in, one a line out.

In: `text`, and where known `country`, `language`, `channel` and `pending` (the answers that an open
question offers, as a list). Out: `intent` and `scope`. A line that cannot be read is answered with
`error`, in its place, and the rest goes on.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import BinaryIO, TextIO

from optout.model import Channel
from optout.reading import PendingQuestion, Reading, read

_MANY = 1_000  # written at once


def describe(parser: ArgumentParser) -> None:
    """The options of `python -m optout read`."""
    parser.add_argument("text", nargs="?", help="what the person wrote; left out with --jsonl")
    parser.add_argument("--country", help="where the sender's number is from, such as US")
    parser.add_argument("--language", help="the sender's language, such as zh")
    parser.add_argument("--channel", type=Channel, help="the channel on which it came")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line, from stdin")


def command(given: Namespace) -> tuple[int, str]:
    """Carry out `python -m optout read`: 0 when all could be read, 2 when something could not."""
    if given.jsonl:
        bad = copy(sys.stdin.buffer, sys.stdout)
        return (2, f"{bad} lines could not be read") if bad else (0, "")
    if given.text is None:
        return 2, "give the text of a reply, or --jsonl and lines on standard input"
    said = read(given.text, country=given.country, language=given.language, channel=given.channel)
    return 0, json.dumps(asdict(said), ensure_ascii=False)


def copy(source: BinaryIO, target: TextIO) -> int:
    """Answer each line of the source; how many could not be read comes back."""
    bad = 0
    batch: list[str] = []
    for answer in answers(source):
        bad += answer.startswith('{"error"')
        batch.append(answer)
        if len(batch) == _MANY:
            target.writelines(batch)
            batch.clear()
    target.writelines(batch)
    target.flush()
    return bad


def answers(lines: Iterable[bytes]) -> Iterator[str]:
    """One line for each that is not blank, in their order."""
    for line in lines:
        if line.strip():
            yield _answer(line) + "\n"


def _answer(line: bytes) -> str:
    try:
        said = _read(json.loads(line))
    except (ValueError, RecursionError) as error:
        return json.dumps({"error": str(error) or "nested too deeply"})
    scope = "null" if said.scope is None else f'"{said.scope}"'
    return f'{{"intent": "{said.intent}", "scope": {scope}}}'


def _read(given: object) -> Reading:
    if not isinstance(given, dict):
        raise ValueError("a line is a JSON object with a text")  # noqa: TRY004  # told, not raised on
    text, channel = _text(given, "text"), _text(given, "channel")
    if text is None:
        raise ValueError("text is missing")
    return read(
        text,
        country=_text(given, "country"),
        language=_text(given, "language"),
        channel=None if channel is None else Channel(channel),
        pending=_pending(given.get("pending")),
    )


def _text(given: dict[str, object], key: str) -> str | None:
    value = given.get(key)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{key} must be a text")


def _pending(value: object) -> PendingQuestion | None:
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(option, str) for option in value):
        return PendingQuestion(tuple(value))
    raise ValueError("pending must be a list of texts, the answers that a question offered")
