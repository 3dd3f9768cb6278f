"""Does a strict reader find in our bytes what was meant, and nothing else?"""

import email
import re
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.channels import mime
from outreach.channels.protocol import Outgoing, Sender
from outreach.content import Content
from outreach.errors import Invalid
from tests.channels.builders import CARELESS_TEXT, NOW, a_mail

BREAKS = [
    "\r",
    "\n",
    "\r\n",
    "\r\n ",
    "\v",
    "\f",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\0",
]


def parsed(one: Outgoing) -> EmailMessage:
    """The standard library's reading of a message; any defect that it notes is a failure."""
    raw = mime.message(one, now=NOW)
    found = email.message_from_bytes(raw, policy=SMTP.clone(raise_on_defect=True))
    assert isinstance(found, EmailMessage)
    return found


def mailbox(found: EmailMessage) -> Address:
    [address] = found["From"].addresses
    return address


def test_the_headers_say_what_was_meant() -> None:
    """Each header comes out of the oracle as it was put in."""
    one = a_mail()
    found = parsed(one)
    assert found["Message-ID"] == f"<{one.touch_id}@shop.example>"
    assert found["Date"].datetime == NOW
    assert (mailbox(found).display_name, mailbox(found).addr_spec) == (
        "Beispiel Küche",
        "care@shop.example",
    )
    assert found["To"] == one.to
    assert found["Reply-To"] == "help@shop.example"
    assert found["Subject"] == "Ihr Paket ist da"
    assert found["X-Outreach-Touch"] == one.touch_id


def test_one_click_needs_both_headers() -> None:
    """RFC 8058: the URL in angle brackets, and the fixed pair beside it."""
    found = parsed(a_mail())
    assert found["List-Unsubscribe"] == "<https://shop.example/u/abc>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_a_url_nothing_is_promised() -> None:
    """A transactional mail carries neither header."""
    found = parsed(a_mail(unsubscribe_url=None))
    assert found["List-Unsubscribe"] is None
    assert found["List-Unsubscribe-Post"] is None


def test_one_click_is_not_promised_in_the_clear() -> None:
    """RFC 8058 knows https alone."""
    found = parsed(a_mail(unsubscribe_url="http://127.0.0.1:8000/u/abc"))
    assert found["List-Unsubscribe"] == "<http://127.0.0.1:8000/u/abc>"
    assert found["List-Unsubscribe-Post"] is None


def test_text_and_html_are_alternatives_in_that_order() -> None:
    """The last alternative is the one preferred (RFC 2046 5.1.4)."""
    found = parsed(a_mail(content=Content("text 你好", subject="s", html="<p>html 你好</p>")))
    kinds = [(part.get_content_type(), part.get_content().strip()) for part in found.iter_parts()]
    assert kinds == [("text/plain", "text 你好"), ("text/html", "<p>html 你好</p>")]


@pytest.mark.parametrize("html", [None, CARELESS_TEXT, ""])
def test_only_crlf_ends_a_line(html: str | None) -> None:
    """No bare CR or LF and no line that a relay could take for the end."""
    raw = mime.message(a_mail(content=Content(CARELESS_TEXT, "s", html)), now=NOW)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert b"\r\n." not in raw
    assert raw.endswith(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("char", BREAKS)
@pytest.mark.parametrize("where", ["name", "subject", "to", "from", "reply_to", "touch", "url"])
def test_a_header_value_that_breaks_a_line_is_refused(where: str, char: str) -> None:
    """Injection stops before any byte is made, wherever the value stands."""
    bad = f"a{char}Bcc: evil@other.example"
    good = a_mail().sender
    changed: dict[str, dict[str, object]] = {
        "name": {"sender": Sender(bad, good.address)},
        "subject": {"content": Content("t", subject=bad)},
        "to": {"to": f"a@people.example{char}Bcc: evil@other.example"},
        "from": {"sender": Sender("n", f"a@shop.example{char}x")},
        "reply_to": {"sender": Sender("n", good.address, f"a@shop.example{char}x")},
        "touch": {"touch_id": f"tch_1{char}x"},
        "url": {"unsubscribe_url": f"https://shop.example/{char}x"},
    }
    with pytest.raises(Invalid):
        mime.message(a_mail(**changed[where]), now=NOW)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "@b.example",
        "a@",
        "a@@b.example",
        "a@b.example,c@d.example",
        "a@b.example> SIZE=1",
        "<a@b.example>",
        '"a b"@c.example',
        "a..b@c.example",
        ".a@c.example",
        "a@-c.example",
        "a@c..example",
        "a@[127.0.0.1]",
        "alice@people.example)bob@evil.example",
        "a b@c.example",
        "a@b.example ",
        "a@b.example\n",
        "ä@c.example",
        "a" * 65 + "@c.example",
        "a@" + ".".join(["b" * 60] * 5),
    ],
)
def test_an_address_has_a_strict_grammar(address: str) -> None:
    """What could grow a second recipient, or a parameter, is no address."""
    with pytest.raises(Invalid):
        mime.address(address)


@pytest.mark.parametrize(
    "address",
    [
        "a@b",
        "first.last+tag@sub.people.example",
        "o'neil@people.example",
        "x_1-2@xn--bcher-kva.example",
    ],
)
def test_ordinary_addresses_pass(address: str) -> None:
    """Tags, apostrophes and punycode are in daily use."""
    assert mime.address(address) == address


def test_half_a_character_is_refused() -> None:
    """A lone surrogate has no bytes."""
    for content in (Content("\ud83d", "s"), Content("t", "\ud83d"), Content("t", "s", "\ud83d")):
        with pytest.raises(Invalid):
            mime.message(a_mail(content=content), now=NOW)


def test_a_value_may_not_be_endless() -> None:
    """No header line comes near the limit of 998."""
    with pytest.raises(Invalid, match="at most"):
        mime.message(a_mail(content=Content("t", "x" * 901)), now=NOW)


def shown_name(raw: bytes) -> str:
    """By the older reader: the newer one of some versions puts a space between encoded words."""
    mailbox = str(email.message_from_bytes(raw)["From"])
    return str(make_header(decode_header(mailbox.rpartition("<")[0])))


PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)


@given(subject=PRINTABLE, name=PRINTABLE)
def test_any_printable_value_survives(subject: str, name: str) -> None:
    """Whatever is not refused is read back as given, from lines of ASCII of lawful length."""
    one = a_mail(sender=Sender(name, "care@shop.example"), content=Content("t", subject))
    raw = mime.message(one, now=NOW)
    head = raw.partition(b"\r\n\r\n")[0]
    found = email.message_from_bytes(raw, policy=default)
    assert head.isascii()
    assert all(len(line) <= 76 for line in head.split(b"\r\n") if b"Unsubscribe" not in line)
    assert str(found["Subject"]).strip() == subject.strip()
    assert shown_name(raw).strip() == name.strip()
    assert mailbox(found).addr_spec == "care@shop.example"


@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
def test_any_text_survives(text: str) -> None:
    """Apart from how its lines end, a text arrives as it was."""
    found = email.message_from_bytes(mime.message(a_mail(content=Content(text, "s")), now=NOW))
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().replace("\r\n", "\n") == text.replace("\r\n", "\n").replace("\r", "\n")
