"""A page of another site in a real browser: what it may ask and read where its origin is named, and where it is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, Page

from bot.answering import Answerer
from tests.services import listening
from web.app import create_app

pytestmark = pytest.mark.browser

EMERGENCY = "back pain and cant pee since morning"
BLOCKED = "TypeError: Failed to fetch"

ASK = """async ([url, body, type]) => {
    try {
        const options = {method: "POST", body, headers: {"Content-Type": type}, credentials: "omit"}
        const response = await fetch(url, options)
        const reply = await response.json()
        return {status: response.status, reply, retryAfter: response.headers.get("Retry-After")}
    } catch (error) {
        return String(error)
    }
}"""


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[Page]:
    """A page of a site that is not ours: another port is another origin."""
    site = Flask("site")
    site.add_url_rule("/", "page", lambda: "<!doctype html><title>The clinic</title>")
    with listening(site) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        yield page
        context.close()


@contextmanager
def citewell(answerer: Answerer, allowed: list[str], rate_limit: int = 0) -> Iterator[tuple[str, list[str]]]:
    """The address of a Citewell that these sites may use, and the methods that it is asked with."""
    app = create_app(answerer, allowed_origins=allowed, rate_limit=rate_limit)
    methods: list[str] = []
    app.before_request(lambda: methods.append(request.method))
    with listening(app) as address:
        yield address, methods


def origin_of(page: Page) -> str:
    """As the browser itself writes it."""
    return str(page.evaluate("location.origin"))


def ask(page: Page, address: str, body: str, content_type: str = "application/json") -> Any:
    """What the page reads of the reply, or the error that it gets instead."""
    return page.evaluate(ASK, [f"{address}/api/chat", body, content_type])


def test_a_page_of_a_site_that_is_named_reads_replies_and_refusals(elsewhere: Page, answerer: Answerer) -> None:
    with citewell(answerer, [origin_of(elsewhere)], rate_limit=2) as (address, methods):
        answered, refused, too_many = (
            ask(elsewhere, address, body)
            for body in ('{"message": "worn shoes"}', '{"message": ""}', f'{{"message": "{EMERGENCY}"}}')
        )

    assert (answered["status"], answered["reply"]["kind"]) == (200, "answer")
    assert (refused["status"], refused["reply"]["errors"][0]["field"]) == (422, "message")
    assert (too_many["status"], too_many["retryAfter"]) == (429, "60")
    assert too_many["reply"]["alert"]["level"] == "emergency"
    assert methods == ["OPTIONS", "POST", "POST", "POST"]  # asked first once, and remembered


def test_a_page_of_a_site_that_is_not_named_reads_nothing_and_its_question_is_not_even_sent(
    elsewhere: Page, answerer: Answerer
) -> None:
    for allowed in ([], ["https://clinic.example", origin_of(elsewhere).replace("http:", "https:")]):
        with citewell(answerer, allowed) as (address, methods):
            got = [ask(elsewhere, address, body) for body in ('{"message": "worn shoes"}', '{"message": ""}')]

        assert got == [BLOCKED, BLOCKED]
        assert methods == ["OPTIONS", "OPTIONS"]


def test_what_a_page_may_send_without_asking_first_it_cannot_read_either(elsewhere: Page, answerer: Answerer) -> None:
    with citewell(answerer, []) as (address, methods):
        assert ask(elsewhere, address, '{"message": "worn shoes"}', "text/plain") == BLOCKED

    assert methods == ["POST"]  # refused as no JSON


def test_a_page_that_has_no_origin_is_not_let_in(elsewhere: Page, answerer: Answerer) -> None:
    with citewell(answerer, [origin_of(elsewhere)]) as (address, methods):
        elsewhere.set_content('<iframe sandbox="allow-scripts" srcdoc="<title>Sandboxed</title>"></iframe>')
        frame = elsewhere.frames[1]

        assert frame.evaluate("origin") == "null"
        assert frame.evaluate(ASK, [f"{address}/api/chat", '{"message": "worn shoes"}', "application/json"]) == BLOCKED

    assert methods == ["OPTIONS"]
