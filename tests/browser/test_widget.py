"""The widget does its main job in a real browser: a question in, the passage and its source out."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embedding import STRICT_POLICY, ask, embed, open_panel

pytestmark = pytest.mark.browser

QUESTION = "How can worn-out running shoes lead to back pain?"


def test_a_visitor_asks_and_reads_the_answer_its_source_and_the_advice(page: Page) -> None:
    embed(page, policy=STRICT_POLICY)

    turn = ask(open_panel(page), QUESTION)

    expect(turn.locator("article")).to_contain_text("There is no good proof that worn-out shoes cause back pain.")
    expect(turn.locator("mark").first).to_have_text("worn-out shoes")
    expect(turn).to_contain_text("Please consult a health professional.")
