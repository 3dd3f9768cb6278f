"""What has this stand-in accepted, and in which order?

One JSON line for each message, in the file before the provider's answer leaves, so that whatever a
dispatcher was told is there even if everybody dies at once. The order goes on where an earlier run
of the stand-in stopped.
"""

import json
import time
from pathlib import Path
from typing import TypedDict


class Entry(TypedDict):
    """One accepted message: `at` counts from 1 in the order of acceptance, `size` is in bytes.

    `said` is a mail's subject or a text message's text, `key` the idempotency key if one came.
    `began` is when its first byte was heard and `taken` when it was written down, both in seconds
    of the machine's steady clock, which every process on it shares. `echo` is what the provider
    gives back in its receipts.
    """

    at: int
    touch: str
    to: str
    sender: str
    said: str
    size: int
    id: str
    key: str
    unsubscribe: str
    began: float
    taken: float
    echo: str


class Record:
    """The log of one stand-in, open for as long as it runs.

    `knows_keys` is whether it remembers idempotency keys, also those of an earlier run.
    `called_off` holds the ids of messages that somebody was to send and is not to send any more.
    """

    def __init__(self, path: Path, *, knows_keys: bool = True) -> None:
        earlier = read(path) if path.exists() else []
        self.at = len(earlier)
        self._knows_keys = knows_keys
        self._by_key: dict[str, Entry] = {}
        self._by_touch: dict[str, Entry] = {}
        self._by_id: dict[str, Entry] = {}
        self.called_off: set[str] = set()
        for entry in earlier:
            self._remember(entry)
        self._file = path.open("a", encoding="utf-8")

    def known(self, key: str) -> Entry | None:
        """What was accepted under this key before."""
        return self._by_key.get(key)

    def of(self, touch: str) -> Entry | None:
        """What was accepted under this reference of the client's."""
        return self._by_touch.get(touch)

    def under(self, given: str) -> Entry | None:
        """What was accepted under this id of the provider's."""
        return self._by_id.get(given)

    def accept(
        self,
        *,
        touch: str,
        to: str,
        said: str,
        size: int,
        key: str = "",
        unsubscribe: str = "",
        sender: str = "",
        began: float = 0.0,
        echo: str = "",
    ) -> Entry:
        """Write down one message and hand it to the operating system at once."""
        self.at += 1
        entry: Entry = {
            "at": self.at,
            "touch": touch,
            "to": to,
            "sender": sender,
            "said": said,
            "size": size,
            "id": f"standin-{self.at}",
            "key": key,
            "unsubscribe": unsubscribe,
            "began": began,
            "taken": time.monotonic(),
            "echo": echo,
        }
        self._remember(entry)
        self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._file.flush()
        return entry

    def close(self) -> None:
        self._file.close()

    def _remember(self, entry: Entry) -> None:
        self._by_touch.setdefault(entry["touch"], entry)
        self._by_id[entry["id"]] = entry
        if entry["key"] and self._knows_keys:
            self._by_key[entry["key"]] = entry


def read(path: Path) -> list[Entry]:
    """Everything that was accepted, oldest first. Raises `OSError` where there is no such log."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
