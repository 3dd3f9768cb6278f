"""What does the mail of the bench say to this person, for whoever fills it with plain Jinja2?"""

from functools import cache
from hashlib import sha256
from uuid import UUID

import jinja2

from bench import words


def rendered(touch: UUID, name: str, data: object) -> tuple[str, str, str]:
    """Subject, text and page."""
    refuse = f"https://bench.example/u/{sha256(touch.bytes).hexdigest()}"
    known = {
        "person": {"name": name}, "event": {"data": data}, "links": {"unsubscribe": refuse},
        "brand": {"support": "help@bench.example"},
    }  # fmt: skip
    subject, plain, page = (one.render(known) for one in _templates())
    return subject, plain, page


@cache
def _templates() -> tuple[jinja2.Template, ...]:
    """Compiled once a process; plain text is not escaped."""
    plain, page = jinja2.Environment(), jinja2.Environment(autoescape=True)
    return (
        plain.from_string(words.SUBJECT), plain.from_string(words.TEXT),
        page.from_string(words.HTML),
    )  # fmt: skip
