"""A campaign is a document: every mistake is shown, and what is printed is read back."""

# ruff: noqa: E501  # tables read best with one row a line

import json
from datetime import time, timedelta
from decimal import Decimal

import pytest

from optout.model import Channel, Purpose
from outreach.campaigns import document
from outreach.campaigns.model import Campaign, Exit
from outreach.campaigns.steps import Step
from outreach.campaigns.triggers import EventTrigger
from outreach.errors import Invalid

GOOD = """\
key: lessons
name: {en: Lessons, zh-CN: 教程}
purpose: service
priority: 40
value: 12.50
trigger:
  event: parcel.delivered
  condition: {field: event.data.tier, operator: is, value: vip}
  once_per: person
steps:
  - key: first
    channels: [email, sms]
    template: lesson-1
    after: 2 h
    at: 10:00
    useful_for: PT36H
  - key: call
    kind: callback
    channels: [voice]
    template: script
    purpose: survey
exits:
  - {event: order.refunded, same: order}
holdout: 0.1
"""


def complaints(text: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        document.read(text, name="lessons.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_a_campaign_is_read():
    campaign = document.read(GOOD, name="lessons.yaml")
    first, call = campaign.steps
    assert (campaign.purpose, campaign.value, campaign.holdout) == (
        Purpose.SERVICE,
        Decimal("12.5"),
        0.1,
    )
    assert campaign.trigger.once_per == "person"
    assert campaign.exits == (Exit("order.refunded", same="order"),)
    assert first.channels == (Channel.EMAIL, Channel.SMS)
    assert (first.after, first.at, first.useful_for) == (
        timedelta(hours=2),
        time(10),
        timedelta(hours=36),
    )
    assert (call.kind, call.purpose, call.at, call.within_hours) == (
        "callback",
        Purpose.SURVEY,
        None,
        False,
    )


def test_what_is_printed_is_read_back():
    campaign = document.read(GOOD, name="x")
    assert document.read(document.printed(campaign), name="x") == campaign
    assert document.decode(json.loads(json.dumps(document.plain(campaign))), name="x") == campaign


def test_a_campaign_may_be_built_by_hand():
    built = Campaign(
        "k", {"en": "K"}, Purpose.SERVICE, EventTrigger("a.b"), (Step("s", (Channel.SMS,), "t"),)
    )
    assert document.read(document.printed(built), name="x") == built


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("key: lessons", "key: My Lessons",
         "line 1, column 6: key: write a name in lower-case letters, digits and single hyphens"),
        ("zh-CN: 教程", "zh_cn: 教程", "line 2, column 21: name.zh_cn: write a locale such as `en`, `en-GB` or `zh-CN`"),
        ("purpose: service\np", "purpose: servic\np",
         "line 3, column 10: purpose: `servic` is not known here; did you mean `service`?"),
        ("priority: 40", "priority: 101", "line 4, column 11: priority: write a number that is at most 100"),
        ("priority: 40", "priority: true", "line 4, column 11: priority: write a whole number here"),
        ("value: 12.50", "value: -1", "line 5, column 8: value: write a number that is at least 0"),
        ("value: 12.50", "value: lots", "line 5, column 8: value: write a number here"),
        ("  event: parcel.delivered", "  event: Delivered",
         "line 7, column 10: trigger.event: write a type of event such as `parcel.delivered`"),
        ("once_per: person", "once_per: week",
         "line 9, column 13: trigger.once_per: `week` is not known here; use one of cart, contract, event, order, parcel, person"),
        ("template: lesson-1", "tempalte: lesson-1",
         ("line 11, column 5: steps[0].template: `template` is missing: add it\n"
          "line 13, column 5: steps[0].tempalte: `tempalte` is not known here; did you mean `template`?")),
        ("[email, sms]", "[emial, sms]",
         "line 12, column 16: steps[0].channels[0]: `emial` is not known here; did you mean `email`?"),
        ("[email, sms]", "[sms, sms]", "line 12, column 15: steps[0].channels: name each channel once"),
        ("[email, sms]", "[]", "line 12, column 15: steps[0].channels: write at least one entry here"),
        ("[email, sms]", "[sms, voice]",
         "line 11, column 5: steps[0]: an agent makes the calls: make the kind `callback`, or remove `voice`"),
        ("[voice]", "[sms]", "line 17, column 5: steps[1]: a callback is a live call: make its channels `[voice]`"),
        ("after: 2 h", "after: 2 months",
         ("line 14, column 12: steps[0].after: write a duration such as `30 min`, `2 h`, `7 d` or `PT2H`; "
          "months have no length")),
        ("at: 10:00", "at: 25:00",
         "line 15, column 9: steps[0].at: write a time of day between 00:00 and 23:59, such as 10:00"),
        ("PT36H", "0 h",
         "line 11, column 5: steps[0]: make `useful_for` longer than nothing, or the step is never sent"),
        ("key: call", "key: first", "line 1, column 1: name each step differently: first stands twice"),
        ("same: order", "same: house",
         "line 23, column 35: exits[0].same: `house` is not known here; use one of contract, order, parcel, person"),
        ("holdout: 0.1", "holdout: 10", "line 24, column 10: holdout: write a number that is at most 1"),
        ("holdout: 0.1", "holdout: 0.1\npriority: 3", "line 25, column 1: priority: `priority` is written twice: keep one"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line_and_a_sentence(good, bad, complaint):
    assert good in GOOD
    assert "\n".join(complaints(GOOD.replace(good, bad, 1))) == complaint


def test_ten_mistakes_are_ten_problems():
    text = (
        GOOD.replace("key: lessons", "key: L")
        .replace("zh-CN", "Chinese")
        .replace("service", "help")
        .replace("40", "400")
        .replace("parcel.delivered", "parcel")
        .replace("operator: is", "operator: equals")
        .replace("2 h", "2 hours ago")
        .replace("10:00", "10 o'clock")
        .replace("[voice]", "[phone]")
        .replace("holdout", "holdback")
    )
    assert len(complaints(text)) == 10


def test_the_name_of_the_document_is_in_the_error():
    with pytest.raises(Invalid, match=r"lessons\.yaml cannot be used: 1 problem"):
        document.read(GOOD.replace("40", "x"), name="lessons.yaml")


def test_the_schema_knows_every_key_and_describes_it():
    schema = document.schema()
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["additionalProperties"] is False
    steps = schema["$defs"]["Step"]["properties"]
    assert {"channels", "after", "useful_for", "within_hours"} <= steps.keys()
    described = [p for d in schema["$defs"].values() for p in d.get("properties", {}).values()]
    assert all("description" in entry for entry in described)


def test_the_library_is_readable_and_named_after_its_keys():
    library = document.library()
    assert {
        "usage-tutorial", "review-invitation", "delivery-check-call", "renewal-reminder",
        "satisfaction-survey",
    } <= library.keys()  # fmt: skip
    for key, text in library.items():
        campaign = document.read(text, name=f"{key}.yaml")
        assert campaign.key == key
        assert campaign.name.keys() == {"en", "zh-CN"}
        assert document.read(document.printed(campaign), name=key) == campaign


def test_the_review_invitation_chooses_nobody_by_mood():
    invitation = document.read(document.library()["review-invitation"], name="x")
    assert invitation.trigger.condition is None
    assert [way.event for way in invitation.exits] == ["review.written"]
