"""An OpenID provider to test against: a real server that signs, and lies where it is told to."""

import hashlib
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwk, jwt

Claims = dict[str, Any]


class Provider:
    """Answers at a port of this host. `claims` and `sign` may be replaced by what lies."""

    def __init__(self) -> None:
        self.key = jwk.ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
        self.claims: Callable[[Claims], Claims] = lambda told: told
        self.sign: Callable[[Claims], str] = self.signed
        self.challenges: dict[str, Mapping[str, str]] = {}
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, provider.told(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.answer(self, provider.worth({k: v[0] for k, v in parse_qs(body).items()}))

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def signed(self, claims: Claims) -> str:
        """As it should be."""
        return jwt.encode({"alg": "ES256", "kid": "one"}, claims, self.key)

    def told(self, path: str) -> object:
        """Its page about itself, or its keys."""
        if path == "/.well-known/openid-configuration":
            names = ("authorization", "token")
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"} | {
                f"{name}_endpoint": f"{self.issuer}/{name}" for name in names
            }
        return {"keys": [self.key.as_dict(private=False)]} if path == "/keys" else None

    def asked(self, address: str, *, mail: str, verified: object = True) -> str:
        """Whoever is sent here says who they are; answers the code that they are sent back with."""
        asked = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.challenges)}"
        self.challenges[code] = asked | {"mail": mail, "verified": json.dumps(verified)}
        return code

    def worth(self, given: Mapping[str, str]) -> object:
        """A token for a code, once, for who can show what the question was made of."""
        asked = self.challenges.pop(given.get("code", ""), None)
        made = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or urlsafe_b64encode(made).rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return None
        claims = {
            "iss": self.issuer, "aud": asked["client_id"], "sub": "u-1", "nonce": asked["nonce"],
            "iat": 1773144000, "exp": 1773144600, "email": asked["mail"],
            "email_verified": json.loads(asked["verified"]),
        }  # fmt: skip
        return {"token_type": "Bearer", "id_token": self.sign(self.claims(claims))}

    @staticmethod
    def answer(request: BaseHTTPRequestHandler, said: object) -> None:
        body = json.dumps(said).encode()
        request.send_response(200 if said is not None else 400)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
