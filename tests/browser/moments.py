"""When things happen in a page: its frames, and its clock."""

from playwright.sync_api import Page

TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""What was about to happen in the page has happened by then."""


def pause(page: Page) -> None:
    """From now on time passes in the page when the test says so."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 60"))  # a minute ahead: it goes on until then, never back
