"""What does the document of a queue say: who calls, when, whom, and what each ending leads to?

One file of YAML per queue, kept for every brand that the queue serves. Unknown keys are refused.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter

from optout.model import Purpose
from outreach import documents
from outreach.brands.model import Zone
from outreach.callbacks.model import Sort
from outreach.campaigns.fields import Span
from outreach.hours.pack_file import WeekOfWindows
from outreach.shapes import STRICT, Key, Locale

Means: TypeAlias = Literal[
    "reached", "promised", "again", "wrong_number", "refused", "language", "escalate"
]
"""What an ending comes to, whatever a queue calls it."""

Names: TypeAlias = Annotated[dict[Locale, str], Field(min_length=1)]
DispositionKey: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
BUILT_IN: dict[Sort, str] = {"call": "calls", "copy": "copies"}
"""The queues of a brand that has none of its own."""

_OF_CALLS = frozenset({"promised", "wrong_number"})
_LONGEST_LEASE = timedelta(hours=4)


def _leased(span: timedelta) -> timedelta:
    if not timedelta() < span <= _LONGEST_LEASE:
        raise ValueError("write a duration of more than nothing and at most 4 h")
    return span


Lease: TypeAlias = Annotated[Span, AfterValidator(_leased)]


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who calls."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """How the agent is called in requests."""
    name: str
    """How the agent is called by colleagues."""
    zone: Zone
    """The clock of the agent's shifts."""
    hours: WeekOfWindows
    """The shifts: `{mon-fri: ["09:00-17:00"], sat-sun: []}`; one may run past midnight."""
    languages: tuple[Locale, ...] = ()
    """Languages that the agent calls in; none named means any."""
    skills: tuple[Key, ...] = ()
    """What the agent is trained for, such as `vip` or `regulated`."""
    in_house: bool = False
    """Whether the agent is the brand's own, and not an outsourcing firm's."""


@dataclass(frozen=True, slots=True)
class Takes:
    """Which calls come to a queue: those to which every list that is not empty speaks."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    kind: Sort = "call"
    """`call`, or `copy` for texts that agents copy into a platform's chat."""
    campaigns: tuple[Key, ...] = ()
    """Calls of these campaigns."""
    purposes: tuple[Purpose, ...] = ()
    """Calls for these purposes."""
    languages: tuple[Locale, ...] = ()
    """Calls to people of these languages; `pt` takes `pt-BR` too."""
    tags: tuple[str, ...] = ()
    """Calls to people with one of these tags, such as `vip`."""


@dataclass(frozen=True, slots=True)
class Retry:
    """When the person is called again."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    after: Span
    """How long after the call, at least."""
    times: Annotated[int, Field(ge=1, le=20, strict=True)]
    """How many calls there are at most, the first included."""
    other_time: bool = False
    """At a time of day at which nobody has tried yet, on the person's own clock."""
    other_number: bool = False
    """At another number, if the person gave one."""


@dataclass(frozen=True, slots=True)
class Disposition:
    """One way for a call to end."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: DispositionKey
    """The word that the agent says."""
    name: Names
    """The same for people, by locale."""
    means: Means
    """What it comes to."""
    retry: Retry | None = None
    """When to call again; without it the call is over."""
    button: Annotated[str, Field(pattern=r"^[0-9a-z]$")] | None = None
    """The key of the keyboard that says it."""

    def __post_init__(self) -> None:
        if self.retry and self.means not in {"again", "wrong_number"}:
            raise ValueError("only a call that did not reach the person is made again")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast calls are given to a queue."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    handling: Span = timedelta(minutes=5)
    """How long a call takes, until enough of them have been measured."""
    share: Annotated[float, Field(gt=0, lt=1)] = 0.8
    """The share of calls that somebody has to be free for in time."""
    within: Span = timedelta(seconds=20)
    """In time is so soon."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Agents who share calls."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The queue's name."""
    name: Names
    """The same for people, by locale."""
    order: Annotated[int, Field(ge=0, le=1000, strict=True)] = 100
    """The queue with the lowest number that takes a call gets it."""
    takes: Takes = Takes()
    """Which calls it takes; nothing said takes any."""
    in_house: bool = False
    """Whether only the brand's own people may make these calls."""
    needs: tuple[Key, ...] = ()
    """Skills that each of its calls asks for."""
    agents: tuple[Agent, ...] = ()
    """Who calls. A queue of nobody is open to whoever names themselves."""
    dispositions: Annotated[tuple[Disposition, ...], Field(max_length=36)] = ()
    """How calls may end; those of the built-in queue where nothing is said."""
    lease: Lease = timedelta(minutes=15)
    """How long a call is its taker's without a word from them."""
    patience: Span = timedelta(minutes=15)
    """How long a call that one agent promised waits for them before anyone may make it."""
    pace: Pace | None = None
    """How fast calls are opened; nothing said opens them as they come."""

    def __post_init__(self) -> None:
        once("agent", [agent.key for agent in self.agents])
        once("disposition", [one.key for one in self.dispositions])
        once("button", [one.button for one in self.dispositions if one.button])
        if self.takes.kind == "copy" and any(one.means in _OF_CALLS for one in self.dispositions):
            raise ValueError("a text to copy ends neither with a promise nor with a wrong number")
        if self.pace and not self.agents:
            raise ValueError("name the `agents`: a pace is worked out from their shifts")

    @property
    def endings(self) -> dict[str, Disposition]:
        """How calls may end, by the word for it."""
        return {one.key: one for one in self.dispositions or self._usual()}

    def _usual(self) -> tuple[Disposition, ...]:
        return built_in(self.takes.kind).dispositions

    def agent(self, key: str) -> Agent | None:
        """The agent of this name."""
        return next((agent for agent in self.agents if agent.key == key), None)


# Built at the first use: a process that asks nothing of queues does without.
@lru_cache(maxsize=1)
def _shape() -> TypeAdapter[Queue]:
    return TypeAdapter(Queue)


def once(what: str, keys: list[str]) -> None:
    """Raises `ValueError` where two have one name."""
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"name each {what} once: {', '.join(twice)} stands twice")


@lru_cache(maxsize=256)
def read(text: str, name: str = "queue") -> Queue:
    """The queue of this document. Raises `Invalid` with every problem at its line."""
    return documents.read(text, _shape(), name=name)


@lru_cache(maxsize=2)
def built_in(kind: Sort = "call") -> Queue:
    """The queue of a brand that has none of its own: anybody, at any time."""
    file = files("outreach.callbacks").joinpath("library", f"{BUILT_IN[kind]}.yaml")
    return read(file.read_text(encoding="utf-8"), BUILT_IN[kind])
