"""Sites and hosts as a setting names them, and whether a browser's origin is one of theirs. Imports nothing of ours.

An origin is scheme, host and port, as browsers write it: lower case, a host of other letters in its ASCII form
(``xn--…``), no port where it is the scheme's own. pydantic's parser of addresses follows the same standard as theirs.
Source: https://url.spec.whatwg.org/#origin and https://fetch.spec.whatwg.org/#origin-header
"""

import re
from collections.abc import Iterable

from pydantic_core import Url

_ANY = "*."
_BELOW = f"https://{_ANY}"

# Narrower than the parser, which forgives backslashes, line ends and escapes: nobody who means a site writes those.
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[^\x00-\x20\x7f\s/\\?#@%:,\[\]]+)"
_WRITTEN = re.compile(rf"https?://{_HOST}(?::[1-9][0-9]{{0,4}})?/?", re.IGNORECASE)

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_ORIGIN = re.compile(rf"https?://(?:\[[0-9a-f:.]+\]|{_LABEL}(?:\.{_LABEL})*)(?::[0-9]+)?")
_WILDCARD = re.compile(rf"{re.escape(_BELOW)}(?:{_LABEL}\.)+{_LABEL}")

_PORT = re.compile(r":[0-9]*$")  # an address in brackets ends with its bracket

# Chosen: what registries of countries call their second level (``com.bd``, ``co.uk``). Below it, everybody has a site.
_SHARED = re.compile(r"(?:ac|co|com|edu|gov|mil|net|nhs|or|org|sch)\.[a-z]{2}")


def read_origin(written: str) -> str:
    """The origin that ``written`` names, as a browser writes it; or all below a domain, which begins ``https://*.``.

    Raises `ValueError` for anything else: a path, a user, ``null``, ``*``, all of a top-level domain.

    >>> read_origin("https://Clinic.example:443/"), read_origin("https://*.bücher.example")
    ('https://clinic.example', 'https://*.xn--bcher-kva.example')
    """
    if not _WRITTEN.fullmatch(written):
        message = "no scheme and host alone"
        raise ValueError(message)
    origin = str(Url(written)).removesuffix("/")
    if not _ORIGIN.fullmatch(origin) and not _is_wildcard(origin):
        message = "no origin that a page can have"
        raise ValueError(message)
    return origin


def _is_wildcard(origin: str) -> bool:
    return bool(_WILDCARD.fullmatch(origin)) and not _SHARED.fullmatch(origin.removeprefix(_BELOW))


def read_host(written: str) -> str:
    """The host that ``written`` names, without a port, as a browser writes it; raises `ValueError` for anything else.

    >>> read_host("Ask.Bücher.example")
    'ask.xn--bcher-kva.example'
    """
    origin = read_origin(f"https://{written}")
    if written.endswith("/") or _PORT.search(written) or _is_wildcard(origin):
        message = "no host alone"
        raise ValueError(message)
    return origin.removeprefix("https://")


class AllowedOrigins:
    """The sites whose pages may ask and read."""

    def __init__(self, written: Iterable[str]) -> None:
        """Each as `read_origin` takes it; raises its `ValueError`."""
        origins = [read_origin(one) for one in written]
        self._exact = frozenset(origin for origin in origins if not origin.startswith(_BELOW))
        self._endings = tuple("." + origin.removeprefix(_BELOW) for origin in origins if origin.startswith(_BELOW))

    def allows(self, origin: str) -> bool:
        """Whether ``origin``, just as it came in the header, is one of them: compared letter by letter, none forgiven.

        >>> AllowedOrigins(["https://*.clinic.example"]).allows("https://www.clinic.example")
        True
        >>> AllowedOrigins(["https://*.clinic.example"]).allows("https://clinic.example")
        False
        """
        return origin in self._exact or (
            origin.startswith("https://") and origin.endswith(self._endings) and bool(_ORIGIN.fullmatch(origin))
        )
