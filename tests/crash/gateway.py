"""What does an SMS gateway look like that a test can stop in the middle of an answer?"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


class Gateway:
    """Takes every message, and lets the test act before it does and before it says so."""

    def __init__(self) -> None:
        self.accepted: list[str] = []
        self.asked = Event()
        self.released = Event()
        self.before_taking: Callable[[], bool] = lambda: True
        self.before_answering: Callable[[], object] = lambda: None
        self.url = ""

    def blocked(self) -> bool:
        """Wait until the test lets go; what was asked meanwhile is not taken."""
        self.released.wait(30)
        return False

    def take(self, reference: str) -> bool:
        """Whether the message was taken, written down before anybody hears of it."""
        self.asked.set()
        if not self.before_taking():
            return False
        self.accepted.append(reference)
        self.before_answering()
        return True


@contextmanager
def a_gateway() -> Iterator[Gateway]:
    """A gateway that listens for the length of the block."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # the name that the standard library wants
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if not gateway.take(body["reference"]):
                self.close_connection = True
                return
            answer = json.dumps({"id": f"g-{body['reference']}"}).encode()
            with suppress(OSError):  # the worker is dead by now
                self.send_response(202)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}/messages"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
