"""What can a reply mean, how far does it reach, and what was asked before it came?"""

from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What a reply asks for."""

    WITHDRAW = "withdraw"
    RESTORE = "restore"
    HELP = "help"
    UNSURE = "unsure"
    NONE = "none"


class Scope(StrEnum):
    """How far a withdrawal reaches, within the brand to which the person replied."""

    ALL = "all"
    CHANNEL = "channel"  # the channel on which it came
    OTHERS = "others"  # every channel but that on which it came
    MARKETING = "marketing"  # what promotes, on every channel


@dataclass(frozen=True, slots=True)
class PendingQuestion:
    """A question that this person was asked and has not answered; the answers that it offered."""

    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply means. `matched` are the words that decided, in the spelling compared.

    `scope` stands with withdraw and unsure: how far the person seems to refuse. `rule` says where
    the words are filed: `keyword.US`, `en.everything`, `answer`, `weights`, or "" where nothing
    matched.
    """

    intent: Intent
    scope: Scope | None = None
    matched: str = ""
    rule: str = ""
