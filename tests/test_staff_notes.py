"""Notes for staff reach nobody else: no page, no reply, no search, no report, not even a mended word."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

import bot
from bot.answering import Answerer
from bot.evaluation import evaluate, run_json
from bot.judged import JudgedQuestion
from bot.report import report
from bot.summary import summary
from server import cli
from web.app import create_app

WriteCorpus = Callable[..., Path]

SHOWN, HIDDEN = "marzipanically", "quetzalcoatlish"
NOTE = f"{SHOWN} {HIDDEN}"
PAGE = f"""\
# Running

## Can old shoes hurt my back? {{#shoes}}

Old shoes may hurt your back.

<!-- also asked:
are my worn trainers to blame
-->

<!-- staff note:
{NOTE}
-->

## Sleep {{#sleep}}

{"Sleep on your side. " * 70}

<!-- staff notes:
{HIDDEN} first
-->
"""
QUESTIONS = ("Can old shoes hurt my back?", "Sleep", f"{SHOWN} shoes", SHOWN, f"old shoes {SHOWN[:-1]}", f"{SHOWN[:5]}")


@pytest.fixture
def folder(write_corpus: WriteCorpus) -> Path:
    """A corpus of two sections with notes, the second in parts."""
    return write_corpus({"page.md": PAGE})


@pytest.fixture
def noted(folder: Path) -> Answerer:
    """Answers from it."""
    return bot.build(folder)


@pytest.fixture
def unnoted(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """The same without its notes."""
    folder = tmp_path_factory.mktemp("without")
    (folder / "page.md").write_text(PAGE.replace(NOTE, "").replace(f"{HIDDEN} first", ""), "utf-8")
    return bot.build(folder)


def _judged() -> list[JudgedQuestion]:
    return [JudgedQuestion(question, (), {"page#shoes": 2}, "all") for question in QUESTIONS]


def _everything_served(app: Flask) -> Iterator[str]:
    """Every route's reply: pages and files, and each question in each way that it can be asked."""
    client = app.test_client()
    paths = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments}
    for path in sorted(paths | {"/sources/page", "/sources/none"}):
        with client.get(path) as reply:
            yield reply.get_data(as_text=True)
    for question in QUESTIONS:
        yield client.post("/api/chat", json={"message": question, "context": ["shoes"]}).text
        yield client.post("/api/search", json={"query": question, "limit": 50}).text
        yield client.post("/api/suggest", json={"query": question}).text
        yield client.post("/chat", data={"message": question}).text


def test_every_part_of_a_section_has_its_notes(noted: Answerer) -> None:
    assert [(passage.anchor, passage.notes) for passage in noted.passages] == [
        ("shoes", (NOTE,)),
        *[(anchor, (f"{HIDDEN} first",)) for anchor in ("sleep", "sleep~2", "sleep~3")],
    ]


def test_notes_change_nothing_else_of_a_passage(noted: Answerer, unnoted: Answerer) -> None:
    assert tuple(replace(passage, notes=()) for passage in noted.passages) == unnoted.passages


def test_no_route_shows_a_note_also_where_the_question_has_its_words(noted: Answerer) -> None:
    served = list(_everything_served(create_app(noted)))

    assert any("Old shoes may hurt your back." in reply for reply in served)  # what is read is really read
    assert not any(HIDDEN in reply for reply in served)


def test_a_note_is_not_searched_and_mends_no_word(noted: Answerer, unnoted: Answerer) -> None:
    for question in QUESTIONS:
        with_notes, without = noted.find(question), unnoted.find(question)
        assert with_notes.query == without.query
        assert with_notes.judgment == without.judgment
        assert [(hit.passage.passage_id, hit.score) for hit in with_notes.hits] == [
            (hit.passage.passage_id, hit.score) for hit in without.hits
        ]
    assert noted.find(SHOWN).hits == ()
    assert noted.suggest(SHOWN[:3]) == ()


def test_an_answer_has_no_note(noted: Answerer) -> None:
    answers = [noted.answer(question) for question in QUESTIONS]

    assert answers[0].kind == "answer"
    assert HIDDEN not in repr(answers)
    assert HIDDEN not in repr([noted.search(question) for question in QUESTIONS])


@pytest.mark.parametrize("option", [[], ["--explain"], ["--json"]], ids=["plain", "explained", "as JSON"])
def test_the_command_ask_shows_no_note(folder: Path, option: list[str]) -> None:
    for question in QUESTIONS:
        result = CliRunner().invoke(cli, ["ask", question, "--corpus", str(folder), *option])

        assert result.exit_code in (0, 1), result.output  # 1: no passage answers
        assert result.stdout
        assert HIDDEN not in result.output


def test_the_command_check_shows_no_note(folder: Path) -> None:
    assert HIDDEN not in CliRunner().invoke(cli, ["check", "--corpus", str(folder)]).output


def test_no_evaluation_or_report_has_a_note(noted: Answerer) -> None:
    evaluation = evaluate(noted, _judged())

    for written in (run_json(evaluation), report(evaluation, None), summary(evaluation, None, shown=None, width=88)):
        assert "shoes" in written  # what is read is really read
        assert HIDDEN not in written
