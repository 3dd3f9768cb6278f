"""How does a gateway behave that has no module of its own? As `gateway.yaml` beside this says."""

import json
from pathlib import Path

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push, Written

DOCUMENT = Path(__file__).with_suffix(".yaml")
_CODES = {401: 4, 429: 17}


class DescribedProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if heard.headers.get("authorization") != f"Bearer {KEY}":
            return self.refused(401)
        if heard.target != "/send":
            return self.refused(404)
        told = json.loads(heard.body)
        touch = told["ref"].rpartition("/")[2]
        return Asked(touch, told["msisdn"], told["message"], told["from"], echo=told["ref"])

    def taken(self, asked: Asked, given: str) -> Said:
        del asked
        return Said(200, {"status": 0, "result": {"id": given}})

    def refused(self, status: int) -> Said:
        """Refusals come with a code and a status of 200, but for those of what stands before it."""
        told = {"status": _CODES.get(status, 99), "text": "refused"} if status < 500 else {}  # noqa: PLR2004
        return Said(status if status >= 429 else 200, told)  # noqa: PLR2004


def push(one: Push) -> Message:
    """A list of one report."""
    report = {
        "ref": one.entry["echo"], "id": one.entry["id"], "state": one.word, "error": one.about,
        "done": one.at.isoformat(),
    }  # fmt: skip
    return _signed({"reports": [report]}, one.secret)


def write(one: Written) -> Message:
    """A list of one reply."""
    reply = {"id": "r-1", "from": one.sender, "to": one.to, "text": one.text}
    return _signed({"replies": [reply]}, one.secret)


def _signed(told: dict[str, object], secret: str) -> Message:
    return Message(json.dumps(told).encode(), {"x-webhook-secret": secret})


IMITATED = Imitated(
    DescribedProtocol,
    f"gateway+http://shop:{KEY}@127.0.0.1:{{port}}?document={DOCUMENT}&webhook={KEY}",
    push,
    {
        "accepted": "ACCEPTD", "delivered": "DELIVRD", "failed": "UNDELIV:2",
        "bounced_hard": "UNDELIV:1", "unsubscribed": "UNDELIV:9",
    },
    write,
    covers=False,
)  # fmt: skip
