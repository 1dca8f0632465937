"""Two processes behind one address: nothing that one of them holds is missing in the other.

Each is an application of its own on the same content, data folder and database; a visitor or a member of staff gets now
this one, now that one. What they share of limits is in test_limit_storage.py.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

import bot
from tests.reviewing import DESK, EDITOR, OURS, PAGE, QUESTION, Clinic, make_clinic
from tests.test_accounts import PASSWORD, QUICK
from tests.test_review import shown_in, text, version_in
from tests.waiting import eventually
from web.accounts import Accounts
from web.app import create_app
from web.database import Database
from web.journal import Journal
from web.review import Review
from web.review_pages import ADDED
from web.session_key import load_session_key
from web.sessions import Desk
from web.tables import TURNS


class Processes:
    """Two applications; every request of ``browser`` goes to the one that did not get the last."""

    def __init__(self, clinic: Clinic, data: Path, address: str) -> None:
        self.clinic = clinic
        self.databases = [Database(address) for _ in range(2)]
        self.journals = [Journal(database, kept="questions", days=30) for database in self.databases]
        self.apps = [self._app(data, number) for number in range(2)]
        self.next = 0

    def _app(self, data: Path, number: int) -> Flask:
        folder, database, journal = self.clinic.page.parent, self.databases[number], self.journals[number]
        desk = Desk(Accounts(database, method=QUICK), load_session_key(data))
        return create_app(bot.build(folder), desk=desk, journal=journal, review=Review(folder, journal, database))

    def open(self, client: FlaskClient, path: str, **form: str) -> TestResponse:
        """What the browser gets from whose turn it is; it sends ``form``, if there is any."""
        client.application = self.apps[self.next]
        self.next = 1 - self.next
        return client.post(path, data=form, headers=OURS) if form else client.get(path)

    def has(self, turn_id: str) -> bool:
        """Whether one of them has written it by now."""
        with self.clinic.database.begin(reading=True) as connection:
            return turn_id in connection.scalars(select(TURNS.c.turn_id))

    def browser(self, name: str) -> FlaskClient:
        """One in which ``name`` is signed in."""
        client = self.apps[0].test_client()
        assert self.open(client, "/desk/sign-in", name=name, password=PASSWORD).status_code == 303
        return client


@pytest.fixture
def processes(tmp_path: Path, database_address: str) -> Iterator[Processes]:
    """Of one clinic, whose database is once of each kind."""
    clinic = make_clinic(tmp_path, database_address=database_address)
    made = Processes(clinic, tmp_path / "data", database_address)
    yield made
    for journal in made.journals:
        journal.close()
    for database in (clinic.database, *made.databases):
        database.close()


def test_who_signed_in_at_one_works_at_both_and_is_out_of_both(processes: Processes) -> None:
    browser = processes.browser(DESK)

    pages = [processes.open(browser, "/desk") for _ in range(4)]
    processes.open(browser, "/desk/sign-out", really="yes")
    after = [processes.open(browser, "/desk") for _ in range(2)]

    assert [page.status_code for page in pages] == [200] * 4
    assert [page.status_code for page in after] == [303] * 2


def test_what_was_shown_by_one_is_published_by_the_other_and_undone_by_the_first(processes: Processes) -> None:
    turn_id = processes.clinic.ask()
    browser = processes.browser(EDITOR)
    address = f"/desk/review/questions/{turn_id}"
    form = {"passage": "page#blisters", "phrasing": QUESTION}

    group = processes.open(browser, address)
    rehearsal = processes.open(browser, f"{address}/change", shown=shown_in(group), **form)
    shown, version = shown_in(rehearsal), version_in(rehearsal)
    published = processes.open(browser, f"{address}/publish", shown=shown, version=version, **form)
    decisions = processes.open(browser, published.location)
    with_line = processes.clinic.page.read_text("utf-8")
    undone = processes.open(browser, "/desk/review/decisions/1/undo", really="yes")

    assert ADDED in text(decisions)
    assert QUESTION in with_line
    assert undone.status_code == 303
    assert processes.clinic.page.read_text("utf-8") == PAGE
    assert QUESTION in text(processes.open(browser, "/desk/review/questions"))


def test_a_vote_finds_the_turn_that_the_other_recorded(processes: Processes) -> None:
    one, other = (app.test_client() for app in processes.apps)

    turn_id = one.post("/api/chat", json={"message": QUESTION}).get_json()["turn_id"]
    eventually(lambda: processes.has(turn_id))
    vote = other.post("/api/feedback", json={"turn_id": turn_id, "helpful": False})

    assert vote.status_code == 204
    assert QUESTION in text(processes.open(processes.browser(EDITOR), f"/desk/review/questions/{turn_id}"))


def test_what_was_filed_at_one_is_taken_back_at_the_other(processes: Processes) -> None:
    browser = processes.browser(DESK)

    browser.application = processes.apps[0]
    filing = browser.post("/desk/api/filings", json={"query": QUESTION}, headers=OURS).get_json()["id"]
    browser.application = processes.apps[1]
    undone = [browser.delete(f"/desk/api/filings/{filing}", headers=OURS).status_code for _ in range(2)]

    assert undone == [204, 404]


def test_a_question_decided_at_one_is_off_the_list_of_the_other(processes: Processes) -> None:
    turn_id = processes.clinic.ask()
    browser = processes.browser(EDITOR)
    lists = [processes.open(browser, "/desk/review/questions") for _ in range(2)]

    group = processes.open(browser, f"/desk/review/questions/{turn_id}")
    processes.open(browser, f"/desk/review/questions/{turn_id}/decide", shown=shown_in(group), action="new_content")
    after = [processes.open(browser, "/desk/review/questions") for _ in range(2)]

    assert [QUESTION in text(page) for page in lists] == [True, True]
    assert [QUESTION in text(page) for page in after] == [False, False]


def test_an_account_that_is_taken_away_is_out_at_both_at_once(processes: Processes) -> None:
    browser = processes.browser(DESK)

    Accounts(processes.databases[0], method=QUICK).remove(DESK)
    pages = [processes.open(browser, "/desk") for _ in range(2)]

    assert [page.status_code for page in pages] == [303, 303]
