"""No page of ours, for visitors or for staff, asks another host for anything: every address, in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser.embedding import ask
from tests.browser.review import let_in
from tests.reviewing import DESK, EDITOR, Clinic, make_clinic
from tests.services import listening
from tests.test_every_address import addresses
from web.sessions import COOKIE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A clinic with everything that there is: desk, review, one question."""
    made = make_clinic(tmp_path_factory.mktemp("clinic"))
    made.ask()
    yield made
    made.database.close()


@contextmanager
def watched(browser: Browser, address: str) -> Iterator[tuple[BrowserContext, list[str], list[str]]]:
    """A browser, the addresses that it asks for, and what its pages complain of."""
    requested: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(base_url=address)
    context.on("request", lambda request: requested.append(request.url))
    context.on("console", lambda message: complaints.append(message.text))
    yield context, requested, complaints
    context.close()


def visit(page: Page, path: str) -> None:
    """Look at what is there, a page until it asks for nothing more; a file to keep is none."""
    try:
        response = page.goto(path)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return
    if response and response.headers.get("content-type", "").startswith("text/html"):
        page.wait_for_load_state("networkidle")


def elsewhere(requested: list[str], address: str) -> list[str]:
    """Those of the addresses that are not ours."""
    return [url for url in requested if not url.startswith((f"{address}/", "blob:", "data:"))]


@pytest.mark.parametrize("name", [None, DESK, EDITOR])
def test_no_page_asks_another_host_and_none_is_refused_by_its_own_policy(
    browser: Browser, clinic: Clinic, name: str | None
) -> None:
    with listening(clinic.app) as address, watched(browser, address) as (context, requested, complaints):
        if name:
            let_in(context, address, clinic, name)
        page = context.new_page()
        paths = addresses(clinic.app, "GET")
        for path in paths:
            visit(page, path)
        cookies = {cookie.get("name") for cookie in context.cookies()}

    assert len(requested) > len(paths)
    assert elsewhere(requested, address) == []
    assert [
        said for said in complaints if "Content Security Policy" in said or "permissions policy" in said.lower()
    ] == []
    assert cookies == ({COOKIE} if name else set())


def test_asking_in_the_chat_and_on_the_page_asks_no_other_host_either(browser: Browser, clinic: Clinic) -> None:
    with listening(clinic.app) as address, watched(browser, address) as (context, requested, _):
        page = context.new_page()
        page.goto("/")
        page.locator("citewell-chat .launcher").click()
        ask(page.locator("citewell-chat #panel"), "how do I stop blisters")
        page.goto("/chat")
        page.get_by_label("Your question").fill("how do I stop blisters")
        with page.expect_navigation():
            page.get_by_label("Your question").press("Enter")
        cookies = context.cookies()

    assert [url for url in requested if url.endswith("/api/chat")]
    assert elsewhere(requested, address) == []
    assert cookies == []
