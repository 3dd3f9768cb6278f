"""What has this stand-in accepted, and in which order?

One JSON line for each message, in the file before the provider's answer leaves, so that whatever a
dispatcher was told is there even if everybody dies at once. The order goes on where an earlier run
of the stand-in stopped.
"""

import json
from pathlib import Path
from typing import TypedDict


class Entry(TypedDict):
    """One accepted message: `at` counts from 1 in the order of acceptance, `size` is in bytes.

    `said` is a mail's subject or a text message's text, `key` the idempotency key if one came.
    """

    at: int
    touch: str
    to: str
    said: str
    size: int
    id: str
    key: str
    unsubscribe: str


class Record:
    """The log of one stand-in, open for as long as it runs."""

    def __init__(self, path: Path) -> None:
        earlier = read(path) if path.exists() else []
        self._at = len(earlier)
        self._by_key = {entry["key"]: entry for entry in earlier if entry["key"]}
        self._file = path.open("a", encoding="utf-8")

    def known(self, key: str) -> Entry | None:
        """What was accepted under this key before."""
        return self._by_key.get(key)

    def accept(
        self, *, touch: str, to: str, said: str, size: int, key: str = "", unsubscribe: str = ""
    ) -> Entry:
        """Write down one message and hand it to the operating system at once."""
        self._at += 1
        entry: Entry = {
            "at": self._at,
            "touch": touch,
            "to": to,
            "said": said,
            "size": size,
            "id": f"standin-{self._at}",
            "key": key,
            "unsubscribe": unsubscribe,
        }
        if key:
            self._by_key[key] = entry
        self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._file.flush()
        return entry

    def close(self) -> None:
        self._file.close()


def read(path: Path) -> list[Entry]:
    """Everything that was accepted, oldest first. Raises `OSError` where there is no such log."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
