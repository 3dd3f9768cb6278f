"""How many proofs may somebody send, and a brand?

Pure. A test is read by whoever sent it, so few are enough; more would be a way of sending mail.
"""

from dataclasses import dataclass
from datetime import timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AN_HOUR_EACH = 20
A_DAY_ALL = 200
AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Sent:
    """Proofs that were begun: by this user in the last hour, at this brand in the last day."""

    of_user: int
    of_brand: int


def too_many(sent: Sent, wanted: int) -> str:
    """Why so many more may not go now; nothing where they may."""
    if wanted > AT_ONCE:
        return f"at most {AT_ONCE} texts are tested at once, not {wanted}: test them one by one"
    if sent.of_user + wanted > AN_HOUR_EACH:
        return f"you have sent {sent.of_user} of {AN_HOUR_EACH} tests of this hour: wait a while"
    if sent.of_brand + wanted > A_DAY_ALL:
        return f"the brand has sent {sent.of_brand} of {A_DAY_ALL} tests of this day: wait a while"
    return ""
