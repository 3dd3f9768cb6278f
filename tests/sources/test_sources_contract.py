"""Does every source keep the promises that we make for all of them?

One class over all: a source that is added to the catalogue is held to it once it has a sample.
"""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import timezones
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.events.model import Event
from outreach.events.sources import judging
from outreach.events.sources.catalogue import SOURCES
from outreach.events.sources.judging import Known, SetAside, Taken, Turned, judge
from outreach.events.sources.protocol import RawEvent
from outreach.signed.message import Message, Refused, Verified
from tests.builders import NOON
from tests.sources.messages import ANOTHER, KEY, SAMPLES, Sample
from tests.sources.spoilt import spoilt

BRAND = BrandRef(1, "lumen")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def known(sample: Sample, *secrets: str, test: bool = False, zone: str = "") -> Known:
    """The brand's source of this kind, with the sample's secret or these."""
    live, zone = secrets or (sample.secret,), zone or SOURCES[sample.kind].zone
    return Known(UUID(int=7), BRAND, "shop", sample.kind, live, zone, test)


def another(secret: str) -> str:
    """A secret of the same form that is not live."""
    return ANOTHER if secret == KEY else f"{secret}x"


def facts(source: Known, message: Message) -> dict[str, str]:
    """Type and business key of each event that a message becomes."""
    told = [one.event for one in judging.became(source, message, now=NOON)]
    return {event.type: event.key for event in told if isinstance(event, Event)}


def test_every_source_has_a_sample() -> None:
    assert {sample.kind for sample in SAMPLES} == set(SOURCES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.kind)
class TestEverySource:
    """A source of the catalogue, whichever."""

    def test_takes_what_its_platform_signed(self, sample: Sample) -> None:
        assert isinstance(judge(known(sample), sample.message(), now=NOON), Taken)

    def test_names_facts_by_the_business_object(self, sample: Sample) -> None:
        assert facts(known(sample), sample.message()) == sample.facts

    def test_refuses_what_another_secret_signed(self, sample: Sample) -> None:
        message = sample.message(secret=another(sample.secret))
        verdict = judge(known(sample), message, now=NOON)
        assert isinstance(verdict, Turned)
        assert verdict.status == 401

    def test_refuses_what_nobody_signed(self, sample: Sample) -> None:
        body = sample.message().body.replace(b"sign", b"sigh").replace(b"Sign", b"Sigh")
        verdict = judge(known(sample), Message(body, sample.headers), now=NOON)
        assert isinstance(verdict, Turned)
        assert verdict.status == 401

    def test_fails_closed_without_a_secret(self, sample: Sample) -> None:
        bare = replace(known(sample), secrets=())
        verdict = judge(bare, sample.message(), now=NOON)
        assert isinstance(verdict, Turned)

    def test_takes_either_of_two_live_secrets(self, sample: Sample) -> None:
        other = another(sample.secret)
        for secrets in ((other, sample.secret), (sample.secret, other)):
            verdict = judge(known(sample, *secrets), sample.message(), now=NOON)
            assert isinstance(verdict, Taken)

    def test_a_repetition_is_the_same_message(self, sample: Sample) -> None:
        """Retries carry new instants and signatures over the same words."""
        later = sample.message(at=NOON + timedelta(minutes=2))
        first = judging.message_id(known(sample), sample.message())
        assert judging.message_id(known(sample), later) == first

    def test_what_a_test_source_says_is_a_test(self, sample: Sample) -> None:
        verdict = judge(known(sample, test=True), sample.message(), now=NOON)
        assert isinstance(verdict, Taken)
        assert verdict.test

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"\xff\xfe\x00", id="no encoding of ours"),
            pytest.param('{"a": "é"}'.encode("latin-1"), id="latin-1"),
            pytest.param('{"a": 1}'.encode("utf-16"), id="utf-16"),
            pytest.param(b"[" * 100_000, id="deep and open"),
            pytest.param(b"[" * 900 + b"]" * 900, id="deep"),
            pytest.param(b"{\x00}", id="NUL"),
            pytest.param(b'{"a": NaN}', id="no number"),
            pytest.param(b'{"a": ' + b"9" * 5000 + b"}", id="long number"),
        ],
    )  # fmt: skip
    def test_keeps_nothing_of_what_cannot_be_read(self, sample: Sample, body: bytes) -> None:
        """Signed or not: it is refused, or set aside."""
        message = sample.sign(body, sample.secret, NOON)
        message = replace(message, headers={**sample.headers, **message.headers})
        assert isinstance(judge(known(sample), message, now=NOON), Turned | SetAside)

    def test_sets_aside_what_it_does_not_know(self, sample: Sample) -> None:
        """An unknown topic is no fault of the platform's, which would end the webhook."""
        strange = sample.sign(b'{"type": "of another kind"}', sample.secret, NOON)
        headers = {**sample.headers, "x-shopify-topic": "x/y", "x-wc-webhook-topic": "x.y"}
        strange = replace(strange, headers={**headers, **strange.headers})
        verdict = judge(known(sample), strange, now=NOON)
        assert isinstance(verdict, SetAside | Turned)
        assert not isinstance(verdict, Turned) or verdict.status == 400

    def test_a_value_of_another_kind_breaks_nothing(self, sample: Sample) -> None:
        """Whichever value of its message it stands for: each is judged, and nothing is raised."""
        for told in spoilt(json.loads(sample.body)):
            message = sample.message(body=json.dumps(told).encode())
            assert judge(known(sample), message, now=NOON)

    @given(ANYTHING)
    def test_reads_or_refuses_whatever_it_is_given(self, sample: Sample, told: object) -> None:
        """Nothing but `Invalid` comes out of a body that is of another shape than documented."""
        message = sample.sign(json.dumps(told).encode(), sample.secret, NOON)
        source, zone = SOURCES[sample.kind], timezones.load("Asia/Shanghai")
        headers = {**sample.headers, **message.headers}
        assert isinstance(source.verify(message, (sample.secret,), NOON), Verified | Refused)
        try:
            found = source.read(message.body, headers, zone)
        except Invalid:
            return
        assert all(isinstance(raw, RawEvent) for raw in found)


STAMPED = [s for s in SAMPLES if s.kind in {
    "generic", "shippo", "stripe", "wechat-shop", "taobao", "zendesk", "chatwoot", "reviews"
}]  # fmt: skip


@pytest.mark.parametrize("sample", STAMPED, ids=lambda sample: sample.kind)
@pytest.mark.parametrize("off", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_what_was_signed_at_another_time_is_refused(sample: Sample, off: timedelta) -> None:
    """Whoever recorded a message cannot play it again later."""
    verdict = judge(known(sample), sample.message(at=NOON + off), now=NOON)
    assert isinstance(verdict, Turned)
    assert verdict.code == "stale"
