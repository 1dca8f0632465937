"""The website that the engines visit: the demo page as it is, a page in Bangla, and a list of what policies forbade."""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Response, request

import bot
from tests.services import listening
from web.app import create_app
from web.security import with_widget

ROOT = Path(__file__).resolve().parent.parent.parent

BANGLA_PAGE = "/engines/bn"
_SCREEN = "CITEWELL_SCREEN"  # set for what runs on it
_REPORTS = "/engines/forbidden"
_BANGLA = (
    "<!doctype html><html lang='bn'><head><meta charset='utf-8'><title>ক্লিনিক</title>"
    "<meta name='viewport' content='width=device-width, initial-scale=1'></head>"
    "<body><main><h1>ক্লিনিক</h1></main><script async src='/widget.js'></script></body></html>"
)


@contextmanager
def website() -> Iterator[tuple[str, list[str]]]:
    """Serve Citewell over the shipped corpus on loopback; yield its address and the reports of its policy.

    The policy of each page is the real one, and tells besides what it forbade: in no engine can a script that comes
    later hear what happened before it came.
    """
    app = create_app(bot.build(ROOT / "corpus"))
    forbidden: list[str] = []

    @app.get(BANGLA_PAGE)
    def bangla() -> Response:
        return with_widget(_BANGLA)

    @app.post(_REPORTS)
    def report() -> Response:
        forbidden.append(request.get_data(as_text=True))
        return Response(status=204)

    app.wsgi_app = _telling(app.wsgi_app)  # type: ignore[assignment, method-assign]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with listening(app) as address:
        yield address, forbidden


def _telling(answer: WSGIApplication) -> WSGIApplication:
    """``answer`` around which each policy says where to report."""

    def telling(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            told = {"Content-Security-Policy": f"; report-uri {_REPORTS}"}
            return start_response(status, [(name, value + told.get(name, "")) for name, value in headers], *error)

        return answer(environ, start)

    return telling


def on_a_screen(module: str, *around: str) -> None:
    """Start ``module`` anew on a screen that nobody sees, inside the command ``around``, unless it is there already."""
    if os.environ.get(_SCREEN):
        return
    command = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1280x1024x24", *around]
    environment = os.environ | {_SCREEN: "1"}
    sys.exit(subprocess.run([*command, sys.executable, "-m", module], env=environment, check=False).returncode)


def needed(programs: Sequence[tuple[str, str]]) -> None:
    """Leave with a clear message unless each program, of the Debian package named beside it, is there."""
    missing = [package for program, package in programs if shutil.which(program) is None]
    if missing:
        sys.exit(f"This needs Debian packages that are not here: apt-get install {' '.join(dict.fromkeys(missing))}")
