"""How does outreach connect to a host that a customer named?

The name is resolved once, every answer is judged, and the connection goes to an address that was
judged: who asks the name server a second time may hear something else (DNS rebinding). One answer
that may not be reached bars the host, whatever stands beside it. Outside the networks that the
installation allows, only TLS on port 443 is spoken. Nothing here follows a redirect or asks the
environment for a proxy.
"""

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from outreach.channels import addresses
from outreach.channels.addresses import Network

_CONNECT_WITHIN = 5.0  # seconds

Resolve = Callable[[str, int], Sequence[str]]


class Barred(OSError):
    """The host is none that outreach connects to for a customer; nothing has been sent."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of this host, in the order in which the system would try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(at[0]) for *_, at in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """Opens connections to public hosts, and to the networks in `allowed`."""

    allowed: tuple[Network, ...] = ()
    resolve: Resolve = resolve

    def connect(
        self, host: str, port: int, *, context: ssl.SSLContext | None, until: float
    ) -> socket.socket:
        """A connection to the host, with TLS for its name if there is a context.

        `until` is in seconds of `time.monotonic`; connecting has five seconds of it at most. Raises
        `Barred`, or another `OSError` where nobody answers.
        """
        found = self.resolve(host, port)
        for address in found:
            self._judge(host, address, port, secure=context is not None)
        wire = _first_answering(found, port, until)
        if context is None:
            return wire
        try:
            wire.settimeout(_left(until))
            return context.wrap_socket(wire, server_hostname=host)
        except BaseException:
            wire.close()
            raise

    def _judge(self, host: str, address: str, port: int, *, secure: bool) -> None:
        why = addresses.objection(address, port=port, secure=secure, allowed=self.allowed)
        if why:
            raise Barred(
                f"{host} may not be reached: {why}; OUTREACH_OUTGOING_ALLOW names networks that may"
            )


def _first_answering(found: Sequence[str], port: int, until: float) -> socket.socket:
    broken: OSError = OSError("the host has no address")
    for address in found:
        try:
            within = min(_CONNECT_WITHIN, _left(until))
            return socket.create_connection((address, port), timeout=within)
        except OSError as error:
            broken = error
    raise broken


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left
