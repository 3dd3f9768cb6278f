"""What do our pages say, in each of our two languages?

Gettext catalogues under `locale/`, one file for each screen, read as they are written: nothing has
to be compiled. A message is named and not quoted; its holes stand in braces, and one with a plural
counts by its hole `many`. Numbers are written as the language writes them (Unicode CLDR).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from outreach.bilingual import Language

Speech = Callable[..., str]

CATALOGUES = Path(__file__).parent / "locale"
LOCALES: Mapping[Language, str] = {"en": "en", "zh-CN": "zh_CN"}


@dataclass(frozen=True, slots=True)
class Words:
    """The messages of one language by name, each with as many forms as it has plurals."""

    forms: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]


@cache
def words(language: Language) -> Words:
    """Every message of a language. Raises `ValueError` where two screens give one name."""
    folder = CATALOGUES / LOCALES[language] / "LC_MESSAGES"
    catalogues = [_read(path, LOCALES[language]) for path in sorted(folder.glob("*.po"))]
    forms: dict[str, tuple[str, ...]] = {}
    for catalogue in catalogues:
        found = _messages(catalogue)
        if twice := forms.keys() & found.keys():
            raise ValueError(f"{sorted(twice)} stand in two catalogues of {language}")
        forms |= found
    return Words(forms, c2py(catalogues[0].plural_expr))


def in_language(language: Language) -> Speech:
    """A function from a name, and what fills its holes, to what is said."""
    known = words(language)

    def say(name: str, /, **holes: object) -> str:
        forms = known.forms[name]
        many = holes.get("many")
        form = known.plural(many) if len(forms) > 1 and isinstance(many, int) else 0
        return forms[form].format(**{n: _written(v, language) for n, v in holes.items()})

    return say


def number(value: float, language: Language) -> str:
    """A number with the marks of the language: 12,345.6."""
    return format_decimal(value, locale=LOCALES[language])


def _written(value: object, language: Language) -> object:
    return number(value, language) if isinstance(value, int | float) else value


def _read(path: Path, locale: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def _messages(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    return {_forms(message.id)[0]: _forms(message.string) for message in catalogue if message.id}


def _forms(written: str | Iterable[str | None] | None) -> tuple[str, ...]:
    """One text alone, or one for each plural; a form that nobody wrote is empty."""
    one = (written,) if isinstance(written, str) or written is None else written
    return tuple(form or "" for form in one)
