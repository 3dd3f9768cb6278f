"""What do pages load? Our style sheets and scripts, and Bootstrap as its package brings it.

Nothing here is anybody's secret, so it alone is compressed (BREACH), and browsers keep it and ask
whether it has changed.
"""

from os import PathLike, stat_result
from pathlib import Path

from bootstrap_wrapper import get_bootstrap_dir
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_OURS = Path(__file__).parent / "static"


class Kept(StaticFiles):
    """Files that browsers keep and ask after."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, or that it has not changed (RFC 9111 section 5.2.2.4)."""
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["cache-control"] = "no-cache"
        return answer


def mount(web: FastAPI) -> None:
    """Serve both folders; the longer path first, since the shorter one would take it in."""
    web.mount("/static/vendor/bootstrap", GZipMiddleware(Kept(directory=get_bootstrap_dir())))
    web.mount("/static", GZipMiddleware(Kept(directory=_OURS)))
