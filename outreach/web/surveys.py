"""May somebody open the link of a survey, answer it with one tap, and be asked nothing twice?

GET, HEAD and whatever a mail filter or browser fetches in advance change nothing, also where the
link of a mail names an answer: the page then asks to confirm it. A POST answers, once. The pages
work without script, by keyboard and in a screen reader. Everybody who answered sees the same
thanks and, where the survey shows it, the same public review link.
"""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response

from optout.links import Use
from optout.model import Action, Channel, How
from outreach import ids
from outreach.app import Outreach
from outreach.bilingual import Language
from outreach.errors import Invalid
from outreach.inbound import answers
from outreach.inbound.consent import Change, change_person
from outreach.people.model import person_id
from outreach.surveys.answers import Asked
from outreach.surveys.model import spoken
from outreach.web import language, recipients, rendering
from outreach.web.auth import AnyDoor
from outreach.web.body import Body
from outreach.web.public import bad_link
from outreach.web.recipients import Recipient

router = APIRouter(include_in_schema=False)

_MOST_FIELDS = 50  # of a form; ours has fewer
_GONE = 410

Recipients = Annotated[Recipient | None, Depends(recipients.speaks_for(Use.SURVEY))]


@router.api_route("/s/{token}", methods=["GET", "HEAD"])
def show(request: Request, door: AnyDoor, found: Recipients) -> Response:
    """The question, or that it was answered or is closed."""
    asked = _asked(door.app, found)
    if found is None or asked is None:
        return bad_link(request)
    return _page(request, door.app, found, asked, picked=request.query_params.get("score", ""))


@router.post("/s/{token}")  # noqa: FAST003  # `Recipients` takes it
def answer(request: Request, door: AnyDoor, found: Recipients, body: Body) -> Response:
    """Take in the answer or what is said to it, or that the link came to somebody else."""
    asked = _asked(door.app, found)
    if found is None or asked is None:
        return bad_link(request)
    form = _form(body)
    if "wrong" in form:
        return _wrong_person(request, door.app, found)
    if _taken(door.app, found, asked, form):
        door.hints.enrol(found.brand.ref)
    return _page(request, door.app, found, _asked(door.app, found) or asked, thanks=True)


def _asked(app: Outreach, found: Recipient | None) -> Asked | None:
    """What the link's touch asked; of a forgotten person, nothing."""
    if found is None or person_id(found.brand.ref, found.person.ref) != found.person.id:
        return None
    touch = ids.read(ids.TOUCH, found.link.touch)
    return answers.of_touch(app.means, found.brand.ref, touch)


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(errors="replace"), max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise _unreadable() from error


def _taken(app: Outreach, found: Recipient, asked: Asked, form: dict[str, str]) -> bool:
    """Raises `Invalid` on what our page did not make."""
    ref, person = found.brand.ref, found.person
    if "more" in form:
        return answers.add(app.means, ref, person, asked, form)
    score = _score(asked, form.get("score", ""))
    if score is None:
        raise _unreadable()
    return answers.take(app.means, ref, person, asked, score, by="page")


def _score(asked: Asked, written: str) -> int | None:
    """The answer on the survey's scale that was written, if it is one."""
    return next((n for n in asked.survey.scale.scores if str(n) == written), None)


def _unreadable() -> Invalid:
    return Invalid("this form cannot be read; open the page again")


def _wrong_person(request: Request, app: Outreach, found: Recipient) -> Response:
    """Whoever has this address is not the person: it is not used for them on this channel."""
    channel = found.link.channel
    change = Change(Action.WITHDRAW, How.LINK, found.link.touch, channel=channel)
    change_person(app.means, found.brand.ref, found.person.id, change)
    return rendering.page(
        "survey_wrong",
        _spoken(request, found),
        brand=found.brand.name,
        address=found.masked,
        channel=Channel(channel),
    )


def _spoken(request: Request, found: Recipient) -> Language:
    """The person's language, unless they ask for the other one."""
    asked_for = request.query_params.get("language")
    return language.of_locale(asked_for or found.locale)


def _page(
    request: Request,
    app: Outreach,
    found: Recipient,
    asked: Asked,
    *,
    picked: str = "",
    thanks: bool = False,
) -> Response:
    now, speaks = app.means.clock(), _spoken(request, found)
    state = asked.state(now=now)
    other = next(one for one in language.LANGUAGES if one != speaks)
    profile = found.brand.profile
    return rendering.page(
        {"open": "survey", "answered": "survey_answered", "closed": "survey_closed"}[state],
        speaks,
        status=_GONE if state == "closed" else 200,
        brand=found.brand.name,
        survey=asked.survey,
        say=lambda texts: spoken(texts, speaks),
        picked=_score(asked, picked),
        thanks=thanks,
        may_add=asked.may_add(now=now),
        review=profile.review_url if asked.survey.review else "",
        support=profile.support,
        other=other,
        address=found.masked,
    )
