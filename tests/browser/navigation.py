"""From one page to the next: what looks at a page that is not read to its end sees now this, now that."""

from playwright.sync_api import Locator


def follow(way: Locator) -> None:
    """Click on a link or a button, and wait for the page that it leads to."""
    with way.page.expect_navigation():
        way.click()
