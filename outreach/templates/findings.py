"""What is found in a text, where it stands, and who says that it matters?"""

from dataclasses import dataclass, replace
from enum import StrEnum

from outreach.plain_yaml import Page, Place
from outreach.sentences import Path, shown


class Severity(StrEnum):
    """An error must be mended before the text goes out; a warning is for somebody to weigh."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; `line` and `column` count from 1 in the file, 0 is unknown.

    `source` is the law, rule or policy behind it, or empty where the brand's own word is.
    """

    code: str
    severity: Severity
    where: str
    sentence: str
    phrase: str = ""
    source: str = ""
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        at = f"{self.file}:{self.line}:{self.column}: " if self.line else ""
        said = f"`{self.phrase}` " if self.phrase else ""
        by = f" [{self.source}]" if self.source else ""
        return f"{at}{self.severity}: {self.where}: {said}{self.sentence} ({self.code}){by}"


def placed(finding: Finding, page: Page, path: Path, *, offset: tuple[int, int]) -> Finding:
    """The finding with its place in the file; `offset` is line and column inside the text."""
    place = _inside(page.at(path), *offset)
    return replace(finding, where=shown(path), line=place.line, column=place.column)


def offset(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of the sign at this index."""
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n")


def _inside(place: Place, line: int, column: int) -> Place:
    """As exactly as the way in which the text is written allows."""
    if place.style == "|":
        return Place(place.line + line, place.indent + column)
    if line > 1 or place.style == ">" or not place.line:
        return place
    return Place(place.line, place.column + bool(place.style) + column - 1)
