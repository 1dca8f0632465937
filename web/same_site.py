"""Refuses what a page of another site sends to the desk in a signed-in person's name.

Source: https://www.w3.org/TR/fetch-metadata/ and https://fetch.spec.whatwg.org/#origin-header
"""

from flask import Request

from web.problems import Refused

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing here."""

FOREIGN = (
    "This request did not come from a page of the desk, so nothing was done. "
    "If you sent it yourself, open the page anew and try again."
)


def refuse_foreign(request: Request) -> None:
    """Raise `Refused` with 403 for a request that may change something and does not come from a page of ours.

    Browsers say where a request comes from, in words that no page can set: ``Sec-Fetch-Site`` over TLS and on the same
    machine, ``Origin`` everywhere. One that says neither is no browser of today, and is refused too.
    """
    if request.method not in SAFE and not _is_ours(request):
        raise Refused(403, FOREIGN)


def _is_ours(request: Request) -> bool:
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said in ("same-origin", "none")
    return request.headers.get("Origin") == f"{request.scheme}://{request.host}"
