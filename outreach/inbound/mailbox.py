"""What has come into the mailbox for returns?

Read over IMAP (RFC 9051), in sets, by the standard library's client. A mail that was acted on is
marked as seen; what no report of ours explains is flagged as well, so that a person finds it among
the rest. Nothing is deleted. Whoever dies in between reads the same mails again, which is harmless.
"""

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from outreach.errors import Misconfigured, Trouble

_WITHIN = 15.0  # seconds for one exchange
_SET = 50  # mails that are acted on together
_HEAVY = 16 * 1024 * 1024  # bytes of them, after which no further one is waited for

# Which of these mails were understood?
Act = Callable[[Sequence[bytes]], Sequence[bool]]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where reports arrive."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: bool = True
    context: ssl.SSLContext | None = field(default=None, repr=False)


def read(url: str) -> Mailbox:
    """The mailbox of `imaps://user:password@host:993/FOLDER`. Raises `Misconfigured`.

    `imap://` speaks in the clear, for a server on the same host.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Misconfigured("OUTREACH_RETURNS_MAILBOX cannot be read") from error
    if parts.scheme not in {"imap", "imaps"} or not (parts.hostname and parts.username):
        raise Misconfigured("OUTREACH_RETURNS_MAILBOX needs imaps://user:password@host")
    tls = parts.scheme == "imaps"
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not re.fullmatch(r"[ !#-\[\]-~]+", folder):
        raise Misconfigured("the folder of OUTREACH_RETURNS_MAILBOX may hold plain ASCII only")
    user, password = unquote(parts.username), unquote(parts.password or "")
    return Mailbox(parts.hostname, port or (993 if tls else 143), user, password, folder, tls)


def empty(mailbox: Mailbox, act: Act, *, largest: int) -> int:
    """Act on every mail that nobody has seen; answers how many there were.

    Of each mail `largest` bytes are read at most. Raises `Trouble` when the server is away or does
    not take the password.
    """
    done = 0
    with _opened(mailbox) as server:
        for mails in _sets(server, _unseen(server), largest):
            understood = act(list(mails.values()))
            strange = [uid for uid, known in zip(mails, understood, strict=True) if not known]
            _mark(server, strange, r"(\Flagged)")
            _mark(server, list(mails), r"(\Seen)")
            done += len(mails)
    return done


@contextmanager
def _opened(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    try:
        server = _dialled(mailbox)
        try:
            server.login(mailbox.user, mailbox.password)
            _good(server.select(f'"{mailbox.folder}"'))
            yield server
        finally:
            server.shutdown()
    except (OSError, imaplib.IMAP4.error) as error:
        said = str(error).replace(mailbox.password or "\0", "*****")[:200]
        raise Trouble(f"the mailbox for returns at {mailbox.host} cannot be read: {said}") from None


def _dialled(mailbox: Mailbox) -> imaplib.IMAP4:
    if not mailbox.tls:
        return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=_WITHIN)
    context = mailbox.context or ssl.create_default_context()
    return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=_WITHIN)


def _unseen(server: imaplib.IMAP4) -> list[bytes]:
    [found, *_] = _good(server.uid("SEARCH", "UNSEEN"))
    return found.split() if isinstance(found, bytes) else []


def _sets(
    server: imaplib.IMAP4, uids: Sequence[bytes], largest: int
) -> Iterator[dict[bytes, bytes]]:
    """The mails by their uids, as many together as are light."""
    mails: dict[bytes, bytes] = {}
    for uid in uids:
        if (mail := _fetched(server, uid, largest)) is not None:
            mails[uid] = mail
        if len(mails) == _SET or sum(map(len, mails.values())) >= _HEAVY:
            yield mails
            mails = {}
    if mails:
        yield mails


def _fetched(server: imaplib.IMAP4, uid: bytes, largest: int) -> bytes | None:
    """The beginning of this mail; None of one that somebody took away meanwhile."""
    wanted = f"(BODY.PEEK[]<0.{largest}>)"
    parts = _good(server.uid("FETCH", uid.decode("ascii"), wanted))
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _mark(server: imaplib.IMAP4, uids: Sequence[bytes], flags: str) -> None:
    if uids:
        _good(server.uid("STORE", b",".join(uids).decode("ascii"), "+FLAGS.SILENT", flags))


def _good(said: tuple[str, Sequence[object]]) -> Sequence[object]:
    state, data = said
    if state != "OK":
        raise imaplib.IMAP4.error(f"the server says {state}: {data}")
    return data
