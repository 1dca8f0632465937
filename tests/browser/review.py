"""The editor's way into the review without the page to sign in, which lets nobody in often."""

from playwright.sync_api import BrowserContext

from tests.reviewing import EDITOR, Clinic
from web.sessions import COOKIE


def let_in(context: BrowserContext, address: str, clinic: Clinic, name: str = EDITOR) -> None:
    """Give a browser the session of ``name``."""
    cookie = clinic.browser(name).get_cookie(COOKIE, path="/desk")
    assert cookie
    context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": f"{address}/desk"}])
