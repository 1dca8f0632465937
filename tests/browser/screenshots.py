"""Takes the pictures in docs/: ``make screenshots``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

import bot
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.embedding import open_panel
from tests.conftest import ROOT
from tests.services import listening
from web.app import create_app

DOCS = ROOT / "docs"
QUESTION = "How can worn-out running shoes lead to back pain?"
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
