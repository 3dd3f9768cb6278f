"""What does a test hand over? Messages with good defaults."""

import socket
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path

from optout.model import Channel
from outreach.channels.protocol import Outgoing, Sender
from outreach.content import Content

NOW = datetime(2030, 3, 4, 12, 30, tzinfo=UTC)
CERTIFICATE = Path(__file__).with_name("localhost.pem")
CARELESS_TEXT = "Guten Tag,\nIhr Paket ist da.\r\n.\rAlles Gute\n"


def a_mail(number: int = 1, **changes: object) -> Outgoing:
    """A mail to a made-up person that may be handed over for another ten seconds."""
    values: dict[str, object] = {
        "touch_id": f"tch_{number:026}",
        "key": f"tch_{number:026}",
        "channel": Channel.EMAIL,
        "to": f"person{number}@people.example",
        "sender": Sender("Beispiel Küche", "care@shop.example", "help@shop.example"),
        "content": Content("Is everything as it should be?", subject="Ihr Paket ist da"),
        "unsubscribe_url": "https://shop.example/u/abc",
        "deadline": time.monotonic() + 10,
    }
    return Outgoing(**{**values, **changes})  # type: ignore[arg-type]  # that is what builders do


def a_text(number: int = 1, **changes: object) -> Outgoing:
    """A text message to a number from a range kept for fiction."""
    values: dict[str, object] = {
        "channel": Channel.SMS,
        "to": f"+120255501{number % 100:02}",
        "sender": Sender("Shop", "SHOP"),
        "content": Content("Your parcel is there. Reply STOP to end."),
        "unsubscribe_url": None,
    }
    return a_mail(number, **{**values, **changes})


def soon() -> float:
    """A deadline that a test can wait for."""
    return time.monotonic() + 0.3


def a_closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def for_server() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def for_client() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATE)
