"""What does a mail server answer over IMAP? As much of RFC 9051 as emptying a mailbox takes."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Box:
    """The mails of a mailbox by their uid, and the flags that each has got."""

    mails: dict[int, bytes]
    password: str = "p"
    breaks_at: str = ""  # the command at which the server hangs up
    flags: dict[int, set[str]] = field(default_factory=dict)
    port: int = 0

    def unseen(self) -> list[int]:
        return [uid for uid in self.mails if r"\Seen" not in self.flags.get(uid, set())]


@contextmanager
def serving(box: Box) -> Iterator[Box]:
    """A server for this mailbox, for the length of the block."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            while line := self.rfile.readline().decode().strip():
                tag, _, command = line.partition(" ")
                if box.breaks_at and box.breaks_at in command:
                    return
                for said in _answers(box, command):
                    self.wfile.write(said + b"\r\n")
                bad = command.startswith("LOGIN") and f'"{box.password}"' not in command
                self.wfile.write(f"{tag} {'NO wrong' if bad else 'OK done'}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()


def _answers(box: Box, command: str) -> Iterator[bytes]:
    if command == "CAPABILITY":
        yield b"* CAPABILITY IMAP4rev1"
    elif command.startswith("SELECT"):
        yield f"* {len(box.mails)} EXISTS".encode()
    elif command.startswith("UID SEARCH"):
        yield f"* SEARCH {' '.join(map(str, box.unseen()))}".encode()
    elif found := re.match(r"UID FETCH (\S+) .*<0\.(\d+)>", command):
        for number, uid in enumerate(map(int, found[1].split(",")), start=1):
            part = box.mails[uid][: int(found[2])]
            head = f"* {number} FETCH (UID {uid} BODY[]<0> {{{len(part)}}}\r\n".encode()
            yield head + part + b")"
    elif found := re.match(r"UID STORE (\S+) \+FLAGS\.SILENT \((\S+)\)", command):
        for uid in map(int, found[1].split(",")):
            box.flags.setdefault(uid, set()).add(found[2])
