"""Does each version stand, and is a campaign pinned to the one with which it went live?"""

from itertools import count

import pytest

from outreach.app import Outreach
from outreach.campaigns.store import Version
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.surveys import document, store
from tests import builders as b

_BRANDS = count(1)
NPS = document.library()["nps"]


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, f"asking-{next(_BRANDS)}")


def put(app: Outreach, brand: BrandRef, text: str) -> store.Version:
    with app.means.database.begin(brand) as tx:
        return store.put(tx, brand, text, name="nps.yaml")


def asking(app: Outreach, brand: BrandRef, survey: str = "nps") -> Version:
    """A live campaign whose one step asks this survey."""
    b.a_live_campaign(app, brand, steps=[b.a_step("ask", kind="survey", survey=survey)])
    with app.means.database.begin(brand) as tx:
        return app.means.book.latest(tx, "reminder")


def test_the_same_text_is_the_same_version_and_another_is_the_next(
    app: Outreach, brand: BrandRef
) -> None:
    first, again = put(app, brand, NPS), put(app, brand, NPS)
    second = put(app, brand, NPS.replace("open_days: 30", "open_days: 7"))
    assert first == again
    assert (first.version, second.version) == (1, 2)


def test_a_campaign_keeps_the_survey_with_which_it_went_live(
    app: Outreach, brand: BrandRef
) -> None:
    live = asking(app, brand)
    put(app, brand, NPS.replace("open_days: 30", "open_days: 7"))
    pinned = live.asks(0)
    assert pinned is not None
    with app.means.database.begin(brand) as tx:
        assert store.Shelf().get(tx, [pinned])[pinned].open_days == 30


def test_a_brands_own_survey_goes_before_the_librarys(app: Outreach, brand: BrandRef) -> None:
    own = put(app, brand, NPS.replace("open_days: 30", "open_days: 7"))
    assert asking(app, brand).asks(0) == own.id


def test_a_survey_that_is_not_there_keeps_the_campaign_from_going_live(
    app: Outreach, brand: BrandRef
) -> None:
    with pytest.raises(Invalid) as refused:
        asking(app, brand, survey="npss")
    [problem] = refused.value.problems
    assert "there is no survey `npss`; did you mean `nps`?" in str(problem)
    assert "steps[0].survey" in str(problem)
