"""Is this the six digits that the user's telephone shows now?

TOTP of RFC 6238 by `pyotp`: thirty seconds a code, one step of clock drift either way, and no code
twice (section 5.2). The secret is kept sealed.
"""

import hmac
from datetime import datetime

import pyotp

STEP = 30  # seconds
_DRIFT = (0, -1, 1)  # steps


def fresh() -> str:
    """A new secret, 160 bits in base32."""
    return pyotp.random_base32()


def address(secret: str, login: str) -> str:
    """The `otpauth://` address that authenticator apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="outreach")


def step_of(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """The step for which the code is right, where it is later than the last one that was used."""
    clean = "".join(code.split()).encode()
    here = int(now.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    for step in (here + drift for drift in _DRIFT):
        if hmac.compare_digest(totp.at(step * STEP).encode(), clean) and step > after:
            return step
    return None
