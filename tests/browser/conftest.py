"""A real browser against the real application on a loopback port."""

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.browser.desk import sign_in, signed_in
from tests.services import listening

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

# Names that are not ours resolve to nothing, so that a request to another host fails instead of leaving the machine.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

# What must show may take its time on a busy machine: it says nothing of Citewell.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without one the browser tests are skipped."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """Where the application listens."""
    with listening(app) as address:
        yield address


@pytest.fixture
def requested() -> list[str]:
    """The addresses that the page of this test asked for."""
    return []


@pytest.fixture
def page(browser: Browser, address: str, requested: list[str]) -> Iterator[Page]:
    """A fresh page, at home on our address."""
    context = browser.new_context(base_url=address)
    tab = context.new_page()
    tab.on("request", lambda request: requested.append(request.url))
    yield tab
    context.close()


@pytest.fixture(scope="session")
def desk_address(desk_app: Flask) -> Iterator[str]:
    """Where the application with the desk listens."""
    with listening(desk_app) as address:
        yield address


@pytest.fixture(scope="session")
def staff_state(browser: Browser, desk_address: str) -> StorageState:
    """The cookie of who has signed in once: doing so for each test would be too often."""
    context = browser.new_context(base_url=desk_address)
    sign_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def console(browser: Browser, desk_address: str, staff_state: StorageState, requested: list[str]) -> Iterator[Page]:
    """The console as it is found in the morning. Whatever a test does there keeps to the policy and to our address."""
    with signed_in(browser, desk_address, staff_state) as context:
        page = context.new_page()
        page.on("request", lambda request: requested.append(request.url))
        page.goto("/desk")
        yield page
        if page.url.startswith(desk_address):
            assert page.evaluate("violations") == []
        assert [address for address in requested if not address.startswith(desk_address)] == []
