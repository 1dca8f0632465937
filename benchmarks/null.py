"""What `benchmarks.load` asks: Citewell with a Flask view beside it that does nothing, at ``/null``, on one web server.

``python -m benchmarks.null`` serves both as ``python server.py serve`` serves Citewell. Settings come from the
environment, for other web servers as well, which call `application`.
"""

import os

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

import server
from web import logs, memory, serving
from web.prepared import prepared
from web.settings import load_settings

PATH = "/null"


def application() -> DispatcherMiddleware:
    """Citewell, and the null view, for another web server."""
    return _both(server.application())


def _both(app: Flask) -> DispatcherMiddleware:
    null_app = Flask(__name__)

    @null_app.post("/")
    def null() -> dict[str, str]:
        return {"status": "ok"}

    return DispatcherMiddleware(app, {PATH: null_app})


def main() -> None:
    """Serve both."""
    settings = load_settings(os.environ)
    logs.configure(settings.log_format)
    memory.hold_little()
    app, start = server.create(prepared(settings.corpus, settings.data), settings)
    listener = serving.listen(settings.host, settings.port)
    serving.serve(_both(app), listener, settings, start=start, ready=lambda: None)


if __name__ == "__main__":
    main()
