"""The phone desk's page and its JSON interface."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot import wording
from bot.answering import Answerer
from tests.test_accounts import PASSWORD, QUICK
from web.accounts import Accounts
from web.app import create_app
from web.database import Database, database_url
from web.desk import ROWS
from web.journal import Journal
from web.privacy import Kept
from web.sessions import Desk
from web.tables import TURNS

OURS = {"Origin": "http://localhost"}
QUESTION = "How can worn-out running shoes lead to back pain?"
URGENT = "back pain and cant pee since morning"
TODAY = "my back hurts and I have a fever of 39, can I take over-the-counter pain relievers"
DOSE = "how much ibuprofen can I take"
MEDICINE = "over-the-counter pain relievers"
NOTE = "Do not name a dose on the phone"

Clinic = Callable[..., Flask]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty one."""
    database = Database(database_url("", tmp_path))
    yield database
    database.close()


@pytest.fixture
def clinic(answerer: Answerer, database: Database) -> Iterator[Clinic]:
    """Makes the application in one of the journal's modes; Mina is at the desk, Rafi is an editor."""
    accounts = Accounts(database, method=QUICK)
    accounts.add("mina", PASSWORD, "desk")
    accounts.add("rafi", PASSWORD, "editor")
    journals: list[Journal] = []

    def make(kept: Kept = "counts") -> Flask:
        journals.append(Journal(database, kept=kept, days=30))
        return create_app(answerer, desk=Desk(accounts, b"k" * 32), journal=journals[-1])

    yield make
    for journal in journals:
        journal.close()


def at_desk(app: Flask, name: str = "mina") -> FlaskClient:
    """A browser in which ``name`` has signed in."""
    client = app.test_client()
    done = client.post("/desk/sign-in", data={"name": name, "password": PASSWORD}, headers=OURS)
    assert done.status_code == 303
    return client


@pytest.fixture
def desk(clinic: Clinic) -> FlaskClient:
    """Mina's browser."""
    return at_desk(clinic())


def search(client: FlaskClient, query: str, **more: Any) -> Any:
    """What the desk is told of ``query``."""
    response = client.post("/desk/api/search", json={"query": query, **more}, headers=OURS)
    assert response.status_code == 200, response.text
    return response.json


def file(client: FlaskClient, query: str) -> TestResponse:
    return client.post("/desk/api/filings", json={"query": query}, headers=OURS)


def kept_turns(database: Database) -> list[Any]:
    """What stands in the journal."""
    with database.begin() as connection:
        return list(connection.execute(select(TURNS)))


# ---- the page


def test_the_page_says_who_is_signed_in_what_is_kept_and_the_standing_advice(desk: FlaskClient) -> None:
    page = desk.get("/desk").text

    assert "Signed in: <strong>mina</strong>" in page
    assert "Alt+N counts a look-up for the editor, without its words." in page
    assert wording.DISCLAIMER in page
    assert 'action="/desk/sign-out"' in page


def test_only_an_editor_sees_the_way_to_the_review(clinic: Clinic) -> None:
    app = clinic()

    assert "/desk/review" not in at_desk(app).get("/desk").text
    assert 'href="/desk/review"' in at_desk(app, "rafi").get("/desk").text


def test_the_page_may_run_our_scripts_only_and_be_framed_nowhere(desk: FlaskClient) -> None:
    response = desk.get("/desk")

    policy = response.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert {"require-trusted-types-for 'script'", "trusted-types 'none'"} <= set(policy)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", response.text)
    assert response.headers["Cache-Control"] == "no-store"


def test_scripts_make_no_markup_of_text_and_load_from_nowhere_else() -> None:
    folder = Path(__file__).resolve().parent.parent / "web" / "static" / "desk"
    scripts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.js")}

    assert "main.js" in scripts
    for name, script in scripts.items():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|https?://", script), name


@pytest.mark.parametrize(("kept", "said"), [("off", "Look-ups are not kept."), ("questions", "for up to 30 days")])
def test_the_privacy_line_is_that_of_the_setting(clinic: Clinic, kept: Kept, said: str) -> None:
    assert said in at_desk(clinic(kept)).get("/desk").text


def test_without_signing_in_there_is_neither_page_nor_interface(clinic: Clinic) -> None:
    client = clinic().test_client()

    assert client.get("/desk").headers["Location"] == "/desk/sign-in"
    assert client.post("/desk/api/search", json={"query": "x"}, headers=OURS).status_code == 401
    assert file(client, "x").status_code == 401
    assert client.delete(f"/desk/api/filings/{'0' * 32}", headers=OURS).status_code == 401


def test_another_site_can_neither_look_up_nor_file(clinic: Clinic, database: Database) -> None:
    client = at_desk(clinic())
    foreign = {"Origin": "https://evil.example"}

    assert client.post("/desk/api/search", json={"query": "x"}, headers=foreign).status_code == 403
    assert client.post("/desk/api/filings", json={"query": "x"}, headers=foreign).status_code == 403
    assert "Access-Control-Allow-Origin" not in client.post("/desk/api/search", json={}, headers=foreign).headers
    assert kept_turns(database) == []


# ---- looking up


def test_a_row_has_what_to_say_its_source_and_why_it_is_there(desk: FlaskClient) -> None:
    found = search(desk, QUESTION)

    assert set(found) == {
        *(
            "query",
            "kind",
            "answered",
            "fixed",
            "message",
            "alert",
            "alone",
            "rows",
            "corpus_version",
            "took_ms",
            "broken",
        )
    }
    assert (found["query"], found["kind"], found["answered"]) == (QUESTION, "answer", "faq#worn-shoes")
    assert len(found["rows"]) == ROWS
    first = found["rows"][0]
    assert set(first) == {
        *("id", "title", "section", "document", "doc_id", "text", "blocks", "saying", "notes", "medicine"),
        *("citation", "confidence", "certainty", "why", "withheld"),
    }
    assert first["saying"]["text"] == "There is no good proof that worn-out shoes cause back pain."
    assert first["saying"]["text"] in first["text"]
    assert first["citation"]["url"] == "/sources/faq#worn-shoes"
    assert first["certainty"] == wording.VERY_LIKELY
    assert "your word “shoes”" in first["why"]
    assert found["took_ms"] > 0


def test_the_same_question_gives_the_same_rows(desk: FlaskClient) -> None:
    assert search(desk, QUESTION)["rows"] == search(desk, QUESTION)["rows"]


def test_one_document_can_be_looked_in(desk: FlaskClient) -> None:
    found = search(desk, QUESTION, document="back-pain-after-running")

    assert {row["doc_id"] for row in found["rows"]} == {"back-pain-after-running"}


@pytest.mark.parametrize("query", ["", " ", "?", "\t"])
def test_what_says_nothing_finds_nothing(desk: FlaskClient, query: str) -> None:
    found = search(desk, query)

    assert (found["rows"], found["alert"], found["kind"]) == ([], None, "none")


def test_medicine_is_said_whole_and_its_note_stands_apart_from_every_text(desk: FlaskClient) -> None:
    row = search(desk, MEDICINE)["rows"][0]

    assert row["medicine"]
    assert row["saying"] == {**row["saying"], "text": row["text"], "whole": True}
    assert NOTE in " ".join(row["notes"])
    assert NOTE not in json.dumps([row["text"], row["blocks"], row["saying"]])


def test_fixed_wording_of_visitors_comes_with_the_rows(desk: FlaskClient) -> None:
    found = search(desk, DOSE)

    assert found["fixed"] == {"sort": "dose", "message": wording.DOSE_OR_SUITABILITY}
    assert found["rows"]


def test_a_safety_message_that_stands_alone_has_no_rows_until_staff_answer_it(desk: FlaskClient) -> None:
    alone = search(desk, URGENT)
    answered = search(desk, URGENT, acknowledged=[alone["alert"]["rule"]])

    assert (alone["alone"], alone["rows"], alone["alert"]["level"]) == (True, [], "emergency")
    assert alone["alert"]["caller"] == wording.CALLER["emergency"]
    assert alone["alert"]["phones"][0]["tel"] == "999"
    assert (answered["alone"], answered["alert"]["placement"]) == (False, "before")
    assert answered["rows"]


def test_the_alert_is_what_visitors_get(desk: FlaskClient) -> None:
    seen = search(desk, TODAY)["alert"]
    visitors = desk.post("/api/chat", json={"message": TODAY}).json

    assert visitors is not None
    assert {**seen, "caller": None} == {**visitors["alert"], "caller": None}
    assert seen["caller"] == wording.CALLER["urgent"]


def test_a_withheld_row_has_the_reason_and_nothing_to_read_out(desk: FlaskClient) -> None:
    (row, *_) = [row for row in search(desk, TODAY)["rows"] if row["withheld"]]

    assert (row["text"], row["blocks"], row["saying"], row["citation"]) == (wording.WITHHELD, [], None, None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "query"),
        ({"query": 5}, "query"),
        ({"query": "x" * 501}, "query"),
        ({"query": "x", "document": "no-such"}, "document"),
        ({"query": "x", "document": ""}, "document"),
        ({"query": "x", "acknowledged": "nerve"}, "acknowledged"),
        ({"query": "x", "limit": 50}, "limit"),
    ],
)
def test_a_wrong_body_is_refused_by_field(desk: FlaskClient, body: dict[str, Any], field: str) -> None:
    response = desk.post("/desk/api/search", json=body, headers=OURS)

    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    assert response.json is not None
    assert response.json["errors"][0]["field"] == field


def test_a_refused_question_still_raises_its_safety_message(desk: FlaskClient) -> None:
    response = desk.post("/desk/api/search", json={"query": f"{URGENT} {'more ' * 100}"}, headers=OURS)

    assert response.status_code == 422
    assert response.json is not None
    assert response.json["alert"]["caller"] == wording.CALLER["emergency"]


def test_a_thought_of_dying_has_words_of_its_own_for_the_caller(desk: FlaskClient) -> None:
    assert search(desk, "caller says I want to die")["alert"]["caller"] == wording.CALLER["crisis"]


# ---- notes for staff stay at the desk


@pytest.mark.parametrize("path", ["/api/chat", "/api/search", "/api/suggest"])
def test_no_note_for_staff_leaves_by_the_public_interface(desk: FlaskClient, path: str) -> None:
    for asked in (MEDICINE, NOTE, "Read this to the end"):
        body = {"message" if path == "/api/chat" else "query": asked}
        response = desk.post(path, json=body)

        assert response.status_code == 200
        assert "do not say whether a tablet suits" not in response.text
        assert "warning about tablets comes last" not in response.text


@pytest.mark.parametrize("page", ["/", "/chat", "/sources/faq", "/sources/back-pain-after-running", "/api/config"])
def test_no_page_for_visitors_has_a_note_for_staff(desk: FlaskClient, page: str) -> None:
    text = desk.get(page).text

    assert "do not say whether a tablet suits" not in text
    assert "warning about tablets comes last" not in text


# ---- filing


@pytest.mark.parametrize(
    ("kept", "what"),
    [("off", "nothing"), ("counts", "count"), ("questions", "question")],
    ids=["off", "counts", "questions"],
)
def test_how_much_of_a_filed_question_is_kept_is_the_setting_and_is_said(
    clinic: Clinic, database: Database, kept: Kept, what: str
) -> None:
    response = file(at_desk(clinic(kept)), "does my knee clicking matter? call 01712345678")

    assert response.json is not None
    assert response.json == {"id": response.json["id"], "kept": what, "message": wording.FILED[what]}
    turns = kept_turns(database)
    if what == "nothing":
        assert (response.json["id"], turns) == (None, [])
    else:
        (turn,) = turns
        assert (turn.turn_id, turn.channel, turn.filed) == (response.json["id"], "desk", True)
        assert turn.question == ("does my knee clicking matter? call [phone]" if what == "question" else None)


def test_words_that_raise_a_safety_message_are_counted_without_the_words_and_that_is_said(
    clinic: Clinic, database: Database
) -> None:
    response = file(at_desk(clinic("questions")), URGENT)

    assert response.json is not None
    assert response.json["message"] == wording.FILED["urgent"]
    (turn,) = kept_turns(database)
    assert (turn.question, bool(turn.rule)) == (None, True)


def test_a_filing_has_the_passage_that_a_visitor_would_get(clinic: Clinic, database: Database) -> None:
    file(at_desk(clinic()), QUESTION)

    (turn,) = kept_turns(database)
    assert (turn.kind, turn.passage_id) == ("answer", "faq#worn-shoes")


def test_a_filing_is_taken_back_once(clinic: Clinic, database: Database) -> None:
    client = at_desk(clinic("questions"))
    filed = file(client, QUESTION).json
    assert filed is not None

    first = client.delete(f"/desk/api/filings/{filed['id']}", headers=OURS)
    second = client.delete(f"/desk/api/filings/{filed['id']}", headers=OURS)

    assert (first.status_code, first.data, second.status_code) == (204, b"", 404)
    assert kept_turns(database) == []


@pytest.mark.parametrize("query", ["", "  ", "x" * 501])
def test_nothing_to_read_is_not_filed(desk: FlaskClient, query: str) -> None:
    assert file(desk, query).status_code == 422


def test_no_word_of_a_question_reaches_the_log(desk: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        search(desk, "zebrafish backache")
        file(desk, "zebrafish backache")

    assert "zebrafish" not in caplog.text
