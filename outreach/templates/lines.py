"""Which lines does a brand have for its texts, by channel and language, and where are they read?"""

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from typing import Protocol, TypeAlias

from optout.model import Channel, Purpose
from outreach.templates import fields

NAMED = ("header", "footer", "legal", "signature", "name")
"""The lines that a template may name, as `brand.header`."""


class Written(Protocol):
    """The lines as a brand keeps them for one channel and language; empty is none."""

    @property
    def header(self) -> str: ...
    @property
    def footer(self) -> str: ...
    @property
    def legal(self) -> str: ...
    @property
    def signature(self) -> str: ...
    @property
    def opt_out(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Lines:
    """What one brand says around its texts on one channel and in one language."""

    name: str = ""
    signature: str = ""
    header: str = ""
    footer: str = ""
    legal: str = ""
    opt_out: str = ""

    def named(self) -> dict[str, str]:
        """Those that templates may name."""
        return {name: line for name, line in asdict(self).items() if name in NAMED}


@dataclass(frozen=True, slots=True)
class Frame:
    """These lines for these purposes, read in these countries (ISO 3166-1 alpha-2)."""

    lines: Lines = Lines()
    countries: Collection[str] = ()
    purposes: Collection[Purpose] = ()


NOTHING = Frame()
"""Nothing is added."""

Own: TypeAlias = Callable[[str, Channel], Lines]
"""The lines of a brand by locale and channel."""


def lines(name: str, written: Written) -> Lines:
    """What the brand of this name says."""
    return Lines(
        name, written.signature, written.header, written.footer, written.legal, written.opt_out
    )


def sample(locale: str, _: Channel) -> Lines:
    """The lines of the made-up brand that stands in for review."""
    brand = fields.sample(locale)["brand"]
    return Lines(**{name: brand[name] for name in NAMED})
