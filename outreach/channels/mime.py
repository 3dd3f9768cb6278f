"""What are the bytes of this message?

Made by hand from a fixed skeleton: the standard library's message objects cost some two hundred
times as much, and let control characters through in places. Lines end in CRLF and nothing else,
since a bare CR or LF is what lets one message smuggle a second past a relay; bodies are base64, so
no text can hold a line that a relay reads as a command. The standard library's parser is the oracle
in the tests.
"""

import re
from base64 import b64encode
from binascii import b2a_base64
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

from outreach.channels.protocol import Outgoing, Sender
from outreach.errors import Invalid

_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONGEST_VALUE = 900  # characters; RFC 5322 2.1.1 allows 998 on a line, name and colon included
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"
)
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_PLAIN_SUBJECT = re.compile(r"[!-~](?:[ -~]{0,58}[!-~])?")
_URL = re.compile(r"https?://[!-;=?-~]{1,900}")
_TOUCH_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")
_LINE = 76  # signs of base64 (RFC 2045 6.8)
_WORD_BYTES = 39  # 52 signs of base64, 12 around them, the name: 76 on a line (RFC 2047 section 2)


def message(outgoing: Outgoing, *, now: datetime, mark: str = "") -> bytes:
    """The whole message, headers and body, as it is to be sent (RFC 5322, 2045, 2047, 2369, 8058).

    `mark` is what reports about it are known by; without one, its id is the touch's alone.
    Raises `Invalid` when a header value holds a control or line-separating character, is too long,
    or an address is not one; nothing has been written anywhere by then.
    """
    content = outgoing.content
    if content.html is None:
        kind, body = _part("plain", content.text)
    else:
        kind, body = _alternatives(outgoing.touch_id, content.text, content.html)
    return b"".join((_headers(outgoing, now, mark).encode("ascii"), kind, b"\r\n", body))


def address(value: str) -> str:
    """The same address, if it may stand in a command (RFC 5321 4.1.2, ASCII dot-string).

    Quoted local parts, comments, address literals and other scripts are refused: few mailboxes
    have them, and they are how an address grows a second recipient. Raises `Invalid`.
    """
    if not _ADDRESS.fullmatch(value):
        raise Invalid(f"{value[:80]!r} is not a mail address that outreach writes to")
    return value


def _headers(outgoing: Outgoing, now: datetime, mark: str) -> str:
    sender, touch = outgoing.sender, outgoing.touch_id
    if not _TOUCH_ID.fullmatch(touch):
        raise Invalid(f"{touch[:80]!r} is not a touch id")
    domain, mailbox = _spoken_by(sender)
    lines = [
        f"Message-ID: <{mark or touch}@{domain}>",
        f"Date: {_dated(int(now.timestamp()))}",
        f"From: {mailbox}",
        f"To: {address(outgoing.to)}",
        f"Subject: {_subject(outgoing.content.subject or '')}",
        f"X-Outreach-Touch: {touch}",
        "MIME-Version: 1.0",
        *([f"Reply-To: {address(sender.reply_to)}"] if sender.reply_to else ()),
        *(_unsubscribe(outgoing.unsubscribe_url) if outgoing.unsubscribe_url else ()),
    ]
    return "\r\n".join(lines) + "\r\n"


@lru_cache(maxsize=1024)
def _spoken_by(sender: Sender) -> tuple[str, str]:
    """The domain of this sender, and how they are named; many mails in a row have one sender."""
    return address(sender.address).rpartition("@")[2], _mailbox(sender)


@lru_cache(maxsize=16)
def _dated(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC))


def _unsubscribe(url: str) -> tuple[str, ...]:
    if not _URL.fullmatch(url):
        raise Invalid(f"{url[:80]!r} cannot stand in List-Unsubscribe: use an http or https URL")
    listed = f"List-Unsubscribe: <{url}>"
    # One-click is defined for https alone (RFC 8058 section 3.1); a desk's http link is only shown.
    if url.startswith("https:"):
        return (listed, "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return (listed,)


def _mailbox(sender: Sender) -> str:
    name = _checked("sender's name", sender.name)
    if not name:
        return sender.address
    plain = _PLAIN.fullmatch(name) and len(name) <= _WORD_BYTES and "=?" not in name
    return f"{name if plain else _encoded(name)}\r\n <{sender.address}>"


def _subject(text: str) -> str:
    subject = _checked("subject", text)
    plain = not subject or (_PLAIN_SUBJECT.fullmatch(subject) and "=?" not in subject)
    return subject if plain else _encoded(subject)


def _checked(what: str, value: str) -> str:
    if found := _FORBIDDEN.search(value):
        raise Invalid(f"the {what} holds U+{ord(found[0]):04X} at {found.start() + 1}: take it out")
    if len(value) > _LONGEST_VALUE:
        raise Invalid(f"the {what} has {len(value)} characters: at most {_LONGEST_VALUE}")
    return value


def _encoded(value: str) -> str:
    """RFC 2047 words, folded; no character is cut in two (section 5)."""
    words, word = [], b""
    for piece in (character.encode() for character in value):
        if len(word) + len(piece) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += piece
    words.append(word)
    return "\r\n ".join(f"=?utf-8?B?{b64encode(word).decode()}?=" for word in words)


def _alternatives(touch_id: str, text: str, html: str) -> tuple[bytes, bytes]:
    # Base64 never holds "=_", so no body can hold the boundary.
    boundary = b"=_" + touch_id.encode("ascii")
    between = b"--" + boundary + b"\r\n"
    parts = b"".join(
        between + kind + b"\r\n" + body
        for kind, body in (_part("plain", text), _part("html", html))
    )
    kind = b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n'
    return kind, parts + b"--" + boundary + b"--\r\n"


def _part(subtype: str, text: str) -> tuple[bytes, bytes]:
    kind = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
    return kind.encode("ascii"), _base64(text)


def _base64(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    try:
        coded = b2a_base64(lines.encode(), newline=False)
    except UnicodeEncodeError as error:
        raise Invalid(
            f"the text holds half a character at {error.start + 1}: take it out"
        ) from error
    ends = range(0, len(coded), _LINE)
    return b"\r\n".join([coded[at : at + _LINE] for at in ends]) + b"\r\n"
