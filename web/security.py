"""Headers that every response carries, and the limits on what comes in."""

from flask import Flask, Response, request

from web.inputs import MAX_BODY
from web.problems import is_under_desk

_OWN_FRAMES = "frame-ancestors 'self'"
_NO_FRAMES = "frame-ancestors 'none'"

# No script of any kind: the pages need none.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        _OWN_FRAMES,
    )
)

_WIDGET_POLICY = "; ".join(
    (
        _POLICY,
        "script-src 'self'",
        "connect-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

_CONSOLE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        _NO_FRAMES,
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

UNUSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
"""What no page of ours uses, so that nothing that stands in one could."""

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",  # what other sites load says otherwise itself (`web.embeds`)
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    # Answers hold what a person asked about: no cache may keep them. Style sheets set their own.
    "Cache-Control": "no-store",
}

TLS_ONLY = "max-age=31536000"
"""A year of ``Strict-Transport-Security``; only of this host: what is below its name is not ours to promise for."""


def register(app: Flask) -> None:
    """Limit what ``app`` reads and guard what it sends."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    app.config["MAX_FORM_PARTS"] = 20
    app.after_request(_guard)


def with_widget(page: str) -> Response:
    """``page`` as a response that may run our own script, the widget, and nothing that stands in the page itself."""
    return Response(page, headers={"Content-Security-Policy": _WIDGET_POLICY}, content_type="text/html; charset=utf-8")


def with_console(page: str) -> Response:
    """``page`` as a response that may run our own scripts, and that no page may frame: the desk's console."""
    return Response(page, headers={"Content-Security-Policy": _CONSOLE_POLICY}, content_type="text/html; charset=utf-8")


def _guard(response: Response) -> Response:
    if is_under_desk(request.path):
        _guard_desk(response)
    there = {name.lower() for name, _ in response.headers}  # werkzeug's own `setdefault` takes ten times as long
    for name, value in _HEADERS.items():
        if name.lower() not in there:
            response.headers.add(name, value)
    response.headers["X-Frame-Options"] = _frame_options(response.headers["Content-Security-Policy"])
    if request.is_secure:  # over plain HTTP a browser must ignore it
        response.headers["Strict-Transport-Security"] = TLS_ONLY
    return response


def _frame_options(policy: str) -> str:
    """What the policy says of frames, for those who read no policy."""
    return "SAMEORIGIN" if _OWN_FRAMES in policy else "DENY"


def _guard_desk(response: Response) -> None:
    """No page may show the desk in a frame, whatever else the response's own policy allows.

    Its pages send to themselves alone where they were: with ``no-referrer``, browsers say ``Origin: null`` for our own
    forms, and over plain HTTP nothing else tells them from another site's.
    """
    policy = response.headers.get("Content-Security-Policy", _POLICY)
    response.headers["Content-Security-Policy"] = policy.replace(_OWN_FRAMES, _NO_FRAMES)
    response.headers.setdefault("Referrer-Policy", "same-origin")
