"""How does an SMS gateway behave, as far as a client can tell?

It takes POSTs of JSON over HTTP/1.1 connections that stay open. A message whose `Idempotency-Key`
was accepted before gets the answer of that time, and is not accepted twice. A GET with the query
`reference=tch_…` answers 200 with the message taken under that reference, or 404. It can be made to
know neither keys nor references, like providers that do not.
"""

import json
from urllib.parse import parse_qs, urlsplit

from outreach.standins.http import Asked, Heard, HttpProtocol, Said


class GatewayProtocol(HttpProtocol):
    """One connection of a client."""

    answers_references = True

    def asked(self, heard: Heard) -> Asked | Said:
        told = json.loads(heard.body)
        said = told.get("text") or f"{told['template']} {json.dumps(told['params'])}"
        key = heard.headers.get("idempotency-key", "")
        return Asked(told["reference"], told["to"], said, told.get("sender", ""), key)

    def taken(self, asked: Asked, given: str) -> Said:
        del asked
        return Said(202, {"id": given})

    def looked_up(self, heard: Heard) -> Said:
        if not self.answers_references:
            return Said(405, {"error": "this gateway does not look up"})
        [reference] = parse_qs(urlsplit(heard.target).query).get("reference", [""])
        found = self._record.of(reference)
        if found is None:
            return Said(404, {"error": "not known here", "reference": reference})
        return Said(200, {"id": found["id"], "reference": reference, "to": found["to"]})


class UnaskableGatewayProtocol(GatewayProtocol):
    """A gateway that does not say what it has taken."""

    answers_references = False
