"""Do the sums of a replay say what its rows say?"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from outreach.replay import totals
from outreach.replay.model import Row

NOON = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)


def _row(person: str, outcome: str = "send", **known: object) -> Row:
    fields: dict[str, object] = {
        "id": uuid4(), "person": person, "event": "e", "campaign": "c", "version": 1, "step": "one",
        "channel": "sms", "purpose": "service", "outcome": outcome, "reason": None, "at": NOON,
        "zones": ("Asia/Tokyo",), "local": ("21:30",), "until": NOON, "pack": "p", "facts": "f",
        "text": "x" * 161,
    }  # fmt: skip
    return Row(**fields | known)  # type: ignore[arg-type]  # plain data


def test_a_person_is_counted_once_however_many_contacts_there_are() -> None:
    """Rows come person by person."""
    found = totals.of([_row("a"), _row("a", "skip", reason="capped"), _row("b", "decline")])
    assert (found.rows, found.people, found.reached) == (3, 2, 1)
    assert found.by_reason() == [(("decline", ""), 1), (("skip", "capped"), 1)]


def test_an_sms_costs_by_its_parts() -> None:
    """161 signs are two parts; a mail is one unit; what has no price is not counted."""
    found = totals.of([_row("a"), _row("b", channel="email"), _row("c", channel="voice")])
    assert found.units == {"sms": 2, "email": 1, "voice": 1}
    assert found.cost({"sms": Decimal("0.05"), "email": Decimal("0.001")}) == Decimal("0.101")


def test_the_fullest_hour_of_a_channel_is_the_first_of_several() -> None:
    """Only what goes is counted, by the hour in UTC."""
    later = NOON + timedelta(hours=1)
    rows = [_row("a"), _row("b"), _row("c", at=later), _row("d", at=later), _row("e", "hold")]
    assert totals.of(rows).peak == {"sms": (NOON.replace(minute=0), 2)}


def test_first_and_last_are_told_by_zone_and_the_placeless_apart() -> None:
    """Somebody who may be in two zones counts in each."""
    later = NOON + timedelta(hours=5)
    rows = [_row("a", zones=("Asia/Tokyo", "Asia/Seoul")), _row("b", at=later), _row("c", zones=())]
    found = totals.of(rows)
    assert found.first == dict.fromkeys(("Asia/Tokyo", "Asia/Seoul", totals.NOWHERE), NOON)
    assert found.last["Asia/Tokyo"] == later
    assert found.placeless == 1
