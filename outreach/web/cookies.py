"""Which cookies does somebody carry who logged in, and how are they guarded?

Scripts cannot read them, other sites do not get them sent along with a form, and the prefix
`__Host-` binds them to this host and to TLS (RFC 6265bis 4.1.3.2). Over plain http on loopback, by
`OUTREACH_LOGIN_OVER_HTTP`, both the prefix and `Secure` are left out.
"""

from dataclasses import dataclass

from fastapi import Request, Response

SESSION, KNOWN, ASKED = "outreach", "outreach-known", "outreach-asked"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Jar:
    """The cookies of one installation."""

    secure: bool

    def read(self, request: Request, name: str) -> str:
        """What the browser sent, or nothing."""
        return request.cookies.get(self._named(name), "")

    def put(self, answer: Response, name: str, value: str) -> None:
        """Give the browser a cookie; a session's goes when the browser is closed."""
        answer.set_cookie(
            self._named(name), value, max_age=_YEAR if name == KNOWN else None,
            path="/", secure=self.secure, httponly=True, samesite="lax",
        )  # fmt: skip

    def take(self, answer: Response, name: str) -> None:
        """Take it away again."""
        answer.delete_cookie(
            self._named(name), path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def _named(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name
