"""Which routes are asked before all others?

Among hundreds, to find a route costs more than to store what it brings; those that take what comes
by the thousand stand in front, and whatever is not theirs goes on to the routes behind them.
"""

from starlette.routing import Match, Route
from starlette.types import Scope


class Front(Route):
    """A route that takes what it matches in full, and is told in the log as others are."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        if match is Match.FULL and self.takes(scope):
            return match, {**found, "route": self}
        return Match.NONE, {}

    def takes(self, scope: Scope) -> bool:  # noqa: ARG002  # narrower ones look at it
        """Whether a request at this path is one of those it is for."""
        return True
