"""Which URLs name a way out, and what is said about the others?"""

import pytest

from optout.model import Channel
from outreach.channels.accounts import read
from outreach.channels.opening import _account_name, connections, open_way
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
        ("apprise:tgram://geheim/", "holds {to} once"),
        ("apprise:json://geheim@h/{to}?rto=2&Retry=1", "retry="),
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


def test_a_provider_is_for_its_channel() -> None:
    """What people write back would count for another; a system of one's own serves several."""
    with pytest.raises(Misconfigured, match="twilio:// carries sms, not chat"):
        open_way("twilio://AC1:geheim@", clock=lambda: NOW, channel=Channel.CHAT)
    way = open_way("webhook+https://whsec_a@h.example/", clock=lambda: NOW, channel=Channel.SMS)
    assert connections([way])["webhook"].vendor.channel is Channel.SMS


def test_a_second_account_of_one_provider_is_refused() -> None:
    """Their pushes come to one address, and those of the first would be taken for forged."""
    two = open_way("twilio://AC1:a@ twilio://AC2:b@", clock=lambda: NOW)
    with pytest.raises(Misconfigured, match="twilio:// is named twice"):
        connections([two])


def test_keys_without_a_user_have_a_pace_each() -> None:
    """They are accounts of their own, and none of them is named by its key."""
    accounts = [read(f"sendgrid://{key}@") for key in ("geheim", "anders")]
    names = {_account_name(one) for one in accounts if one}
    assert len(names) == 2
    assert not any("geheim" in name for name in names)


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example", ".example"])
def test_a_host_that_is_none_is_refused_at_the_start(host: str) -> None:
    """Not when the first text is to leave."""
    for url in (f"twilio+https://AC1:geheim@{host}", f"smtp://{host}", f"https://{host}/"):
        with pytest.raises(Misconfigured, match="host"):
            open_way(url, clock=lambda: NOW)


def test_what_apprise_carries_is_neither_mail_nor_a_brands_own() -> None:
    """It has no headers for unsubscribing, and calls any host without a guard."""
    with pytest.raises(Misconfigured, match="no mail"):
        open_way("apprise:json://h/{to}", clock=lambda: NOW, channel=Channel.EMAIL)
    with pytest.raises(Misconfigured, match="installation's alone"):
        open_way("apprise:json://h/{to}", clock=lambda: NOW, guarded=True)
