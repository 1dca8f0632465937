"""A name for each request, so that lines of our log and of a proxy's can be told to belong together.

It is random, or what a trusted proxy says; every response carries it.
"""

import re
import secrets

from flask import Flask, Response, g, has_request_context, request

HEADER = "X-Request-ID"

_ALLOWED = re.compile(r"[A-Za-z0-9._-]{1,64}")


def register(app: Flask, *, trusted: bool) -> None:
    """Name each request of ``app`` (``g.request_id``); as the client says, if it may (``trusted``). Before all else."""

    def identify() -> None:
        given = request.headers.get(HEADER, "") if trusted else ""
        g.request_id = given if _ALLOWED.fullmatch(given) else secrets.token_hex(8)

    def tell(response: Response) -> Response:
        if "request_id" not in g:  # what fails before anything else is done
            identify()
        response.headers[HEADER] = g.request_id
        return response

    app.before_request(identify)
    app.after_request(tell)


def current() -> str | None:
    """The name of the request that is being answered here."""
    return g.get("request_id") if has_request_context() else None
