"""What does the Common Expression Language say where the fixed operators do not reach?

An expression sees `event` and `person` as plain maps, can change nothing, and its evaluator counts
iterations, so it always ends. Specification: https://cel.dev, language definition of 2025.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from typing import Any

from outreach.sentences import Flaw, TextError

LONGEST = 1000

_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_AT = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): (.*)")


class NoAnswerError(ValueError):
    """The expression could not be evaluated on this event and person; the sentence says why."""


def check(source: str) -> str:
    """The expression itself, once it is known to compile to yes or no.

    Raises `TextError` with each flaw's line and column inside the expression.
    """
    if len(source) > LONGEST:
        raise TextError(Flaw(f"shorten the expression: it is longer than {LONGEST} signs"))
    kind = _compiled(source).return_type()
    if kind not in (_cel().Type.BOOL, _cel().Type.DYN):
        raise TextError(Flaw(f"the expression gives {kind.name().lower()}: make it a yes or no"))
    return source


def holds(source: str, *, event: Mapping[str, object], person: Mapping[str, object]) -> bool:
    """Does the expression hold? Raises `NoAnswerError` where it cannot be evaluated."""
    data = {"event": _plain(event), "person": _plain(person)}
    try:
        value = _compiled(source).eval(data=data)
    except RuntimeError as error:
        raise NoAnswerError(_short(str(error))) from error
    if value.type() != _cel().Type.BOOL:
        raise NoAnswerError(_short(str(value.plain_value())))
    return bool(value.plain_value())


@lru_cache(maxsize=1)
def _cel() -> Any:  # it ships no types
    """The evaluator: six megabytes, which only a process has that meets an expression."""
    return import_module("cel_expr_python.cel")


@lru_cache(maxsize=1)
def _environment() -> Any:  # as above
    cel = _cel()
    return cel.NewEnv(variables={"event": cel.Type.DYN, "person": cel.Type.DYN})


@lru_cache(maxsize=1024)
def _compiled(source: str) -> Any:  # as above
    if _UNSPEAKABLE.search(source):
        raise TextError(Flaw("remove control characters from the expression"))
    try:
        return _environment().compile(source)
    except RuntimeError as error:
        raise TextError(*_flaws(str(error))) from error


def _flaws(said: str) -> list[Flaw]:
    found = [
        Flaw(f"the expression cannot be read: {sentence}", max(int(line), 0), max(int(column), 0))
        for line, column, sentence in _AT.findall(said)
    ]
    return found or [Flaw(f"the expression cannot be read: {_short(said)}")]


def _short(said: str) -> str:
    """The first line, without the evaluator's own code in front."""
    first, _, _ = said.partition("\n")
    return first.removeprefix("INVALID_ARGUMENT: ")[:200] or "no reason given"


def _plain(value: object) -> object:
    """JSON-like data: amounts as doubles, instants as RFC 3339 text for `timestamp()`."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
