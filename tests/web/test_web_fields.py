"""Do the fields beside a campaign's document show it, and change this and nothing else of it?"""

from collections.abc import Mapping

import pytest

from outreach.campaigns import document
from outreach.errors import Invalid
from outreach.web.console import fields

LIBRARY = document.library()
TEXT = LIBRARY["usage-tutorial"]


def changed(posted: Mapping[str, str]) -> str:
    return fields.changed(document.read(TEXT, name="usage-tutorial"), TEXT, posted)


@pytest.mark.parametrize("key", sorted(LIBRARY))
def test_what_a_form_shows_changes_nothing_when_it_is_sent_back(key: str) -> None:
    campaign = document.read(LIBRARY[key], name=key)
    shown = {one.name: one.shown for one in fields.of(campaign)}
    assert fields.changed(campaign, LIBRARY[key], shown) == LIBRARY[key]


def test_a_field_changes_its_own_place_and_keeps_every_comment() -> None:
    written = changed({"name.en": 'Tips: "new" <b>', "after.1": "3 d", "first": "20"})
    told = document.read(written, name="usage-tutorial")
    assert told.name["en"] == 'Tips: "new" <b>'
    assert told.ramp is not None
    assert told.ramp.first == 20
    assert [step.after.days for step in told.contacts] == [0, 3]
    assert "# Two short lessons" in written


@pytest.mark.parametrize(
    ("name", "value"), [("first", "²"), ("first", "-1"), ("holdout", "nan"), ("priority", "1e9")]
)
def test_what_is_no_number_is_said(name: str, value: str) -> None:
    with pytest.raises(Invalid, match="is no"):
        changed({name: value})
