"""New content takes the place of the old between two requests, all of it at once."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any, cast

import pytest

import bot
from bot.answering import Answerer
from tests.test_accounts import PASSWORD, QUICK
from tests.test_signing_in import OURS, sign_in
from web.accounts import Accounts
from web.app import create_app
from web.content import Content
from web.database import Database, database_url
from web.sessions import Desk


class Meeting:
    """An answerer in which two threads that search at the same time meet."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._barrier = Barrier(2)
        self.met = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._answerer, name)

    def answer(self, *arguments: Any, **named: Any) -> Any:
        self._wait()
        return self._answerer.answer(*arguments, **named)

    def look_up(self, *arguments: Any, **named: Any) -> Any:
        self._wait()
        return self._answerer.look_up(*arguments, **named)

    def search(self, *arguments: Any, **named: Any) -> Any:
        self._wait()
        return self._answerer.search(*arguments, **named)

    def _wait(self) -> None:
        try:
            self._barrier.wait(timeout=0.5)
        except BrokenBarrierError:
            self._barrier.reset()
        else:
            self.met = True


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


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/chat", {"json": {"message": "When are you open?"}}),
        ("/api/search", {"json": {"query": "When are you open?"}}),
        ("/chat", {"data": {"message": "When are you open?"}}),
    ],
)
def test_answers_do_not_interrupt_each_other(two_topics: Path, path: str, body: Mapping[str, Any]) -> None:
    meeting = Meeting(bot.build(two_topics))
    app = create_app(cast("Answerer", meeting))

    with ThreadPoolExecutor(2) as threads:
        statuses = [reply.status_code for reply in threads.map(lambda _: app.test_client().post(path, **body), "12")]

    assert statuses == [200, 200]
    assert not meeting.met


def test_look_ups_at_the_desk_do_not_either(two_topics: Path, tmp_path: Path) -> None:
    database = Database(database_url("", tmp_path))
    accounts = Accounts(database, method=QUICK)
    accounts.add("mina", PASSWORD, "desk")
    meeting = Meeting(bot.build(two_topics))
    app = create_app(cast("Answerer", meeting), desk=Desk(accounts, b"k" * 32))
    browsers = [app.test_client() for _ in range(2)]

    signed_in = [sign_in(browser).status_code for browser in browsers]
    with ThreadPoolExecutor(2) as threads:
        replies = threads.map(
            lambda browser: browser.post("/desk/api/search", json={"query": "When are you open?"}, headers=OURS),
            browsers,
        )
        statuses = [reply.status_code for reply in replies]
    database.close()

    assert signed_in == [303, 303]
    assert statuses == [200, 200]
    assert not meeting.met


def test_who_fails_within_an_answer_holds_nobody_up(two_topics: Path) -> None:
    content = Content(bot.build(two_topics))

    with pytest.raises(ZeroDivisionError), content.in_turn():
        raise ZeroDivisionError

    with content.in_turn() as answerer:
        assert answerer is content.current.answerer
