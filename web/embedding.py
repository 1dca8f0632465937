"""The line that puts Citewell on a website, and what else its person has to do. Knows the clinic and `web.origins`.

The demo page and ``citewell embed`` take the line from here, so what is shown to work is what is handed out.
"""

import re

from markupsafe import Markup

from bot.errors import CitewellError
from bot.model import Clinic
from web.origins import read_origin

LABEL = "Ask a question"
"""The words of the link, which leads to the page where the script does not run."""

EXAMPLE_SITE = "https://www.your-clinic.example"
"""Stands where nobody has said which website it is."""

SETTING = "CITEWELL_ALLOWED_ORIGINS"

_ADDRESS = re.compile(r"(?P<origin>https?://[^/?#]+)(?P<path>(?:/[^?#\s]*)?)", re.IGNORECASE)
_PATH = re.compile(r"(/(?!\.\.?(?:/|$))[A-Za-z0-9._~-]+)*/?")
_LOOPBACK = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::|$)")


class AddressError(CitewellError):
    """An address that no website can use."""


def citewell_address(written: str) -> str:
    """Where Citewell is reached, as browsers write it and without a slash at its end.

    Raises `AddressError` where it is not https (http is for a try on one's own machine), or more than host and path.

    >>> citewell_address("https://Ask.Clinic.example:443/help/")
    'https://ask.clinic.example/help'
    """
    found = _ADDRESS.fullmatch(written)
    origin = _origin(found["origin"]) if found and _PATH.fullmatch(found["path"]) else None
    if not found or not origin or not _safe(origin) or "*" in origin:
        expected = "the address of Citewell, such as https://ask.your-clinic.example (http only for localhost)"
        raise _refusal(written, expected)
    return origin + found["path"].rstrip("/")


def site_origin(written: str) -> str:
    """The origin of a website, as browsers send it; a path is left out. ``https://*.`` stands for all its subdomains.

    Raises `AddressError` where it is none.

    >>> site_origin("https://www.Clinic.example/en/"), site_origin("https://*.clinic.example")
    ('https://www.clinic.example', 'https://*.clinic.example')
    """
    found = _ADDRESS.fullmatch(written)
    origin = _origin(found["origin"]) if found else None
    if not origin:
        raise _refusal(written, "the address of the website, such as https://www.your-clinic.example")
    return origin


def line(address: str, clinic: Clinic) -> Markup:
    """What to paste: the script that is always the newest, and a link that works without it.

    ``address`` is Citewell's, without a slash at its end; empty on Citewell's own pages.

    >>> print(line("", Clinic("Clinic", "Please consult.", phone="1 & 2")))
    <script async src="/widget.js" data-phone="1 &amp; 2"></script><a href="/chat" data-citewell>Ask a question</a>
    """
    return _line(address, f"{address}/widget.js", {}, clinic)


def pinned_line(address: str, clinic: Clinic, *, release: str, integrity: str) -> Markup:
    """`line` with the script of one release: a browser runs it only where its bytes have the hash ``integrity``."""
    script = f"{address}/w/{release}/widget.js"
    return _line(address, script, {"integrity": integrity, "crossorigin": "anonymous"}, clinic)


def instructions(address: str, clinic: Clinic, site: str | None, pinned: str | None = None) -> str:
    """Both steps, for the person who looks after the website: to print as it is, so that lines can be copied.

    ``site`` is an origin; without one an example stands there, and is said to be one. ``pinned`` is a `pinned_line`.
    """
    said = [
        "1. Allow the website to use Citewell. Give Citewell this setting and start it anew:",
        f"{SETTING}={site or EXAMPLE_SITE}",
    ]
    if site is None:
        said.append("   Put the address of your own website there; --site prints it for you.")
    said += [
        "2. Paste this line into the website, just before </body>, on every page that is to have it:",
        line(address, clinic),
        "   The link in it works where the script does not run, and may stand elsewhere on the page.",
    ]
    if pinned:
        said += [
            "   Or, pinned to this release: browsers run exactly this script and no other, until you paste a new line.",
            pinned,
        ]
    return "\n\n".join(said)


def _line(address: str, script: str, guard: dict[str, str], clinic: Clinic) -> Markup:
    options = {"src": script, **guard, "data-phone": clinic.phone, "data-emergency": _emergency_number(clinic)}
    attributes = Markup().join(
        Markup(' {}="{}"').format(name, value) for name, value in options.items() if value is not None
    )
    link = Markup('<a href="{}/chat" data-citewell>{}</a>').format(address, LABEL)
    return Markup("<script async{}></script>{}").format(attributes, link)


def _emergency_number(clinic: Clinic) -> str | None:
    """What to dial in an emergency in the clinic's own country."""
    phones = clinic.phones.get(clinic.country or "", ())
    return next((phone.tel for phone in phones if "emergency" in phone.uses), None)


def _origin(written: str) -> str | None:
    try:
        return read_origin(written)
    except ValueError:
        return None


def _safe(origin: str) -> bool:
    return origin.startswith("https:") or bool(_LOOPBACK.match(origin))


def _refusal(written: str, expected: str) -> AddressError:
    return AddressError(f"{written!r} is not allowed; expected {expected}")
