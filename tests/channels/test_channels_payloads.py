"""Is what providers really push read as they mean it?

The samples lie beside some checkouts only; where they do not, this says so and passes over.
"""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from outreach.channels.receipts import Kind, Told, Why, Written
from outreach.channels.vendors.catalogue import VENDORS
from outreach.signed.message import Message
from tests.sources.test_sources_payloads import KINDS

SAMPLES = Path(__file__).parents[3] / "shared" / "payloads"
RECEIPTS = [
    ("aliyun", "aliyun_sms_report.json", Kind.DELIVERED, None),
    ("ses", "ses_sns_bounce.json", Kind.BOUNCED_HARD, Why.NO_SUCH_ADDRESS),
    ("sendgrid", "sendgrid_bounce.json", Kind.BOUNCED_HARD, Why.NO_SUCH_ADDRESS),
    ("postmark", "postmark_bounce.json", Kind.BOUNCED_HARD, Why.NO_SUCH_ADDRESS),
    ("mailgun", "mailgun_complained.json", Kind.COMPLAINED, None),
    ("resend", "resend_delivered.json", Kind.DELIVERED, None),
]
OTHERS = {"twilio_status_undelivered.json", "twilio_incoming_stop.json", "tencent_sms_reply.json"}


def told(vendor: str, name: str, *, form: bool = False) -> list[object]:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the samples are not beside this checkout")
    body = path.read_bytes()
    if form:
        body = urlencode(json.loads(body)).encode()
    return list(VENDORS[vendor].read(Message(body, {})))


@pytest.mark.parametrize(("vendor", "name", "kind", "why"), RECEIPTS)
def test_a_receipt_says_what_it_means(vendor: str, name: str, kind: Kind, why: Why | None) -> None:
    """One receipt, of one kind, for one of our causes, under the provider's own id."""
    [one] = told(vendor, name)
    assert isinstance(one, Told)
    assert (one.kind, one.why) == (kind, why)
    assert one.provider_id
    assert one.at


def test_who_had_refused_at_twilio_has_refused() -> None:
    """21610 fails the message, and tells of the refusal."""
    found = told("twilio", "twilio_status_undelivered.json", form=True)
    assert [one.kind for one in found if isinstance(one, Told)] == [Kind.FAILED, Kind.UNSUBSCRIBED]


def test_what_twilio_takes_for_a_refusal_is_one() -> None:
    """Whatever the person wrote."""
    [one] = told("twilio", "twilio_incoming_stop.json", form=True)
    assert isinstance(one, Written)
    assert one.text == "STOP"


def test_a_reply_at_tencent_names_the_signature() -> None:
    """It is what tells the brand."""
    [one] = told("tencent", "tencent_sms_reply.json")
    assert isinstance(one, Written)
    assert (one.to, one.text) == ("SMS signature", "User reply")


def test_every_sample_is_read() -> None:
    """What no source reads is a provider's, and is read here."""
    if not SAMPLES.is_dir():
        pytest.skip("the samples are not beside this checkout")
    there = {one.name for one in SAMPLES.glob("*.json") if one.stem.partition("_")[0] not in KINDS}
    assert there == OTHERS | {name for _, name, _, _ in RECEIPTS}
