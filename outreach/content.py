"""What is said, ready to be handed over: the text with every hole filled."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Content:
    """One filled-in text for one channel.

    `text` is always there. `code` and `params` are what a gateway with pre-approved templates
    takes instead of a text (Chinese SMS gateways take nothing else); `text` then shows what the
    person will read.
    """

    text: str
    subject: str | None = None
    html: str | None = None
    code: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
