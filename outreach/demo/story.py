"""What do the people of the demo do, moment by moment? All of it from outside, over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from optout.model import Action
from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.demo import answering
from outreach.demo.moments import Moment
from outreach.demo.shop import Shop
from outreach.errors import Trouble
from outreach.standins import record

# What people answer to the questions of scripts, and how calls end that do not reach them.
_ANSWERS = {"what": "It came late.", "mend": "can be done"}
_NOT_REACHED = ("no_answer", "busy", "voicemail", "wrong_number", "refused")


@dataclass(slots=True)
class Tally:
    """What became of the reported events, as the answers said."""

    sent: int = 0
    accepted: int = 0
    already_seen: int = 0
    refused: int = 0

    def add(self, told: int, answer: Mapping[str, Any]) -> None:
        self.sent += told
        self.accepted += answer.get("accepted", 0)
        self.already_seen += answer.get("already_seen", 0)
        # A request whose events are all refused is answered with a problem.
        self.refused += len(answer["refused"]) if "refused" in answer else told


@dataclass(frozen=True, slots=True)
class Story:
    """Carries moments out."""

    app: Outreach
    shops: Mapping[str, Shop]
    mailbox: Path
    texts: Path
    tally: Tally

    def tell(self, moment: Moment) -> None:
        """Let everything of this moment happen."""
        shop = self.shops[moment.brand]
        if moment.arrivals:
            shop.introduce(moment.arrivals)
        if moment.events:
            self.tally.add(len(moment.events), shop.report(moment.events))
        for ref in moment.withdrawals:
            shop.consent(ref, Action.WITHDRAW)
        if moment.calls:
            self._call(shop)
        if moment.click:
            self._click(shop, moment.brand)
        if moment.answers:
            self._answer(shop, moment.brand)

    def _call(self, shop: Shop) -> None:
        """An agent takes every call that may be made now, and says how each ended."""
        agent = {"agent": "agent-1"}
        while taken := shop.post("/tasks/take", agent).get("task"):
            task = taken["task"]
            reached = ids.share("reached", task) < 0.6  # noqa: PLR2004
            other = _NOT_REACHED[int(ids.share("how", task) * len(_NOT_REACHED))]
            ending = "reached" if reached else other
            closing = {**agent, "disposition": ending, "answers": _ANSWERS}
            shop.post(f"/tasks/{task}/close", closing)

    def _answer(self, shop: Shop, brand: str) -> None:
        """Of those who were asked what they think, some say it."""
        taken = [*record.read(self.mailbox), *record.read(self.texts)]
        ref = brands.directory(self.app.means.database)[brand]
        answering.answer(self.app, shop, ref, taken)

    def _click(self, shop: Shop, brand: str) -> None:
        """One person presses "unsubscribe" in the first mail of the brand, by the order of ids."""
        links = {e["touch"]: e["unsubscribe"] for e in record.read(self.mailbox)}
        ours = [touch for touch in sorted(links) if f"@{brand}" in self._sender(links[touch])]
        if ours and shop.click(links[ours[0]].strip("<>")) != HTTPStatus.OK:
            raise Trouble("the unsubscribe link of a mail did not work")

    def _sender(self, link: str) -> str:
        from optout import links  # noqa: PLC0415

        token = link.strip("<>").rpartition("/")[2]
        return f"@{links.read(self.app.link_keys, token, use=links.Use.UNSUBSCRIBE).brand}"
