"""Is a review that somebody asks for made once, kept, and told when it cannot be made?"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.campaigns import approvals
from outreach.db.engine import BrandRef
from outreach.errors import Misconfigured
from outreach.replay import job, reviews
from outreach.replay.ground import Ground
from outreach.replay.moments import Days
from tests import builders as b

_EXPIRE = text("update outreach.reviews set lease_until = now() - interval '1 s'")


def asked(app: Outreach, brand: BrandRef) -> bool:
    """A review of the newest reminder over the two days around noon."""
    around = Days(b.NOON - timedelta(days=1), b.NOON + timedelta(days=1))
    with app.means.database.begin(brand) as tx:
        newest = app.means.book.latest(tx, "reminder")
        covers = approvals.covers(tx, newest)
        return reviews.ask(tx, brand, newest, by="ada", covers=covers, days=around, now=b.NOON)


def test_a_review_is_made_beside_everything_else_and_kept(app: Outreach, ground: Ground) -> None:
    """In both languages, once; while it is open nobody asks for a second one."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    person = b.a_person(app, brand, "ada")
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-1"))
    assert (asked(app, brand), asked(app, brand)) == (True, False)

    assert job.look(app, place=lambda: nullcontext(ground)) == 1
    assert job.look(app, place=lambda: nullcontext(ground)) == 0

    with app.means.database.begin(brand) as tx:
        [kept] = reviews.newest(tx, "reminder")
        newest = app.means.book.latest(tx, "reminder")
        covers = approvals.covers(tx, newest)
        assert (kept.state, kept.asked_by, kept.covers) == ("done", "ada", covers)
        page = reviews.page(tx, "reminder", kept.id, "en")
        assert page is not None
        assert "<td>1</td>" in page
        assert reviews.covering(tx, newest.id, covers, "en") == page
        assert "所有客户均使用本人语言" in (reviews.covering(tx, newest.id, covers, "zh-CN") or "")
        assert reviews.covering(tx, newest.id, "another text", "en") is None
    assert asked(app, brand)


@contextmanager
def nowhere() -> Iterator[Ground]:
    """An installation without the extra that brings PostgreSQL along."""
    raise Misconfigured("install the extra `desk`")
    yield


def broken() -> AbstractContextManager[Ground]:
    """A server that does not start, for a reason nobody foresaw."""
    raise OSError("no room left on the disk")


def test_what_cannot_be_made_says_why(app: Outreach) -> None:
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    asked(app, brand)
    assert job.look(app, place=nowhere) == 1
    with app.means.database.begin(brand) as tx:
        [kept] = reviews.newest(tx, "reminder")
    assert (kept.state, kept.problem) == ("failed", "install the extra `desk`")


def test_what_breaks_off_is_taken_up_again_and_given_up_in_the_end(app: Outreach) -> None:
    """Whoever was thought gone writes nothing any more; brands see their own alone."""
    brand, rival = b.a_brand(app), b.a_brand(app, "rival")
    b.a_live_campaign(app, brand)
    asked(app, brand)
    with app.means.database.begin(brand) as tx:
        slow = reviews.take(tx)
        assert slow is not None
        assert reviews.take(tx) is None
        tx.execute(_EXPIRE)
    for _ in range(reviews.TRIES - 1):
        with pytest.raises(OSError, match="no room left"):
            job.look(app, place=broken)
        with app.means.database.begin(brand) as tx:
            reviews.keep(tx, slow, {"en": "late"})
            assert reviews.newest(tx, "reminder")[0].state == "running"
            tx.execute(_EXPIRE)
    assert job.look(app, place=broken) == 0
    with app.means.database.begin(brand) as tx:
        [kept] = reviews.newest(tx, "reminder")
    assert kept.state == "failed"
    assert "ticker has logged" in (kept.problem or "")
    with app.means.database.begin(rival) as tx:
        assert reviews.newest(tx, "reminder") == []
