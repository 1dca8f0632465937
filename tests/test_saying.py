"""What is read out of a passage: the right sentences, word for word, and whole where it must be."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis import Analyzer
from bot.answering import Answerer
from bot.model import Block, Passage
from bot.saying import MOST_WORDS, SHORT, Saying, say
from bot.sentences import sentence_spans

ENGLISH = Analyzer("en")
SHOES: list[Mapping[str, float]] = [{"shoe": 2.0}]


def _passage(*blocks: Block, classes: frozenset[str] = frozenset()) -> Passage:
    text = " ".join(block.text for block in blocks)
    return Passage("page#a", "page", "a", "Shoes", (), text, blocks, (), classes, "")


def _prose(*texts: str, classes: frozenset[str] = frozenset()) -> Passage:
    return _passage(*(Block("p", text) for text in texts), classes=classes)


def _said(passage: Passage, words: list[Mapping[str, float]] = SHOES) -> str:
    return say(passage, words, ENGLISH).text


def test_the_sentence_with_the_question_s_words_is_said_with_the_words_marked() -> None:
    passage = _prose("Rest your back. Wear shoes that fit. Sleep well.")

    assert say(passage, SHOES, ENGLISH) == Saying("Wear shoes that fit.", ((16, 36),), ((5, 10),), whole=False)


def test_rarer_words_count_more_and_each_word_counts_by_the_best_of_its_terms() -> None:
    passage = _prose("Run on grass and hills. Wear shoes. Sleep well.")

    assert _said(passage, [{"grass": 1.0, "hill": 1.0}, {"shoe": 1.5}]) == "Wear shoes."
    assert _said(passage, [{"grass": 1.0}, {"hill": 1.0}, {"shoe": 1.5}]) == "Run on grass and hills."


def test_of_two_sentences_that_carry_the_same_the_earlier_is_said() -> None:
    assert _said(_prose("Sleep well. Old shoes are flat. New shoes are not.")) == "Old shoes are flat."


def test_where_no_sentence_has_a_word_of_the_question_the_first_is_said() -> None:
    assert _said(_prose("Sleep well. Eat well. Rest.")) == "Sleep well."


@pytest.mark.parametrize(
    "leaning",
    [
        "It is true of shoes.",
        "They are worse in shoes.",
        "So wear shoes.",
        "But shoes may help.",
        "However, shoes differ.",
        "For most of these, shoes matter.",
        "In trials they wore shoes.",
        "Do the same with shoes.",
        "Go sooner if shoes hurt.",
        "The study gave them shoes.",
        "Old shoes went with more of them.",
    ],
)
def test_a_sentence_that_leans_on_the_one_before_brings_it_along(leaning: str) -> None:
    assert _said(_prose(f"Rest well. Runners hurt. {leaning}")) == f"Runners hurt. {leaning}"


@pytest.mark.parametrize("alone", ["Italy makes shoes.", "Sock or shoes.", "Thistles hurt in shoes."])
def test_a_sentence_that_only_begins_with_the_same_letters_stands_alone(alone: str) -> None:
    assert _said(_prose(f"Rest well. Runners hurt. {alone}")) == alone


def test_what_leans_on_a_sentence_that_leans_itself_brings_both_while_they_are_short() -> None:
    long = "They " + "run " * MOST_WORDS + "far."

    assert _said(_prose("Sleep. Legs hurt. They run. It is the shoes.")) == "Legs hurt. They run. It is the shoes."
    assert _said(_prose(f"Sleep. Runners hurt. {long} It is the shoes.")) == f"{long} It is the shoes."


def test_a_sentence_that_the_next_one_takes_back_brings_that_along() -> None:
    assert _said(_prose("Rest. Shoes help. But not for long. Sleep.")) == "Shoes help. But not for long."
    assert _said(_prose("Rest. Shoes help.", "But not for long. Sleep.")) == "Shoes help."


def test_an_item_of_a_list_is_said_with_the_sentence_above_the_list() -> None:
    items = [Block("li", "Cold feet."), Block("li", "It is in the shoes."), Block("li", "Tired legs.")]
    saying = say(_passage(Block("p", "Rest. Look for these:"), *items, Block("p", "Sleep.")), SHOES, ENGLISH)

    assert saying.text == "Look for these: It is in the shoes."
    assert saying.spans == ((6, 21), (33, 52))


@pytest.mark.parametrize("passage", [_prose("Rest. Shoes."), _prose("a. b. Shoes.", classes=frozenset({"medicine"}))])
def test_a_short_passage_and_one_on_medicine_are_said_whole(passage: Passage) -> None:
    saying = say(passage, SHOES, ENGLISH)

    assert (saying.text, saying.whole) == (passage.text, True)


def test_a_passage_is_said_whole_where_that_is_asked_for() -> None:
    passage = _prose("Rest. Shoes. Sleep. Eat.")

    assert say(passage, SHOES, ENGLISH, whole=True).text == passage.text
    assert not say(passage, SHOES, ENGLISH).whole


def test_offsets_count_code_points() -> None:
    saying = say(_prose("😀 Rest. 👩‍⚕️ says: wear shoes. Sleep well."), SHOES, ENGLISH)

    assert [saying.text[start:end] for start, end in saying.highlights] == ["shoes"]


_TEXT = st.lists(
    st.sampled_from(["Shoes", "They", "but", "run.", "Run?", "It", "is", "পিঠ।", "dr.", "1.5"]), min_size=1
)
_BLOCK = st.builds(lambda kind, words: Block(kind, " ".join(words)), st.sampled_from(["p", "li"]), _TEXT)


@settings(max_examples=300)
@given(st.lists(_BLOCK, min_size=1, max_size=6))
def test_whatever_is_said_is_the_passage_s_own_words_in_their_order(blocks: list[Block]) -> None:
    passage = _passage(*blocks)
    saying = say(passage, SHOES, ENGLISH)

    assert saying.text == " ".join(passage.text[start:end] for start, end in saying.spans)
    assert list(saying.spans) == sorted(saying.spans)
    assert all(before[1] + 1 < after[0] for before, after in zip(saying.spans, saying.spans[1:], strict=False))
    assert saying.whole == (saying.text == passage.text)
    assert all(saying.text[start:end].casefold() == "shoes" for start, end in saying.highlights)
    assert len(blocks) > SHORT or saying.text


@given(_TEXT)
def test_sentences_hold_every_word_once(words: list[str]) -> None:
    text = " ".join(words)

    assert " ".join(text[start:end] for start, end in sentence_spans(text)) == text


def test_what_is_said_of_the_shipped_corpus_is_short_and_never_begins_in_the_middle(answerer: Answerer) -> None:
    said = [
        (passage, say(passage, [{term: 1.0} for term in ENGLISH.terms(way)], ENGLISH))
        for passage in answerer.passages
        for way in (passage.title, *passage.also_asked)
    ]

    parts = [saying for passage, saying in said if not saying.whole]
    assert len(parts) > 800
    assert max(len(saying.text.split()) for saying in parts) <= MOST_WORDS + 15
    assert sum(len(saying.text.split()) <= MOST_WORDS for saying in parts) > 0.97 * len(parts)
    leaning = [
        s.text for p, s in said if s.text.startswith(("They ", "But ", "That ")) and not p.text.startswith(s.text)
    ]
    assert leaning == []
