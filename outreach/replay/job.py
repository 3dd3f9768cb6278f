"""How is a review made that somebody asked for on a page?

Beside everything else, one at a time: it is taken from its row, days pass on ground of their own,
and the page is kept in the row. A process that ends meanwhile leaves a lease that runs out, and
whoever looks next takes it up again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from outreach.app import Outreach
from outreach.bilingual import Language
from outreach.db.engine import BrandRef
from outreach.errors import CallerError, Misconfigured
from outreach.replay import ground, page, review, reviews
from outreach.replay.asked import Heard, Question
from outreach.replay.carried import carried
from outreach.replay.ground import Ground
from outreach.replay.review import Assumed
from outreach.replay.reviews import Taken
from outreach.replay.run import Draft

Place = Callable[[], AbstractContextManager[Ground]]

_HANDLING = timedelta(minutes=5)  # of a call, where nobody says otherwise
_RENEW_AFTER = 30.0  # seconds
_LANGUAGES: tuple[Language, ...] = ("en", "zh-CN")


def look(app: Outreach, *, place: Place = ground.embedded) -> int:
    """Make the next review of each brand that wants one; answers how many were taken."""
    with app.means.database.watch() as tx:
        brands = reviews.wanted(tx)
    return sum(_next(app, brand, place) for brand in brands)


def _next(app: Outreach, brand: BrandRef, place: Place) -> bool:
    with app.means.database.begin(brand) as tx:
        taken = reviews.take(tx)
    if taken is None:
        return False
    try:
        pages = _made(app, brand, taken, place)
    except (CallerError, Misconfigured) as error:
        with app.means.database.begin(brand) as tx:
            reviews.fail(tx, taken, error.sentence)
        return True
    with app.means.database.begin(brand) as tx:
        reviews.keep(tx, taken, pages)
    return True


def _made(app: Outreach, brand: BrandRef, taken: Taken, place: Place) -> dict[Language, str]:
    """The page in each language."""
    capacities = tuple(carried(app, brand, (), handling=_HANDLING))
    question = Question(taken.key, Draft(taken.key, version=taken.version), days=taken.days)
    heard = Heard(progress=_renewing(app, brand, taken))
    with place() as empty:
        made = review.made(
            app, brand, empty, question, Assumed(capacities=capacities, handling=_HANDLING),
            heard=heard,
        )  # fmt: skip
    return {language: page.page(made, language) for language in _LANGUAGES}


def _renewing(app: Outreach, brand: BrandRef, taken: Taken) -> Callable[[datetime], None]:
    """Keeps the lease while days pass, and asks the database for it seldom."""
    renewed_at = app.means.steady()

    def passed(_: datetime) -> None:
        nonlocal renewed_at
        if app.means.steady() - renewed_at >= _RENEW_AFTER:
            renewed_at = app.means.steady()
            with app.means.database.begin(brand) as tx:
                reviews.renew(tx, taken)

    return passed
