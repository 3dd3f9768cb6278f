"""What leaves stands in its own brand's lines, in the person's language, by the law there."""

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch import wording
from outreach.dispatch.wording import Ready, Words
from outreach.events.model import Event
from outreach.templates import document
from tests import builders as b
from tests.dispatch import builders as d

TEXTS = document.read(
    """
key: hello
purpose: renewal
texts:
  en:
    email: {subject: Hello, text: Hello.}
    sms: {text: Hello.}
  zh-CN:
    email: {subject: 您好, text: 您好。}
    sms: {text: 您好。}
""",
    name="hello",
)
LUMEN = {
    "signature": "明灯",
    "blocks": {
        "en": {"legal": "Lumen Ltd, 1 Sample Road", "opt_out": "Text END to 700"},
        "zh-CN": {"footer": "明灯客户关怀"},
    },
}


def said(app: Outreach, brand: BrandRef, channel: Channel, **person: object) -> str:
    """What a person of this kind would read of this brand."""
    with app.means.database.begin(brand) as tx:
        known = brands.get(tx)
    reader = b.a_person(app, brand, **person)
    event: Event = b.an_event(app, brand, reader, parcel=reader.ref)
    touch = d.a_touch(channel=channel)
    ready = wording.fill(Words(touch, known, reader, event, TEXTS, "https://u", "https://p", ""))
    assert isinstance(ready, Ready)
    return ready.content.text


def test_a_text_stands_in_the_lines_of_its_language_and_its_place(app: Outreach) -> None:
    """Who reads Chinese in Taipei has the Chinese lines, and the legal one in English."""
    brand = b.a_brand(app, "lumen-lines", **LUMEN)
    taipei = {"locale": "zh-TW", "country": "TW", "subdivision": None, "phone": "+886912345678"}
    shanghai = taipei | {"locale": "zh-CN", "country": "CN", "phone": "+8613800138000"}
    nowhere = shanghai | {"country": None}

    assert said(app, brand, Channel.EMAIL, **taipei) == (
        "您好。\n\n明灯客户关怀\n\nLumen Ltd, 1 Sample Road"
    )
    assert said(app, brand, Channel.SMS, **taipei) == "您好。"
    assert said(app, brand, Channel.SMS, **shanghai) == "【明灯】您好。拒收请回复R"
    assert said(app, brand, Channel.SMS, **nowhere) == "【明灯】您好。拒收请回复R"
    assert said(app, brand, Channel.SMS) == "Lumen: Hello. Text END to 700"


def test_a_brand_chooses_what_is_spoken_where_a_text_is_not_in_the_persons_language(
    app: Outreach,
) -> None:
    """For one locale alone, and for this brand alone."""
    taipei = {"locale": "zh-TW", "country": "TW", "subdivision": None, "phone": "+886912345678"}
    chosen = b.a_brand(app, "lumen-chosen", fallbacks={"zh-TW": ["ja", "en"]})
    assert said(app, chosen, Channel.EMAIL, **taipei) == "Hello."
    assert said(app, chosen, Channel.EMAIL, **taipei | {"locale": "zh-SG"}) == "您好。"
    assert said(app, b.a_brand(app, "lumen-plain"), Channel.EMAIL, **taipei) == "您好。"


def test_no_brand_ever_says_the_lines_of_another(app: Outreach) -> None:
    """A brand without lines says none, though its sister has some for that language."""
    b.a_brand(app, "lumen-sister", **LUMEN)
    bare = b.a_brand(app, "bare-sister")
    assert said(app, bare, Channel.EMAIL) == "Hello."
