"""Which port of this machine is free, and does anybody listen on one?"""

import socket

_HERE = "127.0.0.1"


def free_port() -> int:
    """A port on loopback that nobody had a moment ago."""
    with socket.socket() as probe:
        probe.bind((_HERE, 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether a connection to this port of loopback is accepted."""
    with socket.socket() as probe:
        return probe.connect_ex((_HERE, port)) == 0
