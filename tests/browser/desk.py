"""The phone desk in a browser: signed in once, watched for what a page may never do."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.moments import pause
from tests.browser.navigation import follow
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

# Notes to which questions the page has read a reply. It draws one in the same breath in which it reads it.
NOTE_REPLIES = """() => {
  if (!window.replied) {
    const {json} = Response.prototype;
    Response.prototype.json = async function () {
      const reply = await json.call(this);
      replied.push(reply.query);
      return reply;
    };
  }
  window.replied = [];
}"""


def sign_in(page: Page, name: str = NAME) -> None:
    """By the form, and so to the console."""
    page.goto("/desk")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))


@contextmanager
def signed_in(browser: Browser, address: str, state: Any, **options: Any) -> Iterator[BrowserContext]:
    """A browser of its own that ``state`` has signed in, and that may use the clipboard."""
    options.setdefault("viewport", DESKTOP)
    context = browser.new_context(base_url=address, storage_state=state, **options)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.add_init_script(WATCH)
    # One from the start: where a page is busy while its first route is made, what it asks for next escapes that route.
    context.route("**/no-such-route", lambda route: route.abort())
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
    with expect_reply(page, question):
        page.keyboard.type(question)


def put(page: Page, question: str) -> None:
    """Put ``question`` in place of what stands there at one go: it is asked for once, its beginning is not."""
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(question)


@contextmanager
def expect_reply(page: Page, question: str) -> Iterator[None]:
    """Wait until the page has dealt with the reply to ``question`` that what is done inside has led to."""
    page.evaluate(NOTE_REPLIES)
    yield
    page.wait_for_function("(question) => replied.includes(question)", arg=question)


def stop_clock(page: Page) -> None:
    """From now on time passes in the page when the test says so."""
    page.clock.install()
    pause(page)


def asks(body: str | None, question: str) -> bool:
    """Whether a request's body has this question."""
    return body is not None and '"query"' in body and json.loads(body)["query"] == question


def copied(page: Page) -> str:
    """What is on the clipboard."""
    return str(page.evaluate("navigator.clipboard.readText()"))


def heard(page: Page) -> list[str]:
    """What was put into the region that screen readers listen to."""
    return list(page.evaluate("heard"))


def expect_heard(page: Page, beginning: str) -> None:
    """Wait until what was put there last begins like this."""
    page.wait_for_function("(beginning) => heard.at(-1)?.startsWith(beginning)", arg=beginning)


def recent(page: Page) -> list[str]:
    """The look-ups that this window remembers."""
    return list(page.evaluate("JSON.parse(sessionStorage.getItem('citewell.desk'))?.recent ?? []"))


def boxes(page: Page) -> dict[str, Any]:
    """Where the parts stand that must not move."""
    parts = ["#question", ".filter", ".found", ".list", ".pane", "#passage-deeds", ".status", "#count"]
    return {part: page.locator(part).bounding_box() for part in parts}


def refusal(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """A refusal for ``route.fulfill``."""
    body = {"type": "about:blank", "title": "", "status": status, "detail": detail, **more}
    return {"status": status, "content_type": "application/problem+json", "body": json.dumps(body)}
