"""Whether an answer helped, told on the page without JavaScript, and in the chat of a clinic that keeps comments."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bot import wording
from bot.answering import Answerer
from tests.browser.navigation import follow
from tests.services import listening
from tests.waiting import with_tables
from web.app import create_app
from web.database import Database, database_url
from web.journal import Journal
from web.tables import TURNS

pytestmark = pytest.mark.browser

QUESTION = "How can worn-out running shoes lead to back pain?"
COMMENT = "I wanted kilometres"
COLUMNS = select(TURNS.c.channel, TURNS.c.helpful, TURNS.c.comment)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """One that keeps questions, and so comments."""
    database = with_tables(Database(database_url("", tmp_path)), "questions")
    journal = Journal(database, kept="questions", days=30)
    yield journal
    journal.close()
    database.close()


@pytest.fixture
def tab(browser: Browser, answerer: Answerer, journal: Journal) -> Iterator[Page]:
    """A fresh page of an application with that journal."""
    with listening(create_app(answerer, journal=journal)) as address:
        context = browser.new_context(base_url=address)
        yield context.new_page()
        context.close()


def noted(journal: Journal, tmp_path: Path) -> list[tuple[object, ...]]:
    """Channel, vote and comment of all turns, once they are written."""
    journal.close()
    with Database(database_url("", tmp_path)).begin(reading=True) as connection:
        return [tuple(row) for row in connection.execute(COLUMNS)]


def test_a_visitor_says_on_the_page_that_it_did_not_help_and_why(tab: Page, journal: Journal, tmp_path: Path) -> None:
    tab.goto("/chat")
    tab.get_by_label("Your question").fill(QUESTION)
    with tab.expect_navigation():
        tab.get_by_label("Your question").press("Enter")
    tab.get_by_label("What was missing").fill(COMMENT)
    asked = Axe().run(tab)
    follow(tab.get_by_role("button", name="No", exact=True))

    expect(tab.get_by_text(wording.SORRY)).to_be_visible()
    assert asked.response["violations"] == Axe().run(tab).response["violations"] == []
    assert noted(journal, tmp_path) == [("page", False, COMMENT)]


def test_a_visitor_says_so_in_the_chat(tab: Page, journal: Journal, tmp_path: Path) -> None:
    tab.goto("/")
    tab.get_by_role("button", name="Ask a question").first.click()
    chat = tab.locator("citewell-chat")
    chat.get_by_label("Your question").fill(QUESTION)
    chat.get_by_label("Your question").press("Enter")
    chat.get_by_role("button", name="No", exact=True).click()
    chat.get_by_label("We keep your comment for up to 30 days").fill(COMMENT)
    chat.get_by_role("button", name="Send").click()

    expect(chat.get_by_role("region").get_by_text("Thank you.")).to_be_visible()
    assert tab.context.cookies() == []
    assert noted(journal, tmp_path) == [("widget", False, COMMENT)]
