"""What is said, ready to be handed over: the text with every hole filled."""

import hashlib
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

    @property
    def digest(self) -> bytes:
        """Sixteen bytes by which a preview is held against what was sent (of SHA-256)."""
        params = (one for pair in sorted(self.params.items()) for one in pair)
        said = (self.text, self.subject, self.html, self.code, *params)
        told = hashlib.sha256(repr([None if one is None else len(one) for one in said]).encode())
        for one in said:
            told.update((one or "").encode(errors="surrogatepass"))
        return told.digest()[:16]
