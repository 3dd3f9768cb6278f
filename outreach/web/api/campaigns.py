"""Which campaigns are there, how do they change, and which of them go on?"""

from dataclasses import asdict, dataclass
from typing import ClassVar

from fastapi import APIRouter
from pydantic import ConfigDict

from outreach.campaigns import store
from outreach.campaigns.difference import difference
from outreach.campaigns.store import Version
from outreach.enrolments import movable, under_way
from outreach.enrolments.movable import AtStep
from outreach.enrolments.moving import Moved
from outreach.shapes import STRICT
from outreach.web.auth import Authorized
from outreach.web.shapes import Text

router = APIRouter(tags=["campaigns"])


@dataclass(frozen=True, slots=True)
class CampaignVersion:
    """One version of a campaign: draft, in_review, live, paused, finishing or ended."""

    key: str
    version: int
    state: str


@dataclass(frozen=True, slots=True)
class Campaigns:
    """All versions, oldest first."""

    campaigns: list[CampaignVersion]


@dataclass(frozen=True, slots=True)
class Moving:
    """Who is under way in older versions, by version and step, as the newest would take them."""

    steps: list[AtStep]


@dataclass(frozen=True, slots=True)
class Activating:
    """Whether those who are under way in an older version are moved to the newest."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    move: bool = False


@dataclass(frozen=True, slots=True)
class MovedPassages:
    """How many passages were moved, and what became of their touches."""

    passages: int
    replanned: int
    cancelled: int
    planned: int


@dataclass(frozen=True, slots=True)
class ActivatedVersion(CampaignVersion):
    """A live version; touches that wait, that were dropped as too late, and what was moved."""

    waiting: int
    dropped: int
    moved: MovedPassages


@dataclass(frozen=True, slots=True)
class PausedVersion(CampaignVersion):
    """A paused version; touches that wait, and those that a provider already has."""

    waiting: int
    in_air: int


@dataclass(frozen=True, slots=True)
class ResumedVersion(CampaignVersion):
    """A version that goes on; touches that wait, and those dropped as too late."""

    waiting: int
    dropped: int


@dataclass(frozen=True, slots=True)
class ReleasedVersion(CampaignVersion):
    """How far a careful start has come (share or all); touches that go on, or came too late."""

    stage: str
    released: int
    dropped: int


@dataclass(frozen=True, slots=True)
class EndedVersion(CampaignVersion):
    """An ended version; passages that ended, touches cancelled, and those that a provider has."""

    passages: int
    cancelled: int
    in_air: int


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One value that differs; null where it is not there."""

    path: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two versions, in the order of the document."""

    key: str
    old: int
    new: int
    changes: list[ChangeShown]


@router.get("/campaigns")
def list_campaigns(caller: Authorized) -> Campaigns:
    """All versions of all campaigns."""
    with caller.begin() as tx:
        versions = caller.means.book.every(tx)
        return Campaigns([CampaignVersion(*_named(version)) for version in versions])


@router.get("/campaigns/{key}/difference")
def show_difference(
    caller: Authorized, key: Text, old: int | None = None, new: int | None = None
) -> Difference:
    """What changed between two versions; by default between the newest and the one before."""
    with caller.begin() as tx:
        was, now = caller.means.book.pair(tx, key, old=old, new=new)
    changes = difference(was.campaign, now.campaign)
    shown = [ChangeShown(change.path, change.was, change.now) for change in changes]
    return Difference(key, was.version, now.version, shown)


@router.get("/campaigns/{key}/moving")
def show_moving(caller: Authorized, key: Text) -> Moving:
    """Who would be moved to the newest version, from which step, and what becomes of them."""
    now = caller.means.clock()
    with caller.begin() as tx:
        return Moving(movable.movable(tx, caller.means.book, caller.brand, key, now=now))


@router.post("/campaigns/{key}/review")
def review_campaign(caller: Authorized, key: Text) -> CampaignVersion:
    """Put the newest version up for review, once nothing speaks against it."""
    now = caller.means.clock()
    with caller.begin() as tx:
        return CampaignVersion(*_named(store.submit(tx, caller.means.book, key, now=now)))


@router.post("/campaigns/{key}/activate")
def activate_campaign(
    caller: Authorized, key: Text, activating: Activating | None = None
) -> ActivatedVersion:
    """Let the newest version take people in; who is under way finishes, or is moved."""
    now, move = caller.means.clock(), bool(activating and activating.move)
    with caller.begin() as tx:
        done = under_way.activate(
            tx, caller.means.book, caller.brand, key, now=now, move=move, by=caller.login
        )
    return ActivatedVersion(*_named(done.version), done.waiting, done.dropped, _moved(done.moved))


@router.post("/campaigns/{key}/pause")
def pause_campaign(caller: Authorized, key: Text) -> PausedVersion:
    """Hold everything of this campaign; what a provider already has cannot be called back."""
    with caller.begin() as tx:
        done = under_way.pause(tx, caller.means.book, key)
    return PausedVersion(*_named(done.version), done.waiting, done.in_air)


@router.post("/campaigns/{key}/resume")
def resume_campaign(caller: Authorized, key: Text) -> ResumedVersion:
    """Let a paused campaign go on; what has become useless meanwhile is dropped."""
    now = caller.means.clock()
    with caller.begin() as tx:
        done = under_way.resume(tx, caller.means.book, key, now=now)
    return ResumedVersion(*_named(done.version), done.waiting, done.dropped)


@router.post("/campaigns/{key}/release")
def release_campaign(caller: Authorized, key: Text) -> ReleasedVersion:
    """Let a careful start go one step on: from a glance to a share, then to everybody."""
    now = caller.means.clock()
    with caller.begin() as tx:
        done = under_way.release(tx, caller.means.book, key, now=now)
    version = done.version
    return ReleasedVersion(*_named(version), version.stage, done.released, done.dropped)


@router.post("/campaigns/{key}/end")
def end_campaign(caller: Authorized, key: Text) -> EndedVersion:
    """End this campaign with all its passages, and cancel what is planned."""
    now = caller.means.clock()
    with caller.begin() as tx:
        done = under_way.end(tx, caller.means.book, key, now=now)
    return EndedVersion(*_named(done.version), done.passages, done.cancelled, done.in_air)


def _named(version: Version) -> tuple[str, int, str]:
    return version.key, version.version, version.state


def _moved(moved: Moved) -> MovedPassages:
    return MovedPassages(**asdict(moved))
