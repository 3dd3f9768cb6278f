"""A question about a person, answered with everything that it rests on."""

from datetime import UTC, datetime

import pytest

from outreach.errors import Invalid
from outreach.hours import asking
from outreach.hours.packs import load

PACKS = load()
NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
SMS = {"channel": "sms", "purpose": "marketing"}


def asked(**members: object) -> asking.Answer:
    return asking.ask(PACKS, asking.read(SMS | members), now=NOW)


def test_a_number_of_the_panhandle_is_told_with_both_clocks_and_both_laws():
    answer = asked(phone="+18505550123")
    assert not answer.allowed
    assert answer.next == datetime(2026, 11, 23, 14, tzinfo=UTC)
    assert set(answer.candidates.zones) == {"America/New_York", "America/Chicago"}
    assert answer.candidates.jurisdictions == ("US", "US-FL")
    assert {"US-1", "US-FL-1"} <= {rule.rule for rule in answer.rules}
    assert all(rule.source for rule in answer.rules)
    assert answer.pack == PACKS.version


def test_another_instant_may_be_asked_about():
    answer = asked(country="FR", channel="voice", at="2026-11-23T13:30:00+01:00")
    assert answer.next == datetime(2026, 11, 23, 13, tzinfo=UTC)


def test_nothing_known_is_never_and_says_so():
    answer = asked()
    assert (answer.allowed, answer.next) == (False, None)
    assert answer.evidence == ("nothing says where this person is",)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"channel": "fax"}, "channel"),
        ({"purpose": "spam"}, "purpose"),
        ({"at": "2026-11-23T13:30:00"}, "at"),
        ({"at": "9999-12-31T23:59:59Z"}, "at"),
        ({"phones": "+18505550123"}, "phones"),
        ({"zone": "Europe/Lisboa"}, "Europe/Lisboa"),
    ],
)
def test_a_question_that_cannot_be_read_says_why(members, said):
    with pytest.raises(Invalid, match=said):
        asked(**members)


def test_an_address_may_be_written_in_short() -> None:
    """A country or a part of one, then perhaps a postcode; anything else is refused."""
    assert asking.address("US-FL 32501") == {"country": "US", "region": "FL", "postcode": "32501"}
    assert asking.address("GB SW1A 1AA") == {"country": "GB", "postcode": "SW1A 1AA"}
    assert asking.address("FR") == {"country": "FR"}
    with pytest.raises(Invalid, match="US-FL 32501"):
        asking.address("Florida")
