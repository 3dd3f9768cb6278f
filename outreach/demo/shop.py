"""How do a shop, a carrier and the brand's own people speak to outreach? Over its HTTP API."""

import http.client
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from outreach.errors import Trouble

_NDJSON = "application/x-ndjson"


class Shop:
    """One brand's side of the API, on a connection that is kept."""

    def __init__(self, base_url: str, key: str) -> None:
        self._line = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=30)
        self._headers = {"Authorization": f"Bearer {key}"}

    def report(self, events: Sequence[Mapping[str, object]]) -> dict[str, Any]:
        """Report facts: one alone as a structured CloudEvent, several as NDJSON."""
        if len(events) == 1:
            body = json.dumps(events[0])
            return self._ask("POST", "/events", body, "application/cloudevents+json")
        lines = "\n".join(json.dumps(event) for event in events)
        return self._ask("POST", "/events", lines, _NDJSON)

    def introduce(self, people: Sequence[Mapping[str, object]]) -> dict[str, Any]:
        """Make people known."""
        lines = "\n".join(json.dumps(person) for person in people)
        return self._ask("POST", "/people", lines, _NDJSON)

    def consent(self, ref: str, action: str, **scope: str) -> dict[str, Any]:
        """Pass on what a person said."""
        asked = {"action": action, "how": "api", "evidence": "demo"} | scope
        return self.post(f"/people/{ref}/consent", asked)

    def post(self, path: str, document: Mapping[str, object]) -> dict[str, Any]:
        return self._ask("POST", path, json.dumps(document), "application/json")

    def click(self, url: str) -> int:
        """Press the button that a mail program shows for `List-Unsubscribe`; answers the status."""
        path = urlsplit(url).path
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._line.request("POST", path, "List-Unsubscribe=One-Click", kind)
        answer = self._line.getresponse()
        answer.read()
        return answer.status

    def close(self) -> None:
        self._line.close()

    def _ask(self, method: str, path: str, body: str, kind: str) -> dict[str, Any]:
        headers = self._headers | {"Content-Type": kind}
        self._line.request(method, f"/api/v1{path}", body.encode(), headers)
        answer = self._line.getresponse()
        said: dict[str, Any] = json.loads(answer.read() or b"{}")
        if answer.status >= http.client.INTERNAL_SERVER_ERROR:
            raise Trouble(f"{method} {path} was answered with {answer.status}: {said}")
        return said
