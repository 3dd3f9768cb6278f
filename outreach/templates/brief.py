"""What must be known of a brand before its texts can be judged?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from optout.model import Channel
from outreach.templates.lines import Own


class Avoided(Protocol):
    """Words that a brand does not use, and what it says instead."""

    @property
    def phrase(self) -> str: ...
    @property
    def rather(self) -> str: ...


class Voice(Protocol):
    """How a brand speaks."""

    @property
    def avoid(self) -> Sequence[Avoided]: ...
    @property
    def address(self) -> Literal["formal", "familiar"] | None: ...
    @property
    def sign_off(self) -> Mapping[str, str]: ...
    @property
    def exclamation_marks(self) -> int | None: ...
    @property
    def emoji(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Brief:
    """What lint goes by beside law and custom; nothing in it asks for nothing."""

    voice: Voice | None = None
    locales: Collection[str] = ()
    """Every template has to speak these."""
    countries: Collection[str] = ()
    """Every text may be read there (ISO 3166-1 alpha-2), whatever its locale."""
    traced: bool = False
    """Whether whoever gets these texts has agreed that links and pictures trace them."""
    senders: Mapping[Channel, str] = field(default_factory=dict)
    """From which name or number texts and calls come; some countries want it to look so and so."""
    parts: int = 3
    """The most parts that a text message should be cut into."""
    own: Own | None = None
    """The brand's own lines; with them, what is put around a text counts as said."""


NOTHING = Brief()
