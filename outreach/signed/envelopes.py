"""Is an encrypted message of WeCom's genuine, and what is in it?

Pure. Source: developer.work.weixin.qq.com/document/path/90968, 「加解密方案说明」. The signature
is hex(SHA1) of token, timestamp, nonce and ciphertext, sorted and joined. The ciphertext is made by
AES-256-CBC under the EncodingAESKey, whose first 16 bytes are the vector, and padded to blocks of
32 bytes (PKCS #7). Within stand 16 bytes of chance, the length of the text in 4 bytes, the text,
and for whom it is.
"""

import base64
import binascii
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_VECTOR, _BLOCK, _CHANCE, _LENGTH = 16, 32, 16, 4  # bytes


def signature(token: str, timestamp: str, nonce: str, ciphertext: str) -> str:
    """What `msg_signature` should be."""
    joined = "".join(sorted([token, timestamp, nonce, ciphertext]))
    return sha1(joined.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()


def opened(ciphertext: str, *, key: str, receiver: str) -> str | None:
    """The text within, if it was sealed under this key and is for this receiver; else `None`."""
    try:
        secret = base64.b64decode(f"{key}=", validate=True)
        sealed = base64.b64decode(ciphertext, validate=True)
        lock = Cipher(AES(secret), CBC(secret[:_VECTOR])).decryptor()
        padded = lock.update(sealed) + lock.finalize()
        return _within(padded, receiver.encode())
    except (binascii.Error, ValueError):
        return None


def _within(padded: bytes, receiver: bytes) -> str | None:
    many = padded[-1] if padded else 0
    if not 0 < many <= _BLOCK or padded[-many:] != bytes([many]) * many:
        return None
    plain = padded[_CHANCE:-many]
    end = _LENGTH + int.from_bytes(plain[:_LENGTH])
    return plain[_LENGTH:end].decode() if plain[end:] == receiver else None
