"""Did somebody else save it while this page was open?

Each form that changes what is written says which text its page showed. What was saved meanwhile is
not written over: the page comes again with it named, beside what was written here.
"""

from hashlib import sha256

from outreach.errors import Conflict


def seen(source: str) -> str:
    """What a page tells of the text that it shows."""
    return sha256(source.encode()).hexdigest()


def refuse_stale(told: str, source: str) -> None:
    """Raises `Conflict` where the page showed another text than the newest one."""
    if told != seen(source):
        raise Conflict(
            "somebody saved another text meanwhile: open it in a second window, bring both together"
            " here, and save again"
        )
