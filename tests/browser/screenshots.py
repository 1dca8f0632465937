"""Takes the pictures in docs/: ``make screenshots``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from secrets import token_bytes
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

import bot
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.desk import NAME, look_up, sign_in
from tests.browser.embedding import open_panel
from tests.browser.review import let_in
from tests.conftest import ROOT
from tests.reviewing import Clinic, make_clinic
from tests.services import listening
from tests.test_accounts import PASSWORD
from web.accounts import Accounts
from web.app import create_app
from web.clock import today
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

REVIEW = (Picture("review", "", 1024, 900), Picture("review-questions", "/questions", 1024, 620))
"""A page of the review each, by what its address ends with."""

UNANSWERED = {
    "is a treadmill better for my back than the road": 9,
    "treadmill or road, which is better for my back": 4,
    "do compression socks help": 6,
    "which mattress is best for runners": 5,
    "is barefoot running good for the back": 3,
    "do you do home visits": 2,
}


def main() -> None:
    """Write every picture anew."""
    with _served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for picture in WIDGET:
            with _window(browser, address, picture) as page:
                _ask_in_the_widget(page, picture)
        with _window(browser, address, PAGE) as page:
            _ask_on_the_page(page)
        for picture in DESK:
            with _window(browser, address, picture) as page:
                sign_in(page)
                look_up(page, picture.question)
        browser.close()
    with _review() as clinic, listening(clinic.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for picture in REVIEW:
            with _window(browser, address, picture) as page:
                let_in(page.context, address, clinic)
                page.goto(f"/desk/review{picture.question}")
        browser.close()


@contextmanager
def _served() -> Iterator[str]:
    """Where the application listens, which keeps what it keeps by default, with a desk, and Mina at it."""
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
def _review() -> Iterator[Clinic]:
    """A month of questions, the same each time."""
    with TemporaryDirectory() as folder:
        clinic = make_clinic(Path(folder), corpus=ROOT / "corpus")
        lots = Random(1)  # noqa: S311 - no secret
        passages = [
            f"faq#{anchor}" for anchor in ("common-causes", "worn-shoes", "core-exercises", "prevent", "consult")
        ]
        for ago in range(30):
            for _ in range(lots.randint(6, 24)):
                _ask_of(clinic, today() - timedelta(days=ago), passages, lots)
        for question, times in UNANSWERED.items():
            for ago in range(times):
                clinic.ask(question, today() - timedelta(days=2 * ago))
        yield clinic
        clinic.database.close()


def _ask_of(clinic: Clinic, day: date, passages: list[str], lots: Random) -> None:
    """One question, answered more often than not, by the first passages most often."""
    sort = lots.choices(["answer", "suggestions", "none", "alert"], [70, 14, 12, 4])[0]
    if sort == "answer":
        passage = lots.choices(passages, [5, 4, 3, 2, 1])[0]
        helped = lots.choices([None, True, False], [6, 3, 1])[0]
        clinic.ask(None, day, kind="answer", passage_id=passage, helpful=helped)
    else:
        clinic.ask(None, day, **({"rule": "cauda_equina"} if sort == "alert" else {"kind": sort}))


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
    with page.expect_navigation():
        page.get_by_role("button", name="Ask", exact=True).click()
    page.evaluate("scrollTo(0, 0)")


if __name__ == "__main__":
    main()
