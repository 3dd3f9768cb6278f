"""How do the people of the demo answer what they were asked?

Whoever was asked by mail presses a number on the page behind its link, whoever was asked by text
writes one back: by the doors that strangers and gateways use. Whether and what they answer follows
from the touch that asked them.
"""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus

from optout.model import Channel
from outreach import ids
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.demo.shop import Shop
from outreach.errors import Trouble
from outreach.inbound import asked as askings
from outreach.standins.record import Entry
from outreach.surveys.answers import Asked

_OFTEN = 0.5


def answer(app: Outreach, shop: Shop, brand: BrandRef, taken: Sequence[Entry]) -> int:
    """Let whoever answers do so once for each of these messages; answers how many did.

    Raises `Trouble` when a door was closed to one of them.
    """
    sent = {entry["touch"]: entry for entry in taken}
    willing = list(_willing(app, brand, sent))
    for asked in willing:
        shown = ids.shown(ids.TOUCH, asked.touch)
        scores = asked.survey.scale.scores
        score = str(scores[int(ids.share("score", shown) * len(scores))])
        if asked.channel is Channel.EMAIL:
            _press(shop, app.means.survey_link(brand.key, shown, Channel.EMAIL), score)
        else:
            _write(shop, sent[shown]["to"], score, about=shown)
    return len(willing)


def _willing(app: Outreach, brand: BrandRef, sent: Mapping[str, Entry]) -> Iterator[Asked]:
    """What is open of those who answer, in the order of ids."""
    touches = [ids.read(ids.TOUCH, shown) for shown in sorted(sent)]
    with app.means.database.begin(brand) as tx:
        for asked in askings.by_touches(tx, app.means, brand, touches):
            often = ids.share("answers", ids.shown(ids.TOUCH, asked.touch))
            if often < _OFTEN and asked.state(now=app.means.clock()) == "open":
                yield asked


def _press(shop: Shop, link: str, score: str) -> None:
    if shop.submit(link, {"score": score}) != HTTPStatus.OK:
        raise Trouble("the page of a survey did not take an answer")


def _write(shop: Shop, sender: str, score: str, *, about: str) -> None:
    """As the gateway tells it: `about` is what makes two of its tellings one."""
    told = {"id": f"reply-{about}", "from": sender, "text": score, "channel": "sms"}
    if shop.post("/replies", told).get("score") != int(score):
        raise Trouble("a reply was not read as the answer that it is")
