"""A question becomes an answer."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot import wording
from bot.answering import Answerer
from bot.reply import Answer, Contact, HelpLink
from bot.showing import MAX_ALTERNATIVES

WriteCorpus = Callable[..., Path]

TODAY = date(2026, 11, 22)

ANSWERED = "Can worn-out running shoes lead to back pain?"
UNSURE = "my back"  # a word that many passages have, and no more
NOT_COVERED = "zebra gleam quartz"

PAGE = """\
---
title: Back pain
author: A. Author
reviewed: 2025-11-01
next_review: 2026-11-21
---

## Old shoes {#shoes}

Old shoes may hurt your back.[^2]

## Rest {#rest}

Rest your back after a long run.

## Sleep {#sleep}

Sleep on your side.

[^2]: A paper. <https://a.example/>

[^3]: Another paper.
"""


@pytest.fixture
def small(write_corpus: WriteCorpus) -> Answerer:
    """Answers from one page of three passages."""
    return bot.build(write_corpus({"page.md": PAGE}))


# ---- the three kinds


def test_a_question_that_a_passage_answers_gets_it_word_for_word_with_its_source(small: Answerer) -> None:
    answer = small.answer("Do old shoes hurt?", today=TODAY)

    assert (answer.kind, answer.message) == ("answer", None)
    assert answer.passage is not None
    assert (answer.passage.id, answer.passage.title) == ("page#shoes", "Old shoes")
    assert answer.passage.text == "Old shoes may hurt your back."
    assert [block.highlights for block in answer.passage.blocks] == [((0, 3), (4, 9), (14, 18))]
    assert answer.citation is not None
    assert (answer.citation.document, answer.citation.section) == ("Back pain", "Old shoes")
    assert answer.citation.url == "/sources/page#shoes"
    assert (answer.citation.author, answer.citation.reviewed) == ("A. Author", date(2025, 11, 1))
    assert [(reference.number, reference.url) for reference in answer.citation.references] == [
        (2, "https://a.example/")
    ]


def test_a_question_that_is_not_covered_gets_fixed_words_and_nothing_else(small: Answerer) -> None:
    answer = small.answer(NOT_COVERED)

    assert (answer.kind, answer.message, answer.confidence) == ("none", wording.NOT_COVERED, 0.0)
    assert (answer.passage, answer.citation, answer.alternatives) == (None, None, ())


def test_a_question_that_says_too_little_gets_suggestions_best_first(small: Answerer) -> None:
    answer = small.answer(UNSURE)

    assert (answer.kind, answer.message) == ("suggestions", wording.NOT_SURE)
    assert 0 < answer.confidence == small.find(UNSURE).judgment.confidence < 1
    assert (answer.passage, answer.citation) == (None, None)
    assert [(other.id, other.title, other.snippet) for other in answer.alternatives] == [
        ("page#shoes", "Old shoes", "Old shoes may hurt your back."),  # the shorter text
        ("page#rest", "Rest", "Rest your back after a long run."),
    ]


@pytest.mark.parametrize("question", ["", " ", "?!", "the of and", "\x00", "😀", "\ud800"])
def test_a_question_without_a_word_to_search_is_not_covered(small: Answerer, question: str) -> None:
    assert small.answer(question).kind == "none"


def test_other_hits_are_offered_beside_an_answer_but_not_the_answer_itself(small: Answerer) -> None:
    answer = small.answer("rest my back")

    assert answer.passage is not None
    assert answer.passage.id == "page#rest"
    assert [other.id for other in answer.alternatives] == ["page#shoes"]


@pytest.mark.parametrize("question", ["back pain running shoes", UNSURE])
def test_of_many_hits_there_are_as_many_alternatives_as_we_say(answerer: Answerer, question: str) -> None:
    answer, hits = answerer.answer(question), answerer.find(question).hits

    best = [hit.passage.passage_id for hit in hits if not answer.passage or hit.passage.passage_id != answer.passage.id]
    assert len(best) > MAX_ALTERNATIVES
    assert [other.id for other in answer.alternatives] == best[:MAX_ALTERNATIVES]


def _hold_promises(answer: Answer, answerer: Answerer) -> None:
    """What is true of every answer, whatever was asked."""
    corpus = answerer.corpus
    answered = answer.kind == "answer"
    alone = answer.alert is not None and answer.alert.placement == "replace"
    assert (answer.passage is not None) is (answer.citation is not None) is answered
    assert (answer.message is None) is (answered or alone)
    assert not (alone and (answered or answer.alternatives or answer.contact))
    assert answer.disclaimer == corpus.clinic.disclaimer != ""
    assert answer.help == HelpLink(wording.HELP_TITLE, "/sources/when-to-get-help")
    assert alone or answer.contact == Contact(corpus.clinic.name, corpus.clinic.phone or "")
    assert answer.corpus_version == corpus.version
    assert answer.turn_id is None
    assert 0 <= answer.confidence <= 1
    ids = [other.id for other in answer.alternatives]
    assert len(set(ids)) == len(ids) <= MAX_ALTERNATIVES
    assert (answer.kind != "none") or ids == []
    assert (answer.kind != "suggestions") or ids != []
    if answer.passage and answer.citation:
        (own,) = [passage for passage in answerer.passages if passage.passage_id == answer.passage.id]
        assert answer.passage.id not in ids
        assert answer.passage.text == own.text == " ".join(block.text for block in answer.passage.blocks)
        assert (answer.citation.hash, answer.citation.references) == (own.content_hash, own.references)


questions_of_known_words = st.lists(
    st.sampled_from("back pain run shoes rest how why zebra gleam sciatica doctor yoga the ব্যথা 😀 quartz".split()),
    max_size=8,
).map(" ".join)


@settings(max_examples=50, deadline=None)
@given(question=st.one_of(questions_of_known_words, st.text(alphabet="backpin?'’é\u0301ব্যথা😀\n\x00 ", max_size=40)))
def test_every_answer_holds_what_we_promise(answerer: Answerer, question: str) -> None:
    _hold_promises(answerer.answer(question), answerer)


@pytest.mark.parametrize(("question", "kind"), [(ANSWERED, "answer"), (UNSURE, "suggestions"), (NOT_COVERED, "none")])
def test_each_kind_can_be_had_and_holds_what_we_promise(answerer: Answerer, question: str, kind: str) -> None:
    answer = answerer.answer(question)

    assert answer.kind == kind
    _hold_promises(answer, answerer)


@pytest.mark.parametrize("question", [ANSWERED, UNSURE, NOT_COVERED])
def test_the_same_question_gets_the_same_answer_also_from_a_new_answerer(
    answerer: Answerer, corpus_folder: Path, question: str
) -> None:
    first = answerer.answer(question, today=TODAY)

    assert answerer.answer(question, today=TODAY) == first
    assert bot.build(corpus_folder).answer(question, today=TODAY) == first


# ---- what goes along


def test_what_the_corpus_lacks_is_not_made_up(small: Answerer) -> None:
    answer = small.answer("Do old shoes hurt?")

    assert (answer.help, answer.contact) == (None, None)
    assert answer.disclaimer == wording.DISCLAIMER


def test_the_clinic_s_own_disclaimer_and_telephone_go_with_every_kind(write_corpus: WriteCorpus) -> None:
    toml = 'name = "A clinic"\nphone = "01 23"\ndisclaimer = "Ask us."'
    answerer = bot.build(write_corpus({"page.md": PAGE, "clinic.toml": toml}))

    for question, kind in (("Do old shoes hurt?", "answer"), (UNSURE, "suggestions"), (NOT_COVERED, "none")):
        answer = answerer.answer(question)
        assert answer.kind == kind
        assert (answer.disclaimer, answer.contact) == ("Ask us.", Contact("A clinic", "01 23"))


@pytest.mark.parametrize(("today", "overdue"), [(date(2026, 11, 21), False), (TODAY, True), (None, False)])
def test_the_day_decides_whether_a_review_is_overdue(small: Answerer, today: date | None, overdue: bool) -> None:
    citation = small.answer("Do old shoes hurt?", today=today).citation

    assert citation is not None
    assert citation.overdue is overdue


# ---- search


def test_a_search_lists_hits_best_first_each_with_its_source(small: Answerer) -> None:
    found = small.search("rest your back", today=TODAY)

    assert [row.id for row in found] == ["page#rest", "page#shoes"]
    assert [row.score for row in found] == sorted((row.score for row in found), reverse=True)
    best = found[0]
    assert (best.title, best.text) == ("Rest", "Rest your back after a long run.")
    assert best.confidence == small.find("rest your back").judgment.confidence > found[1].confidence > 0
    assert [best.text[start:end] for start, end in best.highlights] == ["Rest", "back"]
    assert (best.citation.url, best.citation.overdue) == ("/sources/page#rest", True)


def test_a_search_keeps_to_its_limit(answerer: Answerer) -> None:
    every = answerer.search("back pain", limit=100)

    assert len(every) > 10
    assert answerer.search("back pain") == every[:10]
    assert answerer.search("back pain", limit=3) == every[:3]


def test_a_search_without_a_hit_is_empty(answerer: Answerer) -> None:
    assert answerer.search(NOT_COVERED) == ()


def test_the_explanation_of_an_answer_is_what_each_term_added(small: Answerer) -> None:
    found = small.find("old shoes")
    query, hits = found.query, found.hits

    assert [(concept.word, dict(concept.terms)) for concept in query.concepts] == [
        ("old", {"old": 1.0}),
        ("shoes", {"shoe": 1.0}),
    ]
    assert [(added.word, added.term, added.field) for added in hits[0].contributions] == [
        ("old", "old", "text"),
        ("old", "old", "asked"),
        ("old", "old", "nearest"),
        ("shoes", "shoe", "text"),
        ("shoes", "shoe", "asked"),
        ("shoes", "shoe", "nearest"),
    ]
    assert hits[0].score == pytest.approx(sum(added.score for added in hits[0].contributions), abs=1e-9)


# ---- people's own words


LEXICON = '[[one_way]]\nfrom = ["trainers"]\nto = ["shoes"]\n'
WAYS = "<!-- also asked:\nmy mattress is too soft\n-->\n"


@pytest.fixture
def wordy(write_corpus: WriteCorpus) -> Answerer:
    """The same page with a lexicon and ways to ask for its last section."""
    page = PAGE.replace("Sleep on your side.\n", f"Sleep on your side.\n\n{WAYS}")
    return bot.build(write_corpus({"page.md": page, "lexicon.toml": LEXICON}))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("my trainers", "page#shoes"),  # the lexicon's word for shoes
        ("shoos sheos shoez", "page#shoes"),  # misspelt
        ("oldshoes", "page#shoes"),  # run together
        ("mattress too soft?", "page#sleep"),  # as people ask
        ("matress", "page#sleep"),  # misspelt, as people ask
    ],
)
def test_people_s_own_words_find_the_passage(wordy: Answerer, question: str, found: str) -> None:
    assert wordy.search(question)[0].id == found


def test_words_that_are_searched_instead_of_the_typed_ones_are_highlighted_too(wordy: Answerer) -> None:
    (best, *_) = wordy.search("olld trainers")

    assert [best.text[start:end] for start, end in best.highlights] == ["Old", "shoes"]


def test_ways_to_ask_change_nothing_of_what_is_quoted(small: Answerer, wordy: Answerer) -> None:
    one, other = small.search("sleep"), wordy.search("sleep")

    assert [(row.id, row.title, row.text, row.citation) for row in one] == [
        (row.id, row.title, row.text, row.citation) for row in other
    ]


# ---- before anyone has asked


def test_start_questions_are_the_clinic_s_choice_in_its_order(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"page.md": PAGE, "clinic.toml": 'start_questions = ["page#sleep", "page#shoes"]'})

    assert bot.build(folder).start_questions() == ("Sleep", "Old shoes")


def test_without_a_choice_start_questions_are_the_first_questions_of_the_corpus(write_corpus: WriteCorpus) -> None:
    questions = "".join(f"## Question {number}?\n\ntext\n\n" for number in range(6))
    answerer = bot.build(write_corpus({"page.md": f"# Page\n\ntext\n\n{questions}"}))

    assert answerer.start_questions(limit=2) == ("Question 0?", "Question 1?")
    assert len(answerer.start_questions()) == 4


def test_a_corpus_without_questions_starts_with_none(small: Answerer) -> None:
    assert small.start_questions() == ()


def test_suggestions_go_on_from_what_was_typed(small: Answerer) -> None:
    assert small.suggest("old sh") == ("Old shoes",)
    assert small.suggest("s", limit=1) == ("Old shoes",)
    assert small.suggest("zebra") == ()
