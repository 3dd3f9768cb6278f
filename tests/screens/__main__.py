"""What does every screen look like, in both languages and both colours?

    python -m tests.screens [NAME ...]

The demo's days pass until the noon of a busy one; then each screen is opened in Debian's Chromium
and kept as `docs/screens/NAME-LANGUAGE-THEME.webp`. With names, only those are taken.
"""

import argparse
import sys
from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page

from outreach.access import passwords, sessions, users
from outreach.bilingual import Language
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.demo import run, world
from outreach.demo.stage import Options, Stage, say
from outreach.web import cookies
from outreach.web.console.shell import THEMES, Theme
from tests.browser.conftest import browser
from tests.screens.views import BRANDS, View, views

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
# The news of both brands go out, and neither has yet made its calls of the day.
UNTIL = datetime(2026, 12, 22, 15, 20, tzinfo=UTC)
_WIDTH, _HEIGHT, _SCALE, _QUALITY = 1280, 800, 0.8, 60
_LOGIN = "editor"


def main() -> int:
    """Take the pictures that are asked for; 1 if a page could not be shown."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("name", nargs="*")
    wanted = parser.parse_args().name
    FOLDER.mkdir(exist_ok=True)
    with run.lived(Options(until=UNTIL), world.inhabitants()) as (on, _), browser() as chromium:
        failed = [path for language in BRANDS for path in _of(chromium, on, language, wanted)]
    for path in failed:
        say(f"could not be shown: {path}")
    return 1 if failed else 0


def _of(chromium: Browser, on: Stage, language: Language, wanted: Sequence[str]) -> list[str]:
    """Everything of one language's brand; answers the paths that failed."""
    brand = brands.directory(on.app.means.database)[BRANDS[language]]
    shown = [view for view in views(on.app, brand) if not wanted or view.name in wanted]
    session = _logged_in(on, brand, f"{_LOGIN}-{brand.key}")
    return [
        view.path
        for theme in THEMES
        for view in shown
        if not _taken(chromium, on, view, language, theme, session=session)
    ]


def _logged_in(on: Stage, brand: BrandRef, login: str) -> str:
    """A session of somebody who may see everything of the brand."""
    now = on.app.means.clock()
    with on.app.means.database.access() as tx:
        user = users.add(tx, login, name="Robin", password=passwords.made(), now=now)
        users.seat(tx, user, brand, role="admin", now=now)
        return sessions.begin(tx, user, address="127.0.0.1", browser="", now=now)


def _taken(
    chromium: Browser, on: Stage, view: View, language: Language, theme: Theme, *, session: str
) -> bool:
    """Keep one picture; whether the page came as it should."""
    url = on.environment["OUTREACH_PUBLIC_URL"]
    held = {"language": language, "theme": theme}
    held |= {cookies.SESSION: session} if view.known else {}
    context = chromium.new_context(
        viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme=theme, locale=language
    )
    context.add_cookies([{"name": n, "value": v, "url": url} for n, v in held.items()])
    page = context.new_page()
    answer = page.goto(url + view.path)
    if view.press:
        view.press(page)
    (FOLDER / f"{view.name}-{language}-{theme}.webp").write_bytes(_picture(page))
    context.close()
    return answer is not None and (answer.ok or view.name == "expired")


def _picture(page: Page) -> bytes:
    """What is in the window, smaller, as WebP, which Playwright itself does not offer.

    Playwright's own picture comes first: it waits until Chromium has drawn, on a busy machine too.
    """
    page.screenshot(type="jpeg", quality=1)
    clip = {"x": 0, "y": 0, "width": _WIDTH, "height": _HEIGHT, "scale": _SCALE}
    told = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot", {"format": "webp", "quality": _QUALITY, "clip": clip}
    )
    return b64decode(told["data"])


if __name__ == "__main__":
    sys.exit(main())
