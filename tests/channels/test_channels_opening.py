"""Which URLs name a way out, and what is said about the others?"""

import pytest

from outreach.channels.opening import open_way
from outreach.errors import Misconfigured
from tests.channels.builders import NOW


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("pigeon://loft", "known are console:"),
        ("", "known are console:"),
        ("smtp://", "needs a host"),
        ("smtp://u:geheim@h:port", "number"),
        ("smtp://u:geheim@h?tls=maybe", "tls=starttls"),
        ("smtps://u:geheim@h?tls=none", "no tls"),
        ("smtp://u:geheim@h?tsl=none", "nothing else"),
        ("smtp://u:geheim@h/path", "nothing else"),
        ("https://geheim@h:0x1/", "number"),
        ("https://geheim@h/#idempotnt", "idempotent"),
        ("https://geheim@h/a b", "ASCII"),
        ("https://gehe%0Aim@h/", "printable"),
        ("https://geheim@[::1/", "cannot be read"),
    ],
)
def test_a_bad_url_is_refused_with_a_hint_and_without_its_secret(url: str, hint: str) -> None:
    """The error says what to write, and repeats no password."""
    with pytest.raises(Misconfigured, match=hint) as caught:
        open_way(url, clock=lambda: NOW)
    assert "geheim" not in str(caught.value)


def test_only_a_gateway_that_says_so_is_idempotent() -> None:
    """Silence means that nobody promised anything."""
    honest, silent = (open_way(u, clock=lambda: NOW) for u in ("http://h/#idempotent", "http://h/"))
    assert honest.capabilities.idempotent
    assert not silent.capabilities.idempotent
