"""What may a template say, and how is it run so that it can do nothing else?

Jinja2 in its immutable sandbox, cut down further: text, names that are known, `if`, a `for` over a
list, comparisons and a few filters. No calls, arithmetic, assignments or includes, so a template
can neither reach an object nor grow. The syntax tree is checked before it is compiled, because
Jinja2 computes constant expressions while compiling.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2 import Template as Compiled
from jinja2.filters import do_default
from jinja2.sandbox import ImmutableSandboxedEnvironment

from outreach.sentences import Flaw, TextError, clipped
from outreach.templates import language

LONGEST = 64 * 1024


class Known(dict[str, object]):
    """A part of the context that knows its own name, so that what is missing in it can be named."""

    def __init__(self, path: str, entries: Mapping[str, object]) -> None:
        super().__init__(entries)
        self.path = path


class Missing(StrictUndefined):
    """A name without a value: it may be asked about (`is defined`, `default`) but not printed."""

    __slots__ = ()

    @property
    def path(self) -> str:
        return str(self._undefined_name)

    @property
    def _undefined_message(self) -> str:
        return self.path


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which a dot looks into our own mappings and nowhere else.

    Jinja2's own dot prefers attributes: `event.data.items` would print a method of `dict`.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Known) and attribute in obj:
            return obj[attribute]
        path = obj.path if isinstance(obj, Known | Missing) else "that"
        return self.undefined(name=f"{path}.{attribute}")

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, str(argument))


def check(source: str) -> str:
    """The text of a template, once it is known to be harmless and to use known names only.

    Raises `TextError` with every flaw and its line in the text.
    """
    compiled(source, html=False)
    return source


@lru_cache(maxsize=4096)
def compiled(source: str, *, html: bool) -> Compiled:
    """The template, compiled once per process and text; `html` escapes what is filled in.

    Raises `TextError`.
    """
    if len(source) > LONGEST:
        raise TextError(Flaw(f"shorten this text: it is longer than {LONGEST:,} signs"))
    environment = _environment(html=html)
    tree = _parsed(source, environment)
    if flaws := language.flaws(tree, source):
        raise TextError(*flaws)
    return environment.from_string(tree)


@lru_cache(maxsize=4096)
def names(source: str) -> frozenset[str]:
    """The names that this text uses, as dotted paths, with those that only a loop gives."""
    return frozenset(language.paths(_parsed(source, _environment(html=False))))


def _parsed(source: str, environment: Sandbox) -> nodes.Template:
    try:
        return environment.parse(source)
    except TemplateSyntaxError as error:
        sentence = f"the template cannot be read: {clipped(error.message or 'no reason given')}"
        raise TextError(Flaw(sentence, error.lineno)) from error
    except RecursionError as error:
        raise TextError(Flaw("nest less deeply: this text is nested beyond reading")) from error
    except ValueError as error:  # a literal of thousands of digits
        raise TextError(Flaw(f"the template cannot be read: {clipped(error)}")) from error


@lru_cache(maxsize=2)
def _environment(*, html: bool) -> Sandbox:
    sandbox = Sandbox(
        undefined=Missing,
        autoescape=html,
        finalize=_said,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
    )
    sandbox.globals.clear()
    sandbox.filters = dict(FILTERS)
    sandbox.tests = {name: sandbox.tests[name] for name in language.TESTS}
    return sandbox


def _said(value: Any) -> Any:
    """Only words and numbers can be said; a list, a mapping or true has no words of its own."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Undefined):
        raise TypeError(f"{type(value).__name__} has no words: choose a field of it, or use `if`")
    return value


def _entries(value: Any) -> list[Any]:
    if isinstance(value, str | Mapping):
        raise TypeError("this filter takes a list")
    return list(value)


def _join(value: Any, between: str = ", ") -> str:
    return str(between).join(str(_said(entry)) for entry in _entries(value))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "capitalize": lambda value: str(value).capitalize(),
    "default": do_default,
    "first": lambda value: _entries(value)[0],
    "join": _join,
    "last": lambda value: _entries(value)[-1],
    "length": len,
    "lower": lambda value: str(value).lower(),
    "title": lambda value: str(value).title(),
    "trim": lambda value: str(value).strip(),
    "upper": lambda value: str(value).upper(),
}
