"""Known questions that go on from what has been typed."""

import pytest

from bot.analysis import Analyzer
from bot.model import Passage
from bot.suggesting import Suggester

TITLES = [
    "Worn-out shoes",
    "Why does my back hurt?",
    "The runner’s back",
    "Which shoes help my back?",
    "পিঠে ব্যথা কেন?",
    "Which shoes help my back?",
]


def _passage(number: int, title: str) -> Passage:
    return Passage(f"page#p{number}", "page", f"p{number}", title, (), "text", (), (), frozenset(), "")


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    """Completes to `TITLES`."""
    return Suggester([_passage(number, title) for number, title in enumerate(TITLES)], Analyzer("en"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("back", ["Why does my back hurt?", "Which shoes help my back?", "The runner’s back"]),
        ("Ba", ["Why does my back hurt?", "Which shoes help my back?", "The runner’s back"]),
        ("back hu", ["Why does my back hurt?"]),
        ("hurt my ba", ["Why does my back hurt?"]),
        ("my back ", ["Why does my back hurt?", "Which shoes help my back?"]),
        ("shoe", ["Which shoes help my back?", "Worn-out shoes"]),
        ("WORN-OUT", ["Worn-out shoes"]),
        ("runners", []),
        ("runner's b", ["The runner’s back"]),
        ("why does my back hurt?", ["Why does my back hurt?"]),
        ("পিঠে ব্য", ["পিঠে ব্যথা কেন?"]),
        ("ba hurt", []),
        ("hoes", []),
        ("zebra", []),
    ],
)
def test_a_heading_is_suggested_that_has_every_word_and_goes_on_from_the_last(
    suggester: Suggester, typed: str, found: list[str]
) -> None:
    assert list(suggester.suggest(typed, 7)) == found


@pytest.mark.parametrize("typed", ["", "   ", "?!", "😀"])
def test_nothing_typed_suggests_nothing(suggester: Suggester, typed: str) -> None:
    assert suggester.suggest(typed, 7) == ()


def test_a_limit_keeps_the_first(suggester: Suggester) -> None:
    assert suggester.suggest("back", 1) == ("Why does my back hurt?",)
    assert suggester.suggest("back", 0) == ()


def test_questions_are_the_headings_with_a_question_mark_each_once_in_corpus_order(suggester: Suggester) -> None:
    assert suggester.questions(7) == ("Why does my back hurt?", "Which shoes help my back?", "পিঠে ব্যথা কেন?")
    assert suggester.questions(2) == ("Why does my back hurt?", "Which shoes help my back?")


@pytest.mark.parametrize("title", ["هل أركض؟", "我能跑吗？"])
def test_question_marks_of_other_scripts_count(title: str) -> None:
    assert Suggester([_passage(0, "Rest"), _passage(1, title)], Analyzer("xx")).questions(7) == (title,)


def test_no_passages_suggest_nothing() -> None:
    empty = Suggester([], Analyzer("en"))

    assert (empty.suggest("back", 7), empty.questions(7)) == ((), ())
