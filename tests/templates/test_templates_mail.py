"""A mail's page is made ready for mailboxes, and says the same as its plain text."""

# ruff: noqa: E501  # tables read best with one row a line

from pathlib import Path

import pytest

from optout.model import Channel, Purpose
from outreach.errors import Invalid
from outreach.sentences import TextError
from outreach.templates import document, mail, render
from outreach.templates.model import Template, Text

MJML = (
    "<mjml><mj-head><mj-style>.warm { color: red } @media (max-width:400px) { .warm { color: blue } }"
    "</mj-style></mj-head><mj-body><mj-section><mj-column>"
    '<mj-text css-class="warm">Hello {{ person.name }}{% if event.data.gift is defined %}!{% endif %}'
    '</mj-text><mj-button href="{{ links.review }}">Write</mj-button>'
    "</mj-column></mj-section></mj-body></mjml>"
)
LINKS = {"review": "https://example.com/review"}


def sent(text: Text, name: str = "A. Reader"):
    template = Template("greeting", Purpose.SERVICE, {"en": {Channel.EMAIL: text}})
    context = {"person": {"name": name}, "links": LINKS, "event": {"data": {}}}
    return render.render(template, channel=Channel.EMAIL, locale="en", context=context)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello</p><p>there</p>", "Hello\n\nthere"),
        ("<p>one\n  line</p>", "one line"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ol><li>x</li><li>y</li></ol><ul><li>z</li></ul>", "1. x\n2. y\n\n- z"),
        ('<a href="https://e.com/a">Go</a>', "Go: https://e.com/a"),
        ('<a href="https://e.com/a">https://e.com/a</a>', "https://e.com/a"),
        ('<a href="https://e.com/a"><img src="x"></a>', "https://e.com/a"),
        ('<a href="javascript:x">Go</a>', "Go"),
        ("<head><title>t</title><style>p{}</style></head><p>x</p>", "x"),
        ('<div style="display: none">seen <div>by</div> nobody</div>x', "x"),
        ('<img style="display:none">x', "x"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("3 &lt; 4 &amp; more", "3 < 4 & more"),
        ("</a></ol></p>x", "x"),
        ("<!-- a note -->x", "x"),
    ],
)
def test_a_page_is_read_as_text(html, text):
    assert mail.plain(html) == text


def test_the_text_is_made_from_the_page_when_there_is_none():
    content = sent(
        Text(subject="x", html='<p>Hi {{ person.name }}</p><a href="{{ links.review }}">Go</a>')
    )
    assert content.text == "Hi A. Reader\n\nGo: https://example.com/review"


def test_styles_are_written_on_the_elements_and_rules_for_screens_stay():
    page = mail.inlined("<style>p{color:red} @media print{p{color:blue}}</style><p>x</p>")
    assert '<p style="color: red;">x</p>' in page
    assert "@media print" in page
    assert mail.inlined("<p>x</p>") == "<p>x</p>"


def test_no_style_sheet_is_ever_fetched(tmp_path: Path):
    sheet = tmp_path / "sheet.css"
    sheet.write_text("p{color:purple}")
    for href in (sheet.as_uri(), str(sheet), "http://localhost:9/x.css"):
        page = f'<style>a{{}}</style><link rel="stylesheet" href="{href}"><p>x</p>'
        assert "purple" not in mail.inlined(page)


def test_mjml_becomes_a_page_with_its_holes_filled_and_escaped():
    content = sent(Text(subject="x", mjml=MJML), name="<b>A</b>")
    assert content.html is not None
    assert "Hello &lt;b&gt;A&lt;/b&gt;" in content.html
    assert "<mj-" not in content.html
    assert "color: red" in content.html
    assert content.text == "Hello <b>A</b>\n\nWrite: https://example.com/review"


def test_mjml_reads_no_other_file(tmp_path: Path):
    other = tmp_path / "other.mjml"
    other.write_text("<mj-text>secret</mj-text>")
    include = f'<mj-include path="{other}" />'
    with pytest.raises(TextError, match="this MJML cannot be read"):
        mail.from_mjml(MJML.replace("<mj-button", f"{include}<mj-button"))


def test_bad_mjml_is_refused_at_its_line():
    text = 'key: a\npurpose: service\ntexts:\n  en:\n    email:\n      subject: x\n      mjml: "<mjml><p"\n'
    with pytest.raises(Invalid) as caught:
        document.read(text, name="a.yaml")
    [problem] = caught.value.problems
    assert (problem.line, problem.where) == (7, "texts.en.email.mjml")
    assert "this MJML cannot be read" in problem.sentence


def test_the_holes_of_mjml_are_checked_as_any_others():
    wording = {"subject": "x", "mjml": MJML.replace("person.name", "persn.name")}
    data = {"key": "a", "purpose": "service", "texts": {"en": {"email": wording}}}
    with pytest.raises(Invalid) as caught:
        document.decode(data, name="a")
    [problem] = caught.value.problems
    assert problem.sentence.startswith("`persn.name` is not known here")


def test_a_preheader_is_in_the_page_and_not_in_the_text():
    text = Text(
        subject="x", html="<body class=a><p>Hi</p></body>", preheader="For {{ person.name }}"
    )
    content = sent(text, name="<i>")
    assert content.html is not None
    assert content.html.startswith('<body class=a><div style="display:none')
    assert ">For &lt;i&gt;" in content.html
    assert content.text == "Hi"


@pytest.mark.parametrize(
    ("wording", "sentence"),
    [
        ({"subject": "x"}, "`text` is missing"),
        ({"text": "x", "subject": "x", "preheader": "y"}, "a preheader stands in a page"),
        ({"subject": "x", "html": "x", "mjml": MJML}, "keep one of `html` and `mjml`"),
    ],
)
def test_a_wording_that_does_not_hang_together_is_refused(wording, sentence):
    with pytest.raises(ValueError, match=sentence):
        Text(**wording)


def test_a_page_is_for_mail_alone():
    with pytest.raises(ValueError, match="a page is for a mail"):
        Template("a", Purpose.SERVICE, {"en": {Channel.SMS: Text(text="x", html="x")}})
