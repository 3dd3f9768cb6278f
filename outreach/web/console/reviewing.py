"""What would this campaign do? Its review, asked for and read before a launch.

GET  /campaigns/{key}/reviews            how it stands, the newest page in a frame, the approval
POST /campaigns/{key}/reviews            have one made, over days that have passed
GET  /campaigns/{key}/reviews/{number}   the page itself

A worker beside the ticks makes it (`replay.job`); the page asks again by itself, or when somebody
loads it again.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Path, Response

from outreach.brands import store as brands
from outreach.campaigns import approvals
from outreach.errors import NotFound
from outreach.replay import reviews
from outreach.replay.moments import Days
from outreach.web.console.campaign_page import may_approve
from outreach.web.console.shell import Asked, framed

router = APIRouter(include_in_schema=False)

_AGAIN_AFTER = 3  # seconds until the page asks again, while one is being made
_MOST_DAYS = 60
_MOST_REVIEWS = 2**62


@router.get("/campaigns/{key}/reviews")
def show(screen: Asked, key: str) -> Response:
    """The reviews of this campaign, the newest first, and the page of the newest that is made."""
    with screen.visitor.begin() as tx:
        brand, newest = brands.get(tx), screen.visitor.means.book.latest(tx, key)
        kept, covers = reviews.newest(tx, key), approvals.covers(tx, newest)
    made = next((one for one in kept if one.state == "done"), None)
    return screen.page(
        "reviews",
        brand,
        refresh=_AGAIN_AFTER if any(one.open for one in kept) else 0,
        key=key,
        newest=newest,
        kept=kept,
        made=made,
        covers=covers,
        may_approve=may_approve(screen, newest),
    )


@router.post("/campaigns/{key}/reviews")
def ask(screen: Asked, key: str, days: Annotated[int, Form(ge=1, le=_MOST_DAYS)] = 14) -> Response:
    """Want a review of the newest version; nothing more where one is being made."""
    visitor, now = screen.visitor, screen.visitor.means.clock()
    with visitor.begin() as tx:
        newest = visitor.means.book.latest(tx, key)
        begun = reviews.ask(
            tx, visitor.brand, newest, by=visitor.name, covers=approvals.covers(tx, newest),
            days=Days(now - timedelta(days=days), now), now=now,
        )  # fmt: skip
    done = "review_asked" if begun else "review_open"
    return screen.back_to(f"/campaigns/{key}/reviews", done=done)


@router.get("/campaigns/{key}/reviews/{number}")
def show_page(
    screen: Asked, key: str, number: Annotated[int, Path(ge=1, le=_MOST_REVIEWS)]
) -> Response:
    """The page of one review, as it is kept with an approval. Raises `NotFound`."""
    with screen.visitor.begin() as tx:
        page = reviews.page(tx, key, number, screen.language)
    if page is None:
        raise NotFound(f"{key!r} has no review {number} that is ready")
    return framed(page)
