"""Lets pages of the sites that the clinic names use ``/api`` from a visitor's browser, and read every reply there.

Source: https://fetch.spec.whatwg.org/#http-cors-protocol. Never with credentials: Citewell has none to send.
"""

from flask import Flask, Response, request

from web.origins import AllowedOrigins
from web.problems import is_under_api

PREFLIGHT_SECONDS = 7200
"""How long a browser may remember that it asked: the longest that Chromium keeps; others cut it to theirs."""


def register(app: Flask, allowed: AllowedOrigins) -> None:
    """Let ``allowed`` sites in; a refusal is theirs to read too, since it may carry a safety message.

    A foreign site is told nothing and is not refused for being one: see DESIGN.md, "Other sites ask only by name".
    """

    @app.after_request
    def permit(response: Response) -> Response:
        if not is_under_api(request.path):
            return response
        response.vary.add("Origin")  # on every one, so that nothing made for one site is ever kept for another
        origin = request.headers.get("Origin", "")
        if allowed.allows(origin):
            response.headers["Access-Control-Allow-Origin"] = origin
            if "Access-Control-Request-Method" in request.headers and request.method == "OPTIONS":
                _answer_preflight(response)
            else:
                response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        return response


def _answer_preflight(response: Response) -> None:
    """Turn Flask's own reply to OPTIONS, which counts against no limit, into the permission; a refusal stays one."""
    if response.status_code != 200:
        return
    response.status_code = 204
    del response.headers["Content-Type"]
    methods = sorted({*response.allow} - {"OPTIONS"})
    response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
    response.headers["Access-Control-Allow-Headers"] = "content-type"
    response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
