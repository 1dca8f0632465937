"""Pages of a clinic that embed the widget, and what a visitor does there; shared by the tests of the widget."""

import re
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from tests.browser.moments import TWO_FRAMES

HOST = "/a-page-of-the-clinic"
"""Fulfilled by the test itself, at our own address: no server has it."""

STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
LINE = '<script async src="/widget.js" data-phone="01877733322" data-emergency="999"{options}></script>'
LINK = '<a href="/chat" data-citewell>Ask a question</a>'
TEXT = "<h1>A clinic</h1><p>Its page.</p>"


def embed(
    page: Page,
    options: str = "",
    *,
    line: str = LINE,
    body: str = TEXT,
    head: str = "",
    html: str = 'lang="en"',
    policy: str | None = None,
) -> Locator:
    """Open a page of the clinic with the line in it, and return the widget once its button is there.

    ``options`` are further attributes of the script, ``html`` those of the page's root; ``policy`` is its CSP.
    """
    visit(page, options, line=line, body=body, head=head, html=html, policy=policy)
    widget = page.locator("citewell-chat")
    expect(widget.locator("#panel")).to_be_attached()
    return widget


def visit(
    page: Page,
    options: str = "",
    *,
    line: str = LINE,
    body: str = TEXT,
    head: str = "",
    html: str = 'lang="en"',
    policy: str | None = None,
    until: Literal["domcontentloaded", "load"] = "load",
) -> None:
    """Open the page as `embed` does, and wait ``until`` then, whatever becomes of the widget there."""
    text = (
        f"<!doctype html><html {html}><head><meta charset='utf-8'><title>A clinic</title>"
        f"<meta name='viewport' content='width=device-width, initial-scale=1'>{head}</head>"
        f"<body><main>{body}</main>{line.format(options=f' {options}' if options else '')}</body></html>"
    )
    headers = {"Content-Type": "text/html; charset=utf-8"}
    if policy:
        headers["Content-Security-Policy"] = policy
    page.route(f"**{HOST}", lambda route: route.fulfill(body=text, headers=headers))
    page.goto(HOST, wait_until=until)


def open_panel(page: Page) -> Locator:
    """Press the button and return the panel once the server has said what it needs to know."""
    with page.expect_response(re.compile("/api/config")):
        page.locator("citewell-chat .launcher").click()
    panel = page.locator("citewell-chat #panel")
    expect(panel).to_be_visible()
    expect(panel.locator(".start button").first).to_be_visible()
    return panel


def listen(panel: Locator) -> None:
    """From now on note what the panel says: it takes its words back so soon that a slow look would miss them."""
    panel.locator("[aria-live]").evaluate(
        """(region) => {
            region.dataset.said = "";
            new MutationObserver(() => {
                if (region.textContent) region.dataset.said += `${region.textContent}\\n`;
            }).observe(region, {childList: true});
        }"""
    )


def expect_said(panel: Locator, words: str | re.Pattern[str]) -> None:
    """Wait until the panel has said ``words``, since it was listened to or last found to have said something."""
    pattern = words.pattern if isinstance(words, re.Pattern) else f"^{re.escape(words)}$"
    region = panel.locator("[aria-live]")
    expect(region).to_have_attribute("data-said", re.compile(pattern, re.MULTILINE))
    region.evaluate("(region) => { region.dataset.said = '' }")


def settle(page: Page) -> None:
    """Let all come that is on its way: what the page asks for last is heard of last, and answered last."""
    page.evaluate("() => fetch('/nothing-more').then((response) => response.text())")


def resize(page: Page, width: int, height: int) -> None:
    """Give the window another size, and return when the page has noticed."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("(width) => innerWidth === width", arg=width)
    page.evaluate(TWO_FRAMES)


def ask(panel: Locator, question: str) -> Locator:
    """Type a question, send it with Enter, and return its turn once something stands below it."""
    before = panel.locator(".turn").count()
    panel.get_by_label("Your question").fill(question)
    panel.get_by_label("Your question").press("Enter")
    turn = panel.locator(".turn").nth(before)
    expect(turn.locator(".alert, article, .failure").first).to_be_visible()
    return turn
