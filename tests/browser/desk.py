"""The phone desk in a browser: signed in once, watched for what a page may never do."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.test_accounts import PASSWORD

NAME = "mina"

QUESTION = "How can worn-out running shoes lead to back pain?"
URGENT = "back pain and cant pee since morning"
TODAY = "my back hurts and I have a fever of 39"
DOSE = "how much ibuprofen can I take"

DESKTOP = {"width": 1024, "height": 768}
SEARCH = "**/desk/api/search"
FILINGS = "**/desk/api/filings"

# What a page of ours must never do, and what a screen reader would hear.
WATCH = """
window.violations = [];
window.heard = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
addEventListener("DOMContentLoaded", () => {
  const region = document.getElementById("said");
  if (region) new MutationObserver((changes) => {
    for (const {addedNodes} of changes) for (const node of addedNodes) heard.push(node.textContent);
  }).observe(region, {childList: true});
});
"""


def sign_in(page: Page, name: str = NAME) -> None:
    """By the form, and so to the console."""
    page.goto("/desk")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


@contextmanager
def signed_in(browser: Browser, address: str, state: Any, **options: Any) -> Iterator[BrowserContext]:
    """A browser of its own that ``state`` has signed in, and that may use the clipboard."""
    options.setdefault("viewport", DESKTOP)
    context = browser.new_context(base_url=address, storage_state=state, **options)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.add_init_script(WATCH)
    yield context
    context.close()


def field(page: Page) -> Locator:
    """Where questions are typed."""
    return page.get_by_role("combobox")


def rows(page: Page) -> Locator:
    """The results, or the recent look-ups."""
    return page.get_by_role("option")


def chosen(page: Page) -> Locator:
    """The row whose passage is shown."""
    return page.get_by_role("option", selected=True)


def passage(page: Page) -> Locator:
    """The chosen passage."""
    return page.get_by_role("region", name="Passage", exact=True)


def look_up(page: Page, question: str) -> None:
    """Type ``question`` in place of what stands there, and wait for its rows."""
    page.keyboard.press("Control+k")
    with page.expect_response(lambda response: asks(response.request.post_data, question)):
        page.keyboard.type(question)
    expect(page.locator("#count, .alert").filter(visible=True).first).not_to_be_empty()


def asks(body: str | None, question: str) -> bool:
    """Whether a request's body has this question."""
    return body is not None and '"query"' in body and json.loads(body)["query"] == question


def copied(page: Page) -> str:
    """What is on the clipboard."""
    return str(page.evaluate("navigator.clipboard.readText()"))


def heard(page: Page) -> list[str]:
    """What was put into the region that screen readers listen to."""
    return list(page.evaluate("heard"))


def boxes(page: Page) -> dict[str, Any]:
    """Where the parts stand that must not move."""
    parts = ["#question", ".filter", ".found", ".list", ".pane", "#passage-deeds", ".status", "#count"]
    return {part: page.locator(part).bounding_box() for part in parts}


def refusal(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """A refusal for ``route.fulfill``."""
    body = {"type": "about:blank", "title": "", "status": status, "detail": detail, **more}
    return {"status": status, "content_type": "application/problem+json", "body": json.dumps(body)}


# How often a gate looks for a request that must come, ten milliseconds apart.
LOOKS = 3000


class Gate:
    """Holds the requests to one address back until it is opened; those that came before stay ``held``."""

    def __init__(self, page: Page, pattern: str) -> None:
        """Closed from now on."""
        self.held: list[Route] = []
        self.is_open = False
        self._page = page
        page.route(pattern, self._meet)

    def _meet(self, route: Route) -> None:
        if self.is_open:
            route.continue_()
        else:
            self.held.append(route)

    @contextmanager
    def expect_held(self) -> Iterator[None]:
        """Wait until what is done inside has led to one more that is held: a request is heard of before it is met."""
        held = len(self.held)
        yield
        for _ in range(LOOKS):
            if len(self.held) > held:
                return
            self._page.wait_for_timeout(10)
        pytest.fail("no request came to the gate")

    def open(self) -> None:
        """Let the held ones go, and all that come."""
        self.is_open = True
        for route in self.held:
            route.continue_()
