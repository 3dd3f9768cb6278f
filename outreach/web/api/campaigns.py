"""Which campaigns are there, and which of them go on?"""

from dataclasses import dataclass

from fastapi import APIRouter

from outreach.campaigns import store
from outreach.campaigns.store import Version
from outreach.web.auth import Authorized
from outreach.web.shapes import Text

router = APIRouter(tags=["campaigns"])


@dataclass(frozen=True, slots=True)
class CampaignVersion:
    """One version of a campaign: draft, live, paused or ended."""

    key: str
    version: int
    state: str


@dataclass(frozen=True, slots=True)
class Campaigns:
    """All versions, oldest first."""

    campaigns: list[CampaignVersion]


@router.get("/campaigns")
def list_campaigns(caller: Authorized) -> Campaigns:
    """All versions of all campaigns."""
    with caller.begin() as tx:
        return Campaigns([_shown(version) for version in caller.means.book.every(tx)])


@router.post("/campaigns/{key}/activate")
def activate_campaign(caller: Authorized, key: Text) -> CampaignVersion:
    """Let the newest version take people in, or let a paused one go on."""
    now = caller.means.clock()
    with caller.begin() as tx:
        return _shown(store.activate(tx, caller.means.book, key, now=now))


@router.post("/campaigns/{key}/pause")
def pause_campaign(caller: Authorized, key: Text) -> CampaignVersion:
    """Hold everything of this campaign; what a provider already has cannot be called back."""
    with caller.begin() as tx:
        return _shown(store.pause(tx, caller.means.book, key))


def _shown(version: Version) -> CampaignVersion:
    return CampaignVersion(version.key, version.version, version.state)
