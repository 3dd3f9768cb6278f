"""Is docs/api.md the list of routes that are served?"""

import re
from pathlib import Path
from typing import cast

from outreach.app import Outreach
from outreach.events import reading
from outreach.hints import Hints
from outreach.web import server

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
_METHODS = {"get", "put", "post", "delete", "patch"}


def _served() -> set[str]:
    """The routes of the OpenAPI document; drawing it asks neither the application nor hints."""
    web = server.create(cast("Outreach", None), cast("Hints", None))
    paths = web.openapi()["paths"]
    return {
        f"{m.upper()} {path}" for path, methods in paths.items() for m in methods.keys() & _METHODS
    }


def test_the_page_lists_what_is_served() -> None:
    told = re.findall(r"^\| `((?:GET|PUT|POST|DELETE|PATCH) [^`]+)` \|", PAGE, flags=re.MULTILINE)
    assert sorted(told) == sorted(_served())


def test_the_codes_of_refused_events_are_told() -> None:
    source = Path(reading.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r"_Refused\(\s*\"([a-z-]+)\"", source))
    assert {code for code in codes if f"| `{code}` |" not in PAGE} == set()
