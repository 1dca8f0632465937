"""Browsers in which somebody has signed in before: what strangers try elsewhere does not keep that one out there.

Such a browser keeps a cookie that only the page to sign in is sent. It lets nobody in; wrong passwords are counted by
it and not by the name. A name does not stand in it: it takes part in the signature alone.

Source: https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

import secrets
from collections.abc import Iterator

from flask import Request, request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.wrappers import Response as AnyResponse

COOKIE = "citewell_known"
SECONDS = 90 * 24 * 60 * 60
"""How long a browser is known after somebody signed in; chosen: a holiday is shorter."""
MOST = 8
"""Names that one browser is known for, the newest: several people share the desk's machine. Chosen."""

_BETWEEN = "~"


class KnownBrowsers:
    """Knows browsers by the cookie that it gives them."""

    def __init__(self, key: bytes) -> None:
        """``key`` signs, and is told to nobody."""
        self._key = key

    def number(self, name: str, request: Request) -> str | None:
        """What the browser of ``request`` is counted by for ``name``; ``None`` where that one never signed in there.

        ``name`` must be written in the one way in which it is kept.
        """
        return next((number for held in _held(request) if (number := self._read(held, name))), None)

    def remember(self, name: str, response: AnyResponse, *, path: str) -> None:
        """``name`` has just signed in, in the browser that gets ``response``; only ``path`` is told so later."""
        others = [held for held in _held(request) if not self._read(held, name)]
        fresh = self._signer(name).sign(secrets.token_hex(16)).decode()
        response.set_cookie(
            COOKIE,
            _BETWEEN.join([fresh, *others][:MOST]),
            max_age=SECONDS,
            path=path,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )

    def _read(self, held: str, name: str) -> str | None:
        try:
            return self._signer(name).unsign(held, max_age=SECONDS).decode()
        except BadSignature:
            return None

    def _signer(self, name: str) -> TimestampSigner:
        return TimestampSigner(self._key, salt=b"known browser of " + name.encode("utf-8", "surrogatepass"))


def _held(request: Request) -> Iterator[str]:
    yield from request.cookies.get(COOKIE, "").split(_BETWEEN)[:MOST]
