"""What the routes note of a question and of whether its answer helped, with a real journal behind them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Row, select

from bot import wording
from bot.answering import Answerer
from tests.waiting import with_tables
from web import feedback
from web.app import create_app
from web.counts import Counts
from web.database import Database, database_url
from web.journal import Journal
from web.privacy import Kept
from web.tables import TURNS

QUESTION = "How can worn-out running shoes lead to back pain?"
URGENT = "back pain and cant pee since morning"
COMMENT = "I wanted to know about insoles, call me on 01712 345678"


class Desk:
    """An application with a journal in a folder of its own, and what stands in it."""

    def __init__(self, answerer: Answerer, data: Path, kept: Kept) -> None:
        self.database = with_tables(Database(database_url("", data)), kept)
        self.journal = Journal(self.database, kept=kept, days=30)
        self.counts = Counts()
        self.client: FlaskClient = create_app(answerer, journal=self.journal, counts=self.counts).test_client()

    def ask(self, question: str = QUESTION, **more: Any) -> Any:
        return self.client.post("/api/chat", json={"message": question, **more}).get_json()

    def tell(self, **vote: Any) -> Any:
        return self.client.post("/api/feedback", json=vote)

    def rows(self) -> list[Row[Any]]:
        """All that is in the journal, once all is written."""
        self.journal.close()
        with self.database.begin(reading=True) as connection:
            return [*connection.execute(select(TURNS))]


@pytest.fixture
def desk(answerer: Answerer, tmp_path: Path) -> Iterator[Callable[[Kept], Desk]]:
    """``desk("counts")``: an application that keeps so much."""
    made: list[Desk] = []

    def make(kept: Kept) -> Desk:
        made.append(Desk(answerer, tmp_path / "data", kept))
        return made[-1]

    yield make
    for one in made:
        one.journal.close()
        one.database.close()


# ---- what is noted


def test_a_question_is_noted_with_its_channel_kind_and_passage_and_without_its_words(
    desk: Callable[[Kept], Desk],
) -> None:
    here = desk("counts")

    reply = here.ask(channel="widget")
    here.client.post("/chat", data={"message": "my back"})

    [one, other] = sorted(here.rows(), key=lambda row: row.channel, reverse=True)
    assert (one.turn_id, one.channel, one.kind) == (reply["turn_id"], "widget", "answer")
    assert (one.passage_id, one.rule, one.question) == (reply["passage"]["id"], None, None)
    assert (other.channel, other.kind, other.passage_id) == ("page", "suggestions", None)


def test_a_message_that_raised_an_alert_is_noted_by_its_rule_alone(desk: Callable[[Kept], Desk]) -> None:
    here = desk("questions")

    reply = here.ask(URGENT)

    [row] = here.rows()
    assert (row.rule, row.question, row.kind) == (reply["alert"]["rule"], None, "none")


def test_words_within_an_acknowledged_emergency_are_not_noted_either(desk: Callable[[Kept], Desk]) -> None:
    here = desk("questions")

    reply = here.ask("since the morning it got worse what now", context=[URGENT], acknowledged=["cauda_equina"])

    assert "raised" not in reply
    [row] = here.rows()
    assert (row.rule, row.question, row.shown) == ("cauda_equina", None, None)


@pytest.mark.parametrize("path", ["/api/search", "/api/suggest"])
def test_what_is_looked_up_or_begun_is_never_noted(desk: Callable[[Kept], Desk], path: str) -> None:
    here = desk("questions")

    assert here.client.post(path, json={"query": QUESTION}).status_code == 200

    assert here.rows() == []


def test_what_is_refused_is_never_noted(desk: Callable[[Kept], Desk]) -> None:
    here = desk("questions")

    assert here.client.post("/api/chat", json={"message": "x" * 501}).status_code == 422
    assert here.client.post("/chat", data={"message": "x" * 501}).status_code == 422

    assert here.rows() == []


def test_where_the_journal_is_off_there_is_nothing_to_vote_on(desk: Callable[[Kept], Desk], tmp_path: Path) -> None:
    here = desk("off")

    assert here.ask()["turn_id"] is None
    assert "Did this help" not in here.client.post("/chat", data={"message": QUESTION}).text
    assert here.tell(turn_id="a", helpful=True).status_code == 404
    assert not (tmp_path / "data").exists()


# ---- votes


@pytest.mark.parametrize("helpful", [True, False])
def test_a_vote_is_stored_with_its_turn(desk: Callable[[Kept], Desk], helpful: bool) -> None:
    here = desk("counts")

    response = here.tell(turn_id=here.ask()["turn_id"], helpful=helpful)

    assert (response.status_code, response.data) == (204, b"")
    assert [row.helpful for row in here.rows()] == [helpful]


def test_who_votes_again_has_changed_their_mind_and_still_one_vote(desk: Callable[[Kept], Desk]) -> None:
    here = desk("counts")
    turn_id = here.ask()["turn_id"]

    here.tell(turn_id=turn_id, helpful=True)
    here.tell(turn_id=turn_id, helpful=False)

    assert [row.helpful for row in here.rows()] == [False]


def test_a_vote_on_no_answer_of_ours_is_refused(desk: Callable[[Kept], Desk]) -> None:
    response = desk("counts").tell(turn_id="nobody-s", helpful=True)

    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert response.get_json()["detail"] == feedback.NO_SUCH_ANSWER


@pytest.mark.parametrize(
    ("vote", "field"),
    [
        ({"helpful": True}, "turn_id"),
        ({"turn_id": "a"}, "helpful"),
        ({"turn_id": "a", "helpful": "yes"}, "helpful"),
        ({"turn_id": "", "helpful": True}, "turn_id"),
        ({"turn_id": "a" * 65, "helpful": True}, "turn_id"),
        ({"turn_id": "a", "helpful": True, "comment": " "}, "comment"),
        ({"turn_id": "a", "helpful": True, "comment": "x" * 501}, "comment"),
        ({"turn_id": "a", "helpful": True, "name": "x"}, "name"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_vote_that_cannot_be_read_names_the_field(
    desk: Callable[[Kept], Desk], vote: dict[str, Any], field: str
) -> None:
    response = desk("questions").tell(**vote)

    assert response.status_code == 422
    assert [error["field"] for error in response.get_json()["errors"]] == [field]


def test_a_vote_that_cannot_be_stored_says_so_and_questions_are_answered_all_the_same(
    desk: Callable[[Kept], Desk], tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    here = desk("counts")

    reply = here.ask()
    response = here.tell(turn_id=reply["turn_id"], helpful=True)

    assert reply["kind"] == "answer"
    assert (response.status_code, response.get_json()["detail"]) == (503, feedback.NOT_STORED)


def test_votes_are_limited_by_address(answerer: Answerer) -> None:
    client = create_app(answerer, rate_limit=2).test_client()

    statuses = [client.post("/api/feedback", json={"turn_id": "a", "helpful": True}).status_code for _ in range(3)]

    assert statuses == [404, 404, 429]


# ---- comments


def test_a_comment_is_kept_with_the_vote_and_without_numbers_to_call(desk: Callable[[Kept], Desk]) -> None:
    here = desk("questions")

    assert here.tell(turn_id=here.ask()["turn_id"], helpful=False, comment=COMMENT).status_code == 204

    [row] = here.rows()
    assert row.comment == "I wanted to know about insoles, call me on [phone]"


@pytest.mark.parametrize("kept", ["off", "counts"])
def test_where_comments_are_not_kept_one_is_refused_with_its_vote(desk: Callable[[Kept], Desk], kept: Kept) -> None:
    here = desk(kept)

    response = here.tell(turn_id=here.ask()["turn_id"] or "a", helpful=False, comment=COMMENT)

    assert response.status_code == 422
    assert response.get_json()["errors"] == [{"field": "comment", "message": feedback.NO_COMMENTS}]
    assert kept == "off" or [row.helpful for row in here.rows()] == [None]
    assert here.client.get("/api/config").get_json()["comment"] is None


def test_a_comment_that_speaks_of_urgent_signs_gets_their_card_and_is_not_kept(desk: Callable[[Kept], Desk]) -> None:
    here = desk("questions")

    response = here.tell(turn_id=here.ask()["turn_id"], helpful=False, comment=URGENT)

    assert response.status_code == 200
    assert response.get_json()["alert"]["level"] == "emergency"
    [row] = here.rows()
    assert (row.helpful, row.comment) == (False, None)


def test_beside_a_safety_message_a_comment_is_neither_asked_for_nor_taken(desk: Callable[[Kept], Desk]) -> None:
    here = desk("questions")
    urgent = "my back hurts and I have a fever of 39"

    page = here.client.post("/chat", data={"message": urgent}).text
    response = here.tell(turn_id=here.ask(urgent)["turn_id"], helpful=True, comment=COMMENT)

    assert "Did this help" in page
    assert 'name="comment"' not in page
    assert response.status_code == 422
    assert [(row.helpful, row.comment) for row in here.rows()] == [(None, None)] * 2


def test_a_refused_comment_gets_its_card_too(desk: Callable[[Kept], Desk]) -> None:
    here = desk("counts")

    response = here.tell(turn_id=here.ask()["turn_id"], helpful=False, comment=URGENT)

    assert response.status_code == 422
    assert response.get_json()["alert"]["level"] == "emergency"
    assert dict(here.counts.alerts())["emergency",] == 1


def test_a_comment_that_is_too_long_or_comes_too_often_is_refused_below_its_card(answerer: Answerer) -> None:
    counts = Counts()
    client = create_app(answerer, rate_limit=1, counts=counts).test_client()
    too_long = f"{URGENT} {'and so on ' * 60}"

    refused = [
        client.post("/api/feedback", json={"turn_id": "a", "helpful": False, "comment": comment})
        for comment in (too_long, URGENT)
    ]
    pages = [
        client.post("/chat/feedback", data=form, environ_base={"REMOTE_ADDR": "192.0.2.1"})
        for form in ({"helpful": "no", "turn_id": "a", "comment": too_long}, {"comment": URGENT})
    ]

    assert [reply.status_code for reply in (*refused, *pages)] == [422, 429, 422, 429]
    assert [reply.get_json()["alert"]["rule"] for reply in refused] == ["cauda_equina"] * 2
    for page in pages:
        assert 'class="alert emergency"' in page.text
        assert "tel:999" in page.text
    assert dict(counts.alerts())["emergency",] == 4


def test_the_configuration_says_what_is_kept_of_a_comment(desk: Callable[[Kept], Desk]) -> None:
    config = desk("questions").client.get("/api/config").get_json()

    assert "30 days" in config["comment"]
    assert "30 days" in config["privacy"]


# ---- the page without JavaScript


def turn_on(page: str) -> str:
    """The turn that the page's form votes on."""
    return page.partition('name="turn_id" value="')[2].partition('"')[0]


@pytest.mark.parametrize(("pressed", "helpful"), [("yes", True), ("no", False)])
def test_the_page_takes_a_vote_and_says_what_helps_now(
    desk: Callable[[Kept], Desk], pressed: str, helpful: bool
) -> None:
    here = desk("counts")
    page = here.client.post("/chat", data={"message": QUESTION}).text

    response = here.client.post("/chat/feedback", data={"turn_id": turn_on(page), "helpful": pressed})

    assert response.status_code == 200
    assert (wording.GLAD if helpful else wording.SORRY) in response.text
    assert [row.helpful for row in here.rows()] == [helpful]


def test_the_page_asks_for_a_comment_only_where_it_is_kept(desk: Callable[[Kept], Desk]) -> None:
    here = desk("questions")
    page = here.client.post("/chat", data={"message": QUESTION}).text

    form = {"turn_id": turn_on(page), "helpful": "no", "comment": COMMENT}
    response = here.client.post("/chat/feedback", data=form)

    assert 'name="comment"' in page
    assert response.status_code == 200
    assert [row.comment for row in here.rows()] == ["I wanted to know about insoles, call me on [phone]"]
    assert 'name="comment"' not in desk("counts").client.post("/chat", data={"message": QUESTION}).text


def test_the_page_shows_the_card_that_a_comment_raises(desk: Callable[[Kept], Desk]) -> None:
    here = desk("questions")
    page = here.client.post("/chat", data={"message": QUESTION}).text

    form = {"turn_id": turn_on(page), "helpful": "no", "comment": URGENT}
    response = here.client.post("/chat/feedback", data=form)

    assert "Emergency: get help now" in response.text
    assert "tel:999" in response.text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"turn_id": "nobody-s", "helpful": "yes"}, 404),
        ({"turn_id": "nobody-s"}, 422),
        ({"helpful": "yes"}, 422),
        ({"turn_id": "a" * 65, "helpful": "yes"}, 422),
        ({"turn_id": "nobody-s", "helpful": "yes", "comment": "x" * 501}, 422),
    ],
    ids=["nobody's", "no vote", "no turn", "long", "long comment"],
)
def test_the_page_says_what_is_wrong_with_a_vote(
    desk: Callable[[Kept], Desk], form: dict[str, str], status: int
) -> None:
    response = desk("questions").client.post("/chat/feedback", data=form)

    assert response.status_code == status
    assert "<strong>Error:</strong>" in response.text
