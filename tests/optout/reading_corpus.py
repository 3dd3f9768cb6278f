"""Which replies do we know the meaning of, and how well are they read?

A corpus file holds texts. A line that begins with = gives, for those after it, the intent, the
scope, the language, the country and what a pending question offered, then where they come from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from optout.reading import Intent, PendingQuestion, Reading, Scope, read

__all__ = ["Intent", "Line", "Scope", "lines", "read", "replace", "score"]

HOME = Path(__file__).parent / "corpus"
LANGUAGES = ("de", "en", "es", "fr", "ja", "ko", "pt", "zh")
HELD_OUT = (
    "held_out", "held_out_again", "held_out_third", "held_out_fourth", "held_out_fifth",
)  # fmt: skip
LEARNT = ("unusual",)  # what phrases do not know, and the weights have seen
UNSEEN = ("held_out_sixth", "held_out_seventh")  # neither rules nor weights were mended by them


@dataclass(frozen=True)
class Line:
    """One reply, what it is expected to mean, and where it comes from."""

    text: str
    intent: Intent
    scope: Scope | None
    language: str | None
    country: str | None
    pending: PendingQuestion | None
    source: str

    def read(self) -> Reading:
        return read(self.text, country=self.country, language=self.language, pending=self.pending)


@dataclass(frozen=True)
class Score:
    """How a set of lines was read."""

    withdrawals: int
    missed: Sequence[str]  # withdrawals read as none, help or restore
    left_unsure: Sequence[str]  # withdrawals read as unsure
    ordinary: int
    taken: Sequence[str]  # ordinary replies read as withdrawals
    doubted: Sequence[str]  # ordinary replies read as unsure
    lines: int
    other: Sequence[tuple[str, Reading]]  # any line that is not read as told
    weighed: tuple[int, int]  # withdrawals, ordinary replies: those that only the weights doubt

    def __str__(self) -> str:
        return (
            f"{self.lines} lines, {self.lines - len(self.other)} read as told; "
            f"{self.withdrawals} withdrawals: {len(self.missed)} missed, "
            f"{len(self.left_unsure)} unsure ({self.weighed[0]} by weights alone); "
            f"{self.ordinary} ordinary: {len(self.taken)} taken for withdrawals, "
            f"{len(self.doubted)} unsure ({self.weighed[1]} by weights alone)"
        )


def lines(*names: str) -> list[Line]:
    """The lines of these files; of the languages' own where none is named."""
    return [line for name in names or LANGUAGES for line in _read(HOME / f"{name}.txt")]


def score(chosen: Sequence[Line]) -> Score:
    """Read every line and count what went wrong."""
    read_as = [(line, line.read()) for line in chosen]
    refusing = [(line, said) for line, said in read_as if line.intent is Intent.WITHDRAW]
    calm = [(line, said) for line, said in read_as if line.intent is Intent.NONE]
    heard = {Intent.WITHDRAW, Intent.UNSURE}
    weighed = [sum(said.rule == "weights" for _, said in some) for some in (refusing, calm)]
    return Score(
        withdrawals=len(refusing),
        missed=[line.text for line, said in refusing if said.intent not in heard],
        left_unsure=[line.text for line, said in refusing if said.intent is Intent.UNSURE],
        ordinary=len(calm),
        taken=[line.text for line, said in calm if said.intent is Intent.WITHDRAW],
        doubted=[line.text for line, said in calm if said.intent is Intent.UNSURE],
        lines=len(read_as),
        other=[
            (line.text, said)
            for line, said in read_as
            if (said.intent, said.scope) != (line.intent, line.scope)
        ],
        weighed=(weighed[0], weighed[1]),
    )


def _read(path: Path) -> Iterator[Line]:
    told: dict[str, object] = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        if text.startswith("= "):
            told = _told(text[2:])
        elif text and not text.startswith("#"):
            yield Line(text=text, **told)  # type: ignore[arg-type]  # read just above


def _told(header: str) -> dict[str, object]:
    fields, _, source = header.partition(" | ")
    intent, scope, language, country, asked = (
        None if field == "-" else field for field in fields.split(" ", 4)
    )
    return {
        "intent": Intent(intent or ""),
        "scope": Scope(scope) if scope else None,
        "language": language,
        "country": country,
        "pending": PendingQuestion(tuple(asked.split("/"))) if asked else None,
        "source": source,
    }


if __name__ == "__main__":
    import sys

    print(score(lines(*sys.argv[1:])))  # noqa: T201
