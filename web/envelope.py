"""What is around every response, however it came about: the name of its request, and what keeps browsers careful.

Below Flask, where headers are a plain list: werkzeug's object checks each of a dozen, and all again when it is copied.
"""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from web import request_ids, security

_GIVEN = f"HTTP_{request_ids.HEADER.upper().replace('-', '_')}"


def register(app: Flask, *, trusts_request_ids: bool) -> None:
    """Complete the headers of all that ``app`` sends; the client may name its requests if ``trusts_request_ids``."""
    answer = app.wsgi_app

    def enveloped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = "/" + environ["PATH_INFO"].lstrip("/")  # as `flask.Request.path` has it
        secure = environ["wsgi.url_scheme"] == "https"

        def start(status: str, headers: list[security.Header], *error: Any) -> Any:
            whole = security.guarded(headers, path, secure=secure)
            return start_response(status, [*whole, (request_ids.HEADER, name)], *error)

        with request_ids.named(environ.get(_GIVEN, "") if trusts_request_ids else "") as name:
            return answer(environ, start)

    app.wsgi_app = enveloped  # type: ignore[method-assign] # as Flask's documentation has it
