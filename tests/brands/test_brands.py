"""Are brands kept as their documents say, and is a document read strictly?"""

from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands import store
from outreach.brands.model import BrandDocument, Profile
from outreach.brands.pace import Cap
from outreach.db.engine import BrandRef
from outreach.errors import NotFound
from outreach.templates import store as templates
from tests import builders as b

PROFILE = {
    "sender_name": "Lumen Care", "sender_email": "care@lumen.example", "sms_sender": "LUMEN",
    "signature": "Lumen", "support": "help@lumen.example",
}  # fmt: skip
DOCUMENT = {"key": "lumen", "name": "Lumen", "locale": "en", "zone": "UTC", "profile": PROFILE}

TEMPLATE = "{key: news, purpose: service, texts: {en: {email: {subject: News, text: News.}}}}"


def test_a_brand_comes_back_as_it_went_in(shared_app: Outreach) -> None:
    """Its profile with its caps, under a number of its own."""
    ref = b.a_brand(shared_app, "kept", caps=[{"max": 2, "per": timedelta(days=7)}])
    with shared_app.means.database.begin(ref) as tx:
        brand = store.get(tx)
    assert (brand.ref, brand.zone, brand.stopped) == (ref, "America/New_York", False)
    assert brand.profile.caps == (Cap(max=2, per=timedelta(days=7)),)
    assert store.directory(shared_app.means.database)["kept"] == ref


def test_settling_in_keeps_nobody_from_writing_what_refers_to_the_brand(
    shared_app: Outreach,
) -> None:
    """A first batch is claimed and judged meanwhile, which may take its time."""
    ref = b.a_brand(shared_app, "settling")
    begin = shared_app.means.database.begin
    with begin(ref) as tx, begin(ref) as other:
        assert not store.settle_here(tx)
        other.execute(text("set local lock_timeout = '100ms'"))
        templates.put(other, ref, TEMPLATE, name="news")


def test_a_second_import_replaces_the_profile_and_nothing_else(shared_app: Outreach) -> None:
    """The number stays, and so does a stop."""
    ref = b.a_brand(shared_app, "replaced")
    with shared_app.means.database.begin(ref) as tx:
        store.stop(tx, stopped=True)
    assert b.a_brand(shared_app, "replaced", support="new@lumen.example") == ref
    with shared_app.means.database.begin(ref) as tx:
        brand = store.get(tx)
    assert (brand.profile.support, brand.stopped) == ("new@lumen.example", True)


def test_a_brand_that_is_none_is_not_found(shared_app: Outreach) -> None:
    """By number and by name."""
    with pytest.raises(NotFound), shared_app.means.database.begin(BrandRef(999, "none")) as tx:
        store.get(tx)
    with pytest.raises(NotFound, match="brands import"):
        shared_app.brand("none")


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "Lumen"}, {"key": "l"}, {"key": "a\n"}, {"name": ""}, {"locale": "english"},
        {"zone": "Mars/Base"}, {"zone": "America"}, {"zone": "../etc"}, {"colour": "red"},
        {"profile": PROFILE | {"sender_email": "care"}},
        {"profile": PROFILE | {"caps": [{"max": 0, "per": "P1D"}]}},
        {"profile": PROFILE | {"caps": [{"max": 1, "per": "P0D"}]}},
        {"profile": PROFILE | {"caps": [{"max": 1, "per": "P900D"}]}},
        {"profile": PROFILE | {"apart": "PT0S"}},
        {"profile": PROFILE | {"caps": [{"max": 1, "per": "P1D", "channels": ["fax"]}]}},
    ],
)  # fmt: skip
def test_a_document_with_a_mistake_is_refused(changes: dict[str, object]) -> None:
    """Rather than kept in part; a cap that nothing would enforce is a mistake."""
    with pytest.raises(ValidationError):
        BrandDocument.model_validate(DOCUMENT | changes)


def test_without_a_word_about_caps_there_are_some() -> None:
    """Silence falls to less contact."""
    profile = Profile.model_validate(PROFILE)
    assert len(profile.caps) == 1
    assert all(vars(profile.quarantines).values())
    assert profile.apart == timedelta(hours=4)


def test_blocks_are_those_of_the_language_and_never_of_another() -> None:
    """The region first, then the language, then the brand's own locale, then none."""
    blocks = {"zh": {"legal": "示例"}, "en-GB": {"legal": "Sample Ltd"}}
    profile = Profile.model_validate(PROFILE | {"blocks": blocks})
    said = [
        profile.blocks_in(*wanted, channel=Channel.EMAIL).legal
        for wanted in (("zh-TW",), ("en",), ("en", "en-GB"))
    ]
    assert said == ["示例", "", "Sample Ltd"]


def test_a_channel_may_have_lines_of_its_own_and_each_line_falls_back_by_itself() -> None:
    """What has to be understood, or is said to a carrier, is never taken from another language."""
    blocks = {
        "en": {"legal": "Sample Ltd", "opt_out": "Reply STOP", "signature": "Sample"},
        "zh-CN": {"header": "示例", "channels": {"sms": {"header": "短"}}},
    }
    profile = Profile.model_validate(PROFILE | {"blocks": blocks})
    mail = profile.blocks_in("zh-TW", "zh-CN", channel=Channel.EMAIL, default=["en"])
    sms = profile.blocks_in("zh-TW", "zh-CN", channel=Channel.SMS, default=["en"])
    assert (mail.header, sms.header) == ("示例", "短")
    assert (mail.legal, mail.opt_out, mail.signature) == ("Sample Ltd", "", PROFILE["signature"])


def test_a_voice_is_read_strictly() -> None:
    """A misspelt wish would never be heard."""
    with pytest.raises(ValidationError, match="adress"):
        Profile.model_validate(PROFILE | {"voice": {"adress": "formal"}})
