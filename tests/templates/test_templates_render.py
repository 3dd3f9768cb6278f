"""Holes are filled with plain values; what is missing or too long is an error with a name."""

import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from markupsafe import Markup

from optout.model import Channel, Purpose
from outreach.errors import Invalid
from outreach.templates import render
from outreach.templates.model import Template, Text

SMS, EMAIL, VOICE = Channel.SMS, Channel.EMAIL, Channel.VOICE


def said(source: str, *, channel: Channel = VOICE, **event: object) -> str:
    return content(Text(text=source, subject="x"), channel=channel, **event).text


def content(text: Text, *, channel: Channel = EMAIL, who: object = "A. Reader", **event: object):
    template = Template("greeting", Purpose.SERVICE, {"en": {channel: text}})
    context = {"person": {"name": who, "first_name": None}, "event": {"data": event}}
    return render.render(template, channel=channel, locale="en-GB", context=context)


@pytest.mark.parametrize(
    ("source", "event", "expected"),
    [
        ("{{ person.name }}", {}, "A. Reader"),
        ("{{ person.first_name | default('there', true) }}", {}, "there"),
        ("{{ person.first_name | default('there') }}", {}, "there"),
        ("{{ event.data.total }}", {"total": Decimal("42.50")}, "42.50"),
        (
            "{{ event.data.at }}",
            {"at": datetime(2026, 3, 1, tzinfo=UTC)},
            "2026-03-01T00:00:00+00:00",
        ),
        ("{{ event.data.items }}", {"items": 3}, "3"),
        ("{{ event.data.names | join }}", {"names": ["a", "b"]}, "a, b"),
        (
            "{{ event.data.names | first }}{{ event.data.names | last }}",
            {"names": ["a", "b"]},
            "ab",
        ),
        ("{{ event.data.names | length }}", {"names": ["a", "b"]}, "2"),
        (
            "{% for l in event.data.lines %}{{ l.name }};{% endfor %}",
            {"lines": [{"name": "a"}]},
            "a;",
        ),
        ("{% if event.data.deep.er is defined %}x{% else %}y{% endif %}", {}, "y"),
        ("{{ person.name | upper | trim }} {{ 'ab' | capitalize }}", {}, "A. READER Ab"),
    ],
)
def test_a_hole_is_filled(source, event, expected):
    assert said(source, **event) == expected


@pytest.mark.parametrize(
    ("source", "event", "name"),
    [
        ("Hello {{ person.first_name }}", {}, "person.first_name"),
        ("{{ event.data.order.total }}", {}, "event.data.order"),
        ("{{ links.unsubscribe }}", {}, "links.unsubscribe"),
        ("{{ event.data.keys }}", {}, "event.data.keys"),
        ("{% if event.data.gift %}x{% endif %}", {}, "event.data.gift"),
        ("{% for l in event.data.lines %}x{% endfor %}", {}, "event.data.lines"),
        ("{{ event.data.names | join }}", {}, "event.data.names"),
        ("{{ event.data.name | upper }}", {}, "event.data.name"),
    ],
)
def test_a_missing_value_is_named(source, event, name):
    with pytest.raises(Invalid) as caught:
        said(source, **event)
    assert caught.value.details["name"].startswith(name)
    assert str(caught.value).startswith(f"template 'greeting', en, voice: `{name}")


@pytest.mark.parametrize(
    ("source", "event", "sentence"),
    [
        ("{{ event.data.lines }}", {"lines": ["a"]}, "list has no words"),
        ("{{ event.data }}", {"a": 1}, "has no words"),
        ("{{ event.data.gift }}", {"gift": True}, "bool has no words"),
        ("{{ event.data.total > 5 }}", {"total": "x"}, "not supported between"),
        ("{{ event.data.names | first }}", {"names": []}, "out of range"),
        ("{{ event.data.name | join }}", {"name": "abc"}, "takes a list"),
    ],
)
def test_what_has_no_words_is_refused(source, event, sentence):
    with pytest.raises(Invalid, match=sentence):
        said(source, **event)


class Ghost:
    def delete(self) -> str:
        raise AssertionError("a template called a method")


@pytest.mark.parametrize("value", [Ghost(), Ghost, b"x", {1, 2}, lambda: "x"])
def test_only_plain_data_enters(value):
    with pytest.raises(TypeError, match=r"event\.data\.ghost is a \w+: pass plain data"):
        said("hello", ghost=value)


def test_html_escapes_what_is_filled_in_and_text_does_not():
    text = Text(text="{{ person.name }}", subject="x", html="<p>{{ person.name }}</p>")
    filled = content(text, who=Markup("<script>alert(1)</script>"))
    assert filled.html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert filled.text == "<script>alert(1)</script>"


def test_a_value_is_never_a_template():
    assert said("{{ event.data.note }}", note="{{ person.name }}") == "{{ person.name }}"


def test_a_subject_and_a_param_stay_in_one_line():
    text = Text(
        text="x", subject="Hi {{ person.name }}", code="T", params={"n": "{{ person.name }}"}
    )
    filled = content(text, who="A\r\nBcc: b@example.org\x0b\u2028\x00 C")
    assert filled.subject == "Hi A Bcc: b@example.org C"
    assert filled.params == {"n": "A Bcc: b@example.org C"}
    assert filled.code == "T"


@pytest.mark.parametrize(("channel", "most"), [(SMS, 1_600), (EMAIL, 262_144)])
def test_a_text_has_an_end(channel, most):
    name = "x" * 20_000
    many = "{{ event.data.name }}" * 20
    with pytest.raises(Invalid, match=f"longer than {most:,} signs"):
        said(many, channel=channel, name=name)


def test_the_longest_run_of_an_accepted_template_is_short():
    loop = "{% for l in event.data.lines %}{% if l.name %}{{ '' }}{% endif %}{% endfor %}"
    lines = [{"name": "x" * 20_000}] * 10_000
    began = time.process_time()
    assert said(loop * 20, lines=lines) == ""
    assert time.process_time() - began < 2


def test_a_channel_without_a_text_is_refused_with_what_there_is():
    template = Template("greeting", Purpose.SERVICE, {"en": {SMS: Text(text="x")}})
    with pytest.raises(Invalid, match="'greeting', fr, sms: has no text: it speaks en there"):
        render.render(template, channel=SMS, locale="fr", context={})
    with pytest.raises(Invalid, match="it speaks no language there"):
        render.render(template, channel=EMAIL, locale="en", context={})


def test_the_brands_locale_comes_last():
    texts = {"en": {SMS: Text(text="hello")}, "zh-CN": {SMS: Text(text="您好")}}
    template = Template("greeting", Purpose.SERVICE, texts)
    spoken = {
        locale: render.render(template, channel=SMS, locale=locale, context={}, default="en").text
        for locale in ("zh-TW", "en-GB", "fr")
    }
    assert spoken == {"zh-TW": "您好", "en-GB": "hello", "fr": "hello"}
