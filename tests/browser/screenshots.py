"""Takes the pictures in docs/: ``make screenshots``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

import bot
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.desk import NAME, look_up, sign_in
from tests.browser.embedding import open_panel
from tests.conftest import ROOT
from tests.services import listening
from tests.test_accounts import PASSWORD
from web.accounts import Accounts
from web.app import create_app
from web.database import Database, database_url
from web.journal import Journal
from web.sessions import Desk

DOCS = ROOT / "docs"
QUESTION = "How can worn-out running shoes lead to back pain?"
TREATMENTS = "treatments for runners with back pain"
URGENT = "back pain and cant pee since morning"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is asked in a window of this size; without a language in the widget's own, which is the page's."""

    name: str
    question: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    language: str = ""

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return DOCS / f"{self.name}.png"


WIDGET = (
    Picture("widget", QUESTION, 1200, 800),
    Picture("phone", QUESTION, 390, 760),
    Picture("phone-emergency", URGENT, 390, 760, "dark"),
    Picture("phone-bangla", QUESTION, 390, 760, language="bn"),
)
PAGE = Picture("page", QUESTION, 1000, 760)
DESK = (Picture("desk", TREATMENTS, 1024, 768), Picture("desk-emergency", URGENT, 1024, 768, "dark"))


def main() -> None:
    """Write every picture anew."""
    with listening(create_app(bot.build(ROOT / "corpus"))) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for picture in WIDGET:
            with _window(browser, address, picture) as page:
                _ask_in_the_widget(page, picture)
        with _window(browser, address, PAGE) as page:
            _ask_on_the_page(page)
        browser.close()
    with _desk() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for picture in DESK:
            with _window(browser, address, picture) as page:
                sign_in(page)
                look_up(page, picture.question)
        browser.close()


@contextmanager
def _desk() -> Iterator[str]:
    """Where the application listens with a desk, and Mina at it."""
    with TemporaryDirectory() as folder:
        database = Database(database_url("", Path(folder)))
        accounts = Accounts(database)
        accounts.add(NAME, PASSWORD, "editor")
        journal = Journal(database, kept="counts", days=30)
        app = create_app(bot.build(ROOT / "corpus"), desk=Desk(accounts, token_bytes()), journal=journal)
        with listening(app) as address:
            yield address
        journal.close()
        database.close()


@contextmanager
def _window(browser: Browser, address: str, picture: Picture) -> Iterator[Page]:
    page = browser.new_page(
        base_url=address,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
        device_scale_factor=1.5,
    )
    yield page
    page.screenshot(path=picture.path)
    page.close()


def _ask_in_the_widget(page: Page, picture: Picture) -> None:
    if picture.language:
        page.add_init_script(f"window.Citewell = {{lang: {picture.language!r}}}")
    page.goto("/")
    panel = open_panel(page)
    panel.locator("#question").fill(picture.question)
    panel.locator("#question").press("Enter")
    expect(panel.locator(".turn").locator(".alert, article").first).to_be_visible()


def _ask_on_the_page(page: Page) -> None:
    page.goto("/chat")
    page.get_by_label("Your question").fill(PAGE.question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.evaluate("scrollTo(0, 0)")


if __name__ == "__main__":
    main()
