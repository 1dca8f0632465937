"""New content takes the place of the old between two requests, all of it at once."""

from pathlib import Path

import bot
from web.app import create_app
from web.content import Content


def test_new_content_is_served_from_the_next_request_on(two_topics: Path) -> None:
    content = Content(bot.build(two_topics))
    before = content.current
    (two_topics / "parking.md").write_text("# Parking\n\n## Where can I park?\n\nBehind the house.\n", "utf-8")

    content.swap(bot.build(two_topics))

    assert set(before.documents) == {"page"}
    assert set(content.current.documents) == set(content.current.markup) == {"page", "parking"}
    assert content.current.answerer.corpus.version != before.answerer.corpus.version


def test_a_request_that_has_begun_ends_with_the_content_it_began_with(two_topics: Path) -> None:
    old = bot.build(two_topics)
    content = Content(old)
    app = create_app(old)

    with app.test_request_context("/"):
        began = content.current
        content.swap(bot.build(two_topics))
        ended = content.current

    assert began is ended
    assert content.current is not began
