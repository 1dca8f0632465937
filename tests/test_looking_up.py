"""What phone staff see of a question: what a visitor would get, in the same order, and nothing that is withheld."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import bot
from bot import wording
from bot.answering import Answerer
from bot.looking_up import DeskRow, LookUp
from bot.quoting import quoted
from tests.conftest import ROOT

WriteCorpus = Callable[..., Path]

TODAY = date(2026, 11, 30)
JUDGED = [
    record["q"]
    for record in map(json.loads, (ROOT / "corpus/questions.jsonl").read_text("utf-8").splitlines())
    if "q" in record
]
SHOES = "Can worn-out running shoes lead to back pain?"
EMERGENCY = "I cannot pee and both legs are numb"
URGENT = "my calf is swollen and hot, which tablets help"
DOSE = "how many ibuprofen can I take for my back"


def _medicine(looked: LookUp) -> list[DeskRow]:
    return [row for row in looked.rows if row.medicine]


# ---- as visitors get it


@pytest.mark.parametrize("entry", range(20))
def test_the_first_row_is_what_the_chat_answers_with_for_every_question_of_the_faq(
    answerer: Answerer, entry: int
) -> None:
    passage = [passage for passage in answerer.passages if passage.doc_id == "faq"][entry]
    answer, looked = answerer.answer(passage.title), answerer.look_up(passage.title)

    assert answer.passage is not None
    assert (looked.answered, looked.rows[0].id, looked.rows[0].text) == (answer.passage.id,) * 2 + (passage.text,)


def test_kind_words_and_alert_are_the_chat_s_and_so_is_the_first_row(answerer: Answerer) -> None:
    kinds: list[str] = []
    for question in [*JUDGED[::3][:50], EMERGENCY, URGENT, DOSE, "zebra gleam quartz", "পিঠে ব্যথা"]:
        answer, looked = answerer.answer(question, today=TODAY), answerer.look_up(question, today=TODAY)

        assert (looked.kind, looked.message, looked.alert) == (answer.kind, answer.message, answer.alert)
        if answer.passage is None:
            assert looked.answered is None
        else:
            first = looked.rows[0]
            assert looked.answered == first.id == answer.passage.id
            assert (first.text, first.blocks) == (answer.passage.text, answer.passage.blocks)
            assert (first.citation, first.confidence) == (answer.citation, answer.confidence)
        kinds.append(answer.kind)
    assert set(kinds) == {"answer", "suggestions", "none"}


def test_the_rows_stand_in_the_order_of_the_index(answerer: Answerer) -> None:
    for question in JUDGED[:20]:
        looked = answerer.look_up(question, limit=7)

        assert [row.id for row in looked.rows] == [
            hit.passage.passage_id for hit in answerer.find(question, limit=7).hits
        ]


def test_a_document_is_picked_before_the_limit(answerer: Answerer) -> None:
    looked = answerer.look_up(SHOES, doc_id="when-to-get-help", limit=3)

    every = [hit.passage for hit in answerer.find(SHOES).hits]
    assert [row.id for row in looked.rows] == [p.passage_id for p in every if p.doc_id == "when-to-get-help"][:3]
    assert len(looked.rows) == 3
    assert (looked.kind, looked.answered) == ("answer", "faq#worn-shoes")
    assert answerer.look_up(SHOES, doc_id="none").rows == ()


def test_the_same_question_gives_the_same_rows(answerer: Answerer) -> None:
    assert answerer.look_up(URGENT, today=TODAY) == answerer.look_up(URGENT, today=TODAY)


# ---- beside an alert


def test_what_is_withheld_from_visitors_is_no_row_to_read_out(answerer: Answerer) -> None:
    for question in (URGENT, EMERGENCY, "I am pregnant, which pain tablets are good for my back"):
        looked = answerer.look_up(question, limit=60)

        assert looked.alert is not None
        assert _medicine(looked)
        for row in _medicine(looked):
            assert row.withheld
            assert (row.text, row.blocks, row.saying, row.citation) == (wording.WITHHELD, (), None, None)
            assert row.certainty == wording.NOT_TO_BE_READ_OUT
            (passage,) = (passage for passage in answerer.passages if passage.passage_id == row.id)
            assert passage.text[:40] not in repr(row)
        assert not any(row.withheld for row in looked.rows if not row.medicine)


def test_without_an_alert_nothing_is_withheld(answerer: Answerer) -> None:
    looked = answerer.look_up("which pain tablets are good for my back", limit=60)

    assert looked.alert is None
    assert _medicine(looked)
    assert not any(row.withheld for row in looked.rows)
    assert looked.caller is None


def test_an_emergency_stands_alone_and_says_what_to_do_for_the_caller(answerer: Answerer) -> None:
    looked = answerer.look_up(EMERGENCY)

    assert (looked.kind, looked.alone, looked.answered) == ("none", True, None)
    assert looked.caller == wording.CALLER["emergency"]


def test_what_to_do_for_the_caller_goes_by_the_level_and_a_crisis_has_its_own(answerer: Answerer) -> None:
    said = [answerer.look_up(one).caller for one in (URGENT, "I want to die", "my daughter is 12 and her back hurts")]

    assert said == [wording.CALLER["urgent"], wording.CALLER["crisis"], wording.CALLER["soon"]]


@pytest.mark.parametrize("said", wording.CALLER.values(), ids=wording.CALLER.keys())
def test_what_staff_do_is_plain_and_promises_nothing(said: str) -> None:
    assert "caller" in said
    assert not {"triage", "safe", "sure you", "diagnosis", "fine"} & set(said.casefold().split())
    assert max(len(sentence.split()) for sentence in said.split(". ")) <= 20


# ---- a row


PAGE = """\
---
title: Back pain
author: A. Author
---

## Shoes

### Old shoes {#old}

Old shoes may hurt your back. Many runners wear them. Sleep well.

<!-- also asked:
are my trainers to blame
-->

<!-- staff note:
Ask for the make.
-->

### Tablets {#tablets .medicine}

Ask a pharmacist about tablets. They may hurt. Read the leaflet.

## Sleep

Sleep on your side. Old shoes are for the door. Dream.
"""


@pytest.fixture
def small(write_corpus: WriteCorpus) -> Answerer:
    """Answers from one page."""
    return bot.build(
        write_corpus({"page.md": PAGE, "lexicon.toml": '[[group]]\nwords = ["sneakers", "shoes"]\n'}),
    )


def test_a_row_says_all_that_staff_need(small: Answerer) -> None:
    row = small.look_up("do old shoos hurt", today=TODAY).rows[0]

    passage = small.passages[0]
    assert (row.id, row.title, row.section) == ("page#old", "Old shoes", "Shoes › Old shoes")
    assert (row.document, row.doc_id, row.text) == ("Back pain", "page", passage.text)
    assert row.blocks == quoted(passage, small.find("do old shoos hurt").query.terms, small._analyzer).blocks
    assert row.saying is not None
    assert row.saying.text == "Old shoes may hurt your back."
    assert row.notes == ("Ask for the make.",)
    assert (row.medicine, row.withheld) == (False, False)
    assert row.citation is not None
    assert row.citation.author == "A. Author"


def test_medicine_and_help_are_said_whole(small: Answerer, answerer: Answerer) -> None:
    (tablets,) = (row for row in small.look_up("tablets").rows if row.id == "page#tablets")
    signs = answerer.look_up("when should I call 999 for back pain").rows[0]

    assert tablets.saying is not None
    assert tablets.saying.text == tablets.text
    assert signs.saying is not None
    assert (signs.doc_id, signs.saying.whole) == ("when-to-get-help", True)


def test_certainty_falls_with_the_confidence_and_only_the_best_of_all_is_very_likely(answerer: Answerer) -> None:
    order = [wording.ONLY_WORDS, wording.PERHAPS, wording.PROBABLY, wording.VERY_LIKELY]
    seen = set()
    for question in JUDGED[:60]:
        rows = [row for row in answerer.look_up(question).rows if not row.withheld]
        assert all(0 <= row.confidence <= 1 for row in rows)
        assert all(row.certainty != wording.VERY_LIKELY for row in rows[1:])
        ranked = sorted(rows[1:], key=lambda row: row.confidence)
        assert [order.index(row.certainty) for row in ranked] == sorted(order.index(row.certainty) for row in ranked)
        seen |= {row.certainty for row in rows}
    assert seen == set(order)


def test_a_row_of_a_picked_document_is_not_surer_for_being_first_there(answerer: Answerer) -> None:
    everywhere = {row.id: row for row in answerer.look_up(SHOES, limit=60).rows}

    for row in answerer.look_up(SHOES, doc_id="back-pain-after-running").rows:
        assert row == everywhere[row.id]


def test_where_fixed_wording_is_the_answer_no_row_is_called_one(answerer: Answerer) -> None:
    looked = answerer.look_up(DOSE)

    assert looked.fixed is not None
    assert (looked.fixed.sort, looked.message) == ("dose", wording.DOSE_OR_SUITABILITY)
    assert {(row.confidence, row.certainty) for row in looked.rows} == {(0.0, wording.ONLY_WORDS)}


# ---- why


WHY = {
    "its own words": ("do old shoes hurt", "your word “old”"),
    "a slip": ("do old shoos hurt", "spelling mended: “shoos” → “shoes”"),
    "a stand-in": ("old sneakers", "“sneakers” stands for “shoes”"),
    "two words in one": ("hurt oldshoes", "spelling mended: “oldshoes” → “Old shoes”"),
    "a listed question": ("are my trainers to blame?", "asked in these very words"),
    "another form of a word": ("many runner", "your word “runner”"),
    "a kind of question": ("which reasons have old shoes", "asks the same kind of thing: cause"),
}


@pytest.mark.parametrize(("question", "reason"), WHY.values(), ids=WHY.keys())
def test_a_row_says_why_in_words_as_people_write_them(small: Answerer, question: str, reason: str) -> None:
    (row,) = (row for row in small.look_up(question).rows if row.id == "page#old")

    assert reason in row.why


def test_there_are_at_most_four_reasons_and_the_strongest_stands_first(answerer: Answerer) -> None:
    for question in JUDGED[:40]:
        for row in answerer.look_up(question).rows:
            assert row.withheld or 1 <= len(row.why) <= 4
            assert len(set(row.why)) == len(row.why)
    assert answerer.look_up("McKenzie exercises").rows[0].why[0] == "your word “McKenzie”"
