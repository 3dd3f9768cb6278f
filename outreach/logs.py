"""How does a process write its log, and what must never stand in it?

`lines` for people, `json` for collectors: one document a line, with the instant, the level, the
room that speaks, what it says, and the trace to which it belongs. In both an error is told by its
kind and its places, since its text may quote a row; and what looks like an address or a number of a
person is blacked out, wherever it came from.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from opentelemetry import trace

Form: TypeAlias = Literal["lines", "json"]

BLACK = "▇"
_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_PLACES = 6
# A mail address; and a number of a person as it is written with a plus, in groups, or in ten digits
# and more. Days, instants, counts and ids of ours, which have letters among their digits, are none.
# An address is looked for where a word begins alone: else a long word costs its length squared.
_IN_WORD = r"[^\s@<>\"'(),;:=]"
_MAIL = re.compile(rf"(?<!{_IN_WORD}){_IN_WORD}+@{_IN_WORD}+\.{_IN_WORD}+")
_NUMBER = re.compile(
    r"(?<![\w.:/-])(?:\+\d[\d ().-]{5,17}\d|\d{3}[- ]\d{3,4}[- ]\d{4}|\d{10,15})(?![\w:.])"
)


def begin(form: Form) -> None:
    """Write this process's log to standard error, in this form; what was set up before goes."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if form == "json" else Lines(_LINE))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def discreet(said: str) -> str:
    """The same without what looks like an address or a number of a person."""
    return _NUMBER.sub(BLACK, _MAIL.sub(BLACK, said))


def told(error: BaseException) -> str:
    """What went wrong, by its kind and the places that it passed, the innermost first."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-_PLACES:])
    places = " < ".join(f"{f.filename}:{f.lineno} {f.name}" for f in frames)
    cause = error.__cause__
    why = f" because of {told(cause)}" if cause is not None else ""
    return f"{type(error).__qualname__} at {places}{why}"


class Lines(logging.Formatter):
    """A line a record, for people."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        return discreet(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802
        return told(_error(ei))


class Json(logging.Formatter):
    """A document a line, for collectors."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, str] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "said": discreet(record.getMessage()),
        }
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = told(record.exc_info[1])
        of = trace.get_current_span().get_span_context()
        if of.is_valid:
            said |= {"trace": f"{of.trace_id:032x}", "span": f"{of.span_id:016x}"}
        return json.dumps(said, ensure_ascii=False)


def _error(info: object) -> BaseException:
    """The error of what `logging` calls `exc_info`."""
    error = info[1] if isinstance(info, tuple) else None
    return error if isinstance(error, BaseException) else RuntimeError()
