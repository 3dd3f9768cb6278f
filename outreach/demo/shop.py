"""How do a shop, a carrier and the brand's own people speak to outreach? Over its HTTP API."""

import http.client
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from outreach.errors import Trouble

_NDJSON = "application/x-ndjson"


class Shop:
    """One brand's side of the API; a connection for each request, as shops do it."""

    def __init__(self, base_url: str, key: str) -> None:
        self._host = urlsplit(base_url).netloc
        self._headers = {"Authorization": f"Bearer {key}"}

    def report(self, events: Sequence[Mapping[str, object]]) -> dict[str, Any]:
        """Report facts: one alone as a structured CloudEvent, several as NDJSON."""
        if len(events) == 1:
            body = json.dumps(events[0])
            return self._ask("/events", body, "application/cloudevents+json")
        lines = "\n".join(json.dumps(event) for event in events)
        return self._ask("/events", lines, _NDJSON)

    def introduce(self, people: Sequence[Mapping[str, object]]) -> dict[str, Any]:
        """Make people known."""
        lines = "\n".join(json.dumps(person) for person in people)
        return self._ask("/people", lines, _NDJSON)

    def consent(self, ref: str, action: str, **scope: object) -> dict[str, Any]:
        """Pass on what a person said."""
        asked = {"action": action, "how": "api", "evidence": "demo"} | scope
        return self.post(f"/people/{ref}/consent", asked)

    def post(self, path: str, document: Mapping[str, object]) -> dict[str, Any]:
        return self._ask(path, json.dumps(document), "application/json")

    def click(self, url: str) -> int:
        """Press the button that a mail program shows for `List-Unsubscribe`; answers the status."""
        return self.submit(url, {"List-Unsubscribe": "One-Click"})

    def submit(self, url: str, form: Mapping[str, str]) -> int:
        """Send the form of a page that needs no login; answers the status."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send(urlsplit(url).path, urlencode(form).encode(), kind)[0]

    def _ask(self, path: str, body: str, kind: str) -> dict[str, Any]:
        headers = self._headers | {"Content-Type": kind}
        status, text = self._send(f"/api/v1{path}", body.encode(), headers)
        said: dict[str, Any] = json.loads(text or b"{}")
        if status >= http.client.INTERNAL_SERVER_ERROR:
            raise Trouble(f"POST {path} was answered with {status}: {said}")
        return said

    def _send(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        line = http.client.HTTPConnection(self._host, timeout=30)
        try:
            line.request("POST", path, body, dict(headers))
            answer = line.getresponse()
            return answer.status, answer.read()
        except OSError as error:
            raise Trouble(f"POST {path} was not answered: {error}") from error
        finally:
            line.close()
