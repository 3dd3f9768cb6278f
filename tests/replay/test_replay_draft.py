"""What would a draft do, and what would it do otherwise than what is live?"""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.errors import Invalid, NotFound
from outreach.replay.asked import Answer, Heard, Question, answer
from outreach.replay.ground import Ground
from outreach.replay.model import Row
from outreach.replay.run import Draft
from tests import builders as b

TOMORROW = b.NOON + timedelta(days=1)


def _supposed(*refs: str) -> Iterator[bytes]:
    """A parcel for each of these, at noon tomorrow."""
    for ref in refs:
        event = {
            "specversion": "1.0", "id": ref, "source": "shop", "type": "parcel.delivered",
            "subject": ref, "time": TOMORROW.isoformat(),
            "data": {"parcel": f"P-{ref}", "order": f"O-{ref}", "product": "Lumen One"},
        }  # fmt: skip
        yield json.dumps(event).encode()


def _asked(
    app: Outreach, brand: BrandRef, ground: Ground, **question: object
) -> tuple[Answer, list[Row]]:
    rows: list[Row] = []
    asked = Question("reminder", **question)  # type: ignore[arg-type]  # plain data
    return answer(app, brand, ground, asked, Heard(row=rows.append)), rows


def test_a_draft_is_tried_on_events_that_nobody_reported(app: Outreach, ground: Ground) -> None:
    """Who gets it and who is unknown; against the live version a later hour and a new step."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    b.a_person(app, brand, "ada", zone="Asia/Tokyo")
    b.a_person(app, brand, "bo", email=None)
    later = [b.a_step(after="2 h"), b.a_step("two", after="1 d")]
    draft = Draft("reminder", b.written(steps=later), {})

    said, rows = _asked(
        app, brand, ground, draft=draft, events=_supposed("ada", "bo", "nobody"), against=1
    )

    assert [(r.person, r.step, r.outcome, r.reason) for r in rows] == [
        ("ada", "one", "send", None), ("ada", "two", "send", None),
        ("bo", "one", "skip", "no_address"), ("bo", "two", "skip", "no_address"),
    ]  # fmt: skip
    assert rows[0].at == TOMORROW + timedelta(hours=2)
    assert rows[0].local == ("2026-03-11 23:00",)
    assert "Lumen One" in rows[0].text
    assert said.totals.people == 2
    assert said.changes == {"new": 2, "instant": 1}
    with app.means.database.begin(brand) as tx:
        assert [v.version for v in app.means.book.every(tx)] == [1]


def test_what_cannot_be_asked_is_said_before_anything_passes(app: Outreach, ground: Ground) -> None:
    """No days, no such campaign, no such version, events that cannot be read."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    with pytest.raises(Invalid, match="say which days"):
        _asked(app, brand, ground)
    with pytest.raises(NotFound, match="no version 7"):
        _asked(app, brand, ground, events=_supposed("ada"), against=7)
    with pytest.raises(Invalid) as found:
        _asked(app, brand, ground, events=[b'{"type": "parcel.teleported"}', b"{"])
    assert [one.where for one in found.value.problems] == ["line 1", "line 2"]
