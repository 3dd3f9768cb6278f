"""What does a pack hold, read quickly enough to be read at every start?

A YAML library in plain Python takes two seconds for all packs. They are written alike: keys, lists
of rows, flow values on one line or more, folded texts. What is written otherwise, or wrongly, is
left to the library, which reads it or says what is wrong.
"""

import re
from collections.abc import Iterable, Iterator

Value = str | list["Value"] | dict[str, "Value"] | None

ENTRY = re.compile(r"([a-z_]+):(?: (.*))?")
TOKEN = re.compile(r'\s*(?:([\[\]{},])|"([^"\\]*)"|([^\[\]{},:"#\s][^\[\]{},:"#]*))(:?)\s*')
OPEN, FOLDED = ("[", "{"), ">-"
PLAIN = re.compile(r"[^\s&*!|>%@`'\"\[\]{},#?:-](?:(?!: | #|:$).)*")
ROW, INNER = "  - ", "      - "


class _Otherwise(Exception):
    """The text is no mistake, and is not for us to read."""


def read(text: str) -> dict[str, Value] | None:
    """The document, scalars as texts and null as `None`; `None` when it is written otherwise."""
    try:
        return _document(text)
    except _Otherwise:
        return None


def _document(text: str) -> dict[str, Value]:
    return _mapping(
        (key, [_row(row) for row in _split(lines, ROW)] if _listed(lines) else _value(lines))
        for key, lines in _blocks(text.splitlines(), 0)
    )


def _row(lines: list[str]) -> Value:
    return _mapping(
        (key, [_value(one) for one in _split(told, INNER)] if _listed(told) else _value(told))
        for key, told in _blocks([" " * len(ROW) + lines[0], *lines[1:]], len(ROW))
    )


def _listed(lines: list[str]) -> bool:
    """Whether a key is followed by a list on the lines below it."""
    return lines[0] == "" and not all(map(_silent, lines))


def _mapping(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in pairs:
        if key in found:
            raise _Otherwise
        found[key] = value
    return found


def _blocks(lines: list[str], indent: int) -> Iterator[tuple[str, list[str]]]:
    """Each key at an indent, with the rest of its line and the lines below that belong to it."""
    key, block = "", [""]
    for line in lines:
        if line[:indent].strip() == "" and line[indent : indent + 1].strip() and not _silent(line):
            if key:
                yield key, block
            key, block = _entry(line[indent:])
        else:
            block.append(line)
    if not key:
        raise _Otherwise
    yield key, block


def _silent(line: str) -> bool:
    """Whether a line is empty or a comment."""
    return line.strip()[:1] in ("", "#")


def _entry(line: str) -> tuple[str, list[str]]:
    found = ENTRY.fullmatch(line)
    if found is None:
        raise _Otherwise
    return found[1], [(found[2] or "").strip()]


def _split(lines: list[str], mark: str) -> list[list[str]]:
    """The entries of a list, each with the lines below it."""
    entries: list[list[str]] = []
    for line in lines[1:]:
        if line.startswith(mark):
            entries.append([line.removeprefix(mark)])
        elif entries:
            entries[-1].append(line)
        elif not _silent(line):
            raise _Otherwise
    return entries


def _value(lines: list[str]) -> Value:
    first, *below = lines
    if first == FOLDED and not any(map(_silent, below)):
        return " ".join(line.strip() for line in below)
    below = [line for line in below if not _silent(line)]
    whole = " ".join((first, *(line.strip() for line in below)))
    if first.startswith((*OPEN, '"')):
        return _flow(whole)
    if below or not PLAIN.fullmatch(whole):
        raise _Otherwise
    return None if whole == "null" else whole


def _flow(text: str) -> Value:
    tokens = list(_tokens(text))
    value = _parsed(tokens)
    if tokens:
        raise _Otherwise
    return value


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Brackets and commas as themselves, keys as `:`, texts as `"` and plain scalars as `=`."""
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise _Otherwise
        mark, quoted, plain, colon = found.groups()
        at = found.end()
        if mark:
            yield mark, ""
        elif quoted is not None:
            yield colon or '"', quoted
        else:
            yield colon or "=", plain.strip()


def _parsed(tokens: list[tuple[str, str]]) -> Value:
    kind, text = tokens.pop(0) if tokens else ("", "")
    if kind in {'"', "="}:
        return None if (kind, text) == ("=", "null") else text
    if kind == "[":
        return [_parsed(tokens) for _ in _until("]", tokens)]
    if kind == "{":
        return _mapping((_key(tokens), _parsed(tokens)) for _ in _until("}", tokens))
    raise _Otherwise


def _until(closing: str, tokens: list[tuple[str, str]]) -> Iterator[None]:
    """Once per entry, with the commas between them taken off, and the bracket after them."""
    while tokens and tokens[0][0] != closing:
        yield
        if tokens and tokens[0][0] == ",":
            tokens.pop(0)
        elif not tokens or tokens[0][0] != closing:
            raise _Otherwise
    if not tokens:
        raise _Otherwise
    tokens.pop(0)


def _key(tokens: list[tuple[str, str]]) -> str:
    kind, text = tokens.pop(0)
    if kind != ":":
        raise _Otherwise
    return text
