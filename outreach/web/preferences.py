"""What may this brand do, and may the person change it by themselves?

A page per brand, of channels and purposes, that works without script. Opening it changes nothing.
Saving writes the difference; a form that cannot be read changes nothing.
"""

from itertools import groupby
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response

from optout.links import Use
from optout.model import Channel, Purpose
from outreach.app import Outreach
from outreach.errors import Invalid
from outreach.inbound import preferences
from outreach.inbound.preferences import Box, Cell, Chosen
from outreach.web import language, recipients, rendering
from outreach.web.auth import AnyDoor
from outreach.web.body import Body
from outreach.web.public import bad_link
from outreach.web.recipients import Recipient

router = APIRouter(include_in_schema=False)

_WORDING = "page of choices 1"  # count it on when `preferences_wording` in `words` changes
_MOST_FIELDS = 100  # of a form; ours has fewer
_CELLS = {f"{channel}.{purpose}": (channel, purpose) for channel in Channel for purpose in Purpose}

Recipients = Annotated[Recipient | None, Depends(recipients.speaks_for(Use.PREFERENCES))]


@router.api_route("/p/{token}", methods=["GET", "HEAD"])
def show(request: Request, door: AnyDoor, found: Recipients) -> Response:
    """What holds now, as a form."""
    if found is None:
        return bad_link(request)
    return _page(door.app, found, _boxes(door.app, found), saved=False)


@router.post("/p/{token}")  # noqa: FAST003  # `Recipients` takes it
def save(request: Request, door: AnyDoor, found: Recipients, body: Body) -> Response:
    """Save the choice, and show what holds now."""
    if found is None:
        return bad_link(request)
    app, ref = door.app, found.brand.ref
    before = _boxes(app, found)
    preferences.save(
        app.means,
        ref,
        found.person.id,
        chosen(body),
        before,
        by=found.link.channel,
        wording=f"{_WORDING}, {language.of_locale(found.locale)}",
        evidence=found.link.touch,
    )
    return _page(app, found, _boxes(app, found), saved=True)


def chosen(body: bytes) -> Chosen:
    """The form as it came back. Raises `Invalid` on what our page did not make."""
    try:
        form = parse_qs(body.decode(), max_num_fields=_MOST_FIELDS)
        shown, filled = _cells(form.get("shown", [])), _cells(form.get("on", []))
    except (ValueError, KeyError) as error:
        raise Invalid("this form cannot be read; open the page again") from error
    if form.get("form") != ["preferences"]:
        raise Invalid("this form cannot be read; open the page again")
    return Chosen(shown, filled, nothing_more="nothing" in form)


def _cells(names: list[str]) -> frozenset[Cell]:
    return frozenset(_CELLS[name] for name in names)


def _boxes(app: Outreach, found: Recipient) -> list[Box]:
    now = app.means.clock()
    with app.means.database.begin(found.brand.ref) as tx:
        return preferences.boxes(tx, app.means, found.brand, found.person, now=now)


def _page(app: Outreach, found: Recipient, boxes: list[Box], *, saved: bool) -> Response:
    link = found.link
    channels = [
        (channel, recipients.shown(found.person.address(channel)), list(group))
        for channel, group in groupby(boxes, key=lambda box: box.channel)
    ]
    return rendering.page(
        "preferences",
        language.of_locale(found.locale),
        brand=found.brand.name,
        saved=saved,
        channels=channels,
        own=link.channel,
        unsubscribe=app.means.unsubscribe_link(link.brand, link.touch, link.channel),
    )
