"""How do secrets of others lie in the database, and how is the key to them replaced?

Sealed with AES-256-GCM (NIST SP 800-38D) under a master key that is not in the database: a dump of
it opens nothing. What a secret belongs to is authenticated along with it, so a sealed text that is
moved to another row does not open there. A sealed text names its key, by which a former key is
found; sealing again, row by row, brings all of them under the one in use. A text without the mark
of sealing is one from before there was any, and is taken as it is until it is sealed.
"""

import binascii
import hashlib
import os
import re
import subprocess
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from outreach.errors import Invalid, Misconfigured

_MARK = "sealed:1:"
_SEALED = re.compile(r"sealed:1:([0-9a-f]{8}):([A-Za-z0-9_-]{38,}={0,2})")
_NONCE = 12  # bytes, drawn by chance: SP 800-38D 8.2.2 allows 2^32 texts under one key
_KEY = 32  # bytes
_PATIENCE = 10  # seconds
_STANDARD = str.maketrans("-_", "+/")  # both alphabets of RFC 4648 are read


@dataclass(frozen=True, slots=True)
class MasterKey:
    """Thirty-two bytes, and the name under which sealed texts know them.

    Raises `Misconfigured` for another length.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != _KEY:
            raise Misconfigured(
                f"a master key has {_KEY} bytes: `openssl rand -base64 32` makes one"
            )

    @property
    def id(self) -> str:
        """Eight signs that tell keys apart, and nothing of them."""
        return hashlib.sha256(b"outreach master key\0" + self.secret).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals with the first key, and opens what any of them has sealed."""

    keys: Sequence[MasterKey]

    def seal(self, text: str, *, of: str) -> str:
        """The text for keeping, bound to what it belongs to. Raises `Invalid` for a sealed one."""
        if text.startswith(_MARK):
            raise Invalid(
                f"a secret does not begin with {_MARK!r}: that is how sealed ones are kept"
            )
        key, nonce = self.keys[0], os.urandom(_NONCE)
        kept = nonce + AESGCM(key.secret).encrypt(nonce, text.encode(), _about(key, of))
        return f"{_MARK}{key.id}:{urlsafe_b64encode(kept).decode()}"

    def open(self, kept: str, *, of: str) -> str:
        """The text again. Raises `Misconfigured` when its key is not here, or it was changed."""
        if not kept.startswith(_MARK):
            return kept
        found = _SEALED.fullmatch(kept)
        key = next((one for one in self.keys if found and one.id == found[1]), None)
        if found is None or key is None:
            name = found[1] if found else "?"
            raise Misconfigured(
                f"a secret is sealed with master key {name}, which is not known here: "
                "name it in OUTREACH_FORMER_MASTER_KEYS"
            )
        try:
            raw = urlsafe_b64decode(found[2])
            opened = AESGCM(key.secret).decrypt(raw[:_NONCE], raw[_NONCE:], _about(key, of))
        except (InvalidTag, binascii.Error) as error:
            raise Misconfigured(
                f"the sealed secret of {of} was changed, or moved there: set it anew"
            ) from error
        return opened.decode()

    def fresh(self, kept: str) -> bool:
        """Whether this is sealed with the key in use."""
        return kept.startswith(f"{_MARK}{self.keys[0].id}:")


def read(text: str) -> tuple[MasterKey, ...]:
    """The master keys in this text, with spaces between: in base64, as `file:PATH`, or as
    `command:PATH` of a program that prints one (it gets no arguments and ten seconds).

    Raises `Misconfigured`, which shows no key.
    """
    return tuple(_key(place, one) for place, one in enumerate(text.split(), start=1))


def _key(place: int, given: str) -> MasterKey:
    kind, _, path = given.partition(":")
    coded = _READ[kind](path) if kind in _READ else given
    try:
        raw = b64decode(coded.translate(_STANDARD), validate=True)
    except (binascii.Error, ValueError):
        raise Misconfigured(
            f"master key {place} is no base64: `openssl rand -base64 32` makes one"
        ) from None
    return MasterKey(raw)


def _from_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"the master key in {path} cannot be read: {error}") from error


def _from_command(path: str) -> str:
    """What the program prints. Nothing of it is shown where it fails, since that may be the key."""
    try:
        done = subprocess.run([path], capture_output=True, timeout=_PATIENCE, check=True)  # noqa: S603
        return done.stdout.decode("ascii").strip()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        raise Misconfigured(
            f"the program {path} gave no master key: {type(error).__name__}; run it by hand"
        ) from None


_READ = {"file": _from_file, "command": _from_command}


def _about(key: MasterKey, of: str) -> bytes:
    return f"{key.id}\0{of}".encode()
