"""``lexicon.toml`` → which words may stand for which."""

from collections.abc import Callable, Sequence
from math import sqrt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis import Analyzer
from bot.corpus import load_corpus
from bot.errors import CorpusError
from bot.lexicon import ONE_WAY_WEIGHT, TWO_WAY_WEIGHT, Lexicon, Match, load_lexicon
from bot.model import LexiconEntry

WriteCorpus = Callable[..., Path]

ENGLISH = Analyzer("en")
PLAIN = Analyzer("xx")


@pytest.fixture
def load(write_corpus: WriteCorpus) -> Callable[[str | bytes], tuple[LexiconEntry, ...]]:
    """Loads the entries of a file with this content."""
    return lambda content: load_lexicon(write_corpus({"lexicon.toml": content}))


Load = Callable[[str | bytes], tuple[LexiconEntry, ...]]


def _matches(question: str, *entries: tuple[str, str, float], analyzer: Analyzer = ENGLISH) -> list[Match]:
    lexicon = Lexicon([LexiconEntry(*entry) for entry in entries], analyzer)
    return list(lexicon.matches(analyzer.terms(question)))


# ---- the file


def test_a_folder_without_the_file_has_no_entries(tmp_path: Path) -> None:
    assert load_lexicon(tmp_path) == ()


@pytest.mark.parametrize("content", ["", "version = 1\n", "\ufeff# only a comment\r\n"])
def test_a_file_without_entries_is_fine(load: Load, content: str) -> None:
    assert load(content) == ()


def test_each_word_of_a_group_stands_for_each_other(load: Load) -> None:
    entries = load('[[group]]\nwords = ["sore", "ache", "pain"]\n')

    assert {(entry.source, entry.target) for entry in entries} == {
        ("sore", "ache"),
        ("sore", "pain"),
        ("ache", "sore"),
        ("ache", "pain"),
        ("pain", "sore"),
        ("pain", "ache"),
    }
    assert len(entries) == 6
    assert {entry.weight for entry in entries} == {TWO_WAY_WEIGHT}


def test_a_one_way_rule_leads_from_each_word_to_each_other_and_not_back(load: Load) -> None:
    entries = load('[[one_way]]\nfrom = ["nike", "hoka"]\nto = ["shoe", "trainer"]\n')

    assert entries == (
        LexiconEntry("nike", "shoe", ONE_WAY_WEIGHT),
        LexiconEntry("nike", "trainer", ONE_WAY_WEIGHT),
        LexiconEntry("hoka", "shoe", ONE_WAY_WEIGHT),
        LexiconEntry("hoka", "trainer", ONE_WAY_WEIGHT),
    )


def test_each_entry_of_the_file_may_have_a_weight_of_its_own(load: Load) -> None:
    entries = load(
        '[[one_way]]\nfrom = ["a"]\nto = ["b"]\nweight = 0.25\n[[group]]\nwords = ["c", "d"]\nweight = 0.9\n'
        '[[group]]\nwords = ["e", "f"]\n'
    )

    assert {(entry.source, entry.target): entry.weight for entry in entries} == {
        ("a", "b"): 0.25,
        ("c", "d"): 0.9,
        ("d", "c"): 0.9,
        ("e", "f"): TWO_WAY_WEIGHT,
        ("f", "e"): TWO_WAY_WEIGHT,
    }


def test_what_stands_in_always_counts_less_than_what_was_typed() -> None:
    assert 0 < ONE_WAY_WEIGHT < TWO_WAY_WEIGHT < 1


def test_white_space_around_words_is_dropped(load: Load) -> None:
    assert load('[[one_way]]\nfrom = [" a "]\nto = ["b\\n"]\n') == (LexiconEntry("a", "b", ONE_WAY_WEIGHT),)


REFUSED: dict[str, tuple[str | bytes, str, str]] = {
    # what is wrong: (content, problem, expectation)
    "an unknown key": ("gruop = []", "gruop = []", "one of version, group, one_way"),
    "a version in words": ('version = "one"', "version = 'one'", "a valid integer"),
    "a group of one word": ('[[group]]\nwords = ["a"]', "group.0.words = ['a']", "at least 2 items"),
    "a group without words": ("[[group]]\nweight = 0.5", "group.0.words is missing", "a value there"),
    "a word that is no list": ('[[group]]\nwords = "a, b"', "group.0.words = 'a, b'", "a valid list"),
    "a blank word": ('[[group]]\nwords = ["a", " "]', "group.0.words.1 = ' '", "some words"),
    "a number for a word": ('[[group]]\nwords = ["a", 3]', "group.0.words.1 = 3", "a valid string"),
    "the second group": (
        '[[group]]\nwords = ["a", "b"]\n[[group]]\nwords = ["a"]',
        "group.1.words = ['a']",
        "at least 2 items",
    ),
    "a group that is a table": ('[group]\nwords = ["a", "b"]', "group = {", "a valid list"),
    "a weight of 1": ('[[group]]\nwords = ["a", "b"]\nweight = 1', "group.0.weight = 1", "less than 1"),
    "a weight of 0": ('[[group]]\nwords = ["a", "b"]\nweight = 0.0', "group.0.weight = 0.0", "greater than 0"),
    "a weight below 0": ('[[group]]\nwords = ["a", "b"]\nweight = -0.5', "group.0.weight = -0.5", "greater than 0"),
    "a weight that is no number": ('[[group]]\nwords = ["a", "b"]\nweight = nan', "group.0.weight = nan", "than"),
    "a weight without end": ('[[group]]\nwords = ["a", "b"]\nweight = inf', "group.0.weight = inf", "less than 1"),
    "a weight in words": ('[[group]]\nwords = ["a", "b"]\nweight = "0.5"', "group.0.weight = '0.5'", "a valid number"),
    "an unknown key in a group": ('[[group]]\nwords = ["a", "b"]\nto = ["c"]', "group.0.to = ['c']", "no such key"),
    "a rule that leads nowhere": ('[[one_way]]\nfrom = ["a"]', "one_way.0.to is missing", "a value there"),
    "a rule that comes from nowhere": ('[[one_way]]\nto = ["a"]', "one_way.0.from is missing", "a value there"),
    "a rule from no words": ('[[one_way]]\nfrom = []\nto = ["a"]', "one_way.0.from = []", "at least 1 item"),
    "a rule to no words": ('[[one_way]]\nfrom = ["a"]\nto = []', "one_way.0.to = []", "at least 1 item"),
    "a rule's weight of 1": ('[[one_way]]\nfrom = ["a"]\nto = ["b"]\nweight = 1.0', "one_way.0.weight = 1.0", "less"),
    "no TOML": ('[[group]\nwords = ["a", "b"]', "cannot be read as TOML", "lines like"),
    "Latin-1": (b'[[group]]\nwords = ["caf\xe9", "b"]', "cannot be read as TOML", "lines like"),
}


@pytest.mark.parametrize(("content", "problem", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_file_is_refused_by_file_key_and_expectation(
    write_corpus: WriteCorpus, content: str | bytes, problem: str, expected: str
) -> None:
    folder = write_corpus({"lexicon.toml": content})

    with pytest.raises(CorpusError) as caught:
        load_lexicon(folder)

    assert caught.value.path == folder / "lexicon.toml"
    assert caught.value.problem.startswith(problem)
    assert expected in caught.value.expected
    assert "\n" not in str(caught.value)


def test_a_wrong_file_is_refused_with_the_whole_corpus(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"page.md": "# Page\n\ntext\n", "lexicon.toml": '[[group]]\nwords = ["a"]\n'})

    with pytest.raises(CorpusError, match=r"lexicon\.toml: group\.0\.words"):
        load_corpus(folder)


def test_a_corpus_has_the_entries_of_its_file_and_another_version_than_without(write_corpus: WriteCorpus) -> None:
    without = load_corpus(write_corpus({"page.md": "# Page\n\ntext\n"}))
    empty = load_corpus(write_corpus({"lexicon.toml": ""}))
    with_entries = load_corpus(write_corpus({"lexicon.toml": '[[one_way]]\nfrom = ["a"]\nto = ["b"]\n'}))

    assert (without.lexicon, empty.lexicon) == ((), ())
    assert with_entries.lexicon == (LexiconEntry("a", "b", ONE_WAY_WEIGHT),)
    assert len({without.version, empty.version, with_entries.version}) == 3


# ---- matches


def test_a_word_is_found_in_any_form_and_its_stand_in_is_a_term() -> None:
    entry = ("Trainers", "running shoes", 0.6)

    for question in ("trainer", "my TRAINERS hurt", "the trainer’s fault"):
        (match,) = _matches(question, entry)
        assert (match.start, match.end) == (0, 1)
        assert set(match.stand_ins) == {"run", "shoe"}


def test_a_question_without_an_entry_has_no_matches() -> None:
    assert _matches("old shoes", ("trainers", "shoes", 0.6)) == []
    assert _matches("", ("trainers", "shoes", 0.6)) == []
    assert _matches("old shoes") == []


@pytest.mark.parametrize(
    ("target", "weight", "expected"),
    [
        ("shoe", 0.6, {"shoe": 0.6}),
        ("running shoes", 0.6, {"run": 0.6 / sqrt(2), "shoe": 0.6 / sqrt(2)}),
        ("flat running shoes", 0.9, {"flat": 0.9 / sqrt(3), "run": 0.9 / sqrt(3), "shoe": 0.9 / sqrt(3)}),
        ("a pair of the shoes", 0.6, {"pair": 0.6 / sqrt(2), "shoe": 0.6 / sqrt(2)}),
    ],
)
def test_the_words_of_a_longer_stand_in_share_its_weight(
    target: str, weight: float, expected: dict[str, float]
) -> None:
    (match,) = _matches("trainers", ("trainers", target, weight))

    assert match.stand_ins == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("order", [1, -1])
def test_a_term_that_several_entries_give_has_the_greatest_of_their_weights(order: int) -> None:
    entries = [("trainers", "shoe", 0.3), ("trainers", "shoes", 0.7), ("trainers", "running shoes", 0.8)][::order]

    (match,) = _matches("trainers", *entries)

    assert match.stand_ins == pytest.approx({"shoe": 0.7, "run": 0.8 / sqrt(2)}, abs=1e-12)


def test_words_of_an_entry_are_found_side_by_side_in_their_order_alone() -> None:
    entry = ("slipped disc", "herniated", 0.7)

    assert [(match.start, match.end) for match in _matches("my slipped disc hurts", entry)] == [(0, 2)]
    assert [(match.start, match.end) for match in _matches("pain from a slipped disc", entry)] == [(1, 3)]
    assert [_matches(question, entry) for question in ("slipped", "disc", "disc slipped", "slipped old disc")] == [
        []
    ] * 4


@pytest.mark.parametrize("question", ["pain in my leg", "leg with pain in it, pain leg", "PAIN—LEG"])
def test_small_words_do_not_part_the_words_of_an_entry(question: str) -> None:
    (match,) = _matches(question, ("pain down the leg", "never", 0.5), ("pain in my leg", "sciatica", 0.5))

    assert set(match.stand_ins) == {"sciatica"}
    assert match.end - match.start == 2


def test_the_longest_entry_wins_and_none_is_found_within_another() -> None:
    entries = (
        ("back", "spine", 0.5),
        ("back pain", "backache", 0.6),
        ("low back pain", "lumbago", 0.7),
        ("pain", "ache", 0.5),
    )

    assert [(match.start, match.end, *match.stand_ins) for match in _matches("low back pain", *entries)] == [
        (0, 3, "lumbago")
    ]
    found = _matches("back pain, then back, rest, pain", *entries)
    assert [(match.start, match.end, *match.stand_ins) for match in found] == [
        (0, 2, "backach"),
        (2, 3, "spine"),
        (4, 5, "ach"),
    ]


def test_a_longer_entry_that_fits_only_in_part_leaves_the_shorter_one() -> None:
    entries = (("low back pain", "lumbago", 0.7), ("low", "down", 0.5))

    assert [(match.start, match.end, *match.stand_ins) for match in _matches("low back", *entries)] == [(0, 1, "down")]


def test_entries_follow_each_other_from_left_to_right_and_each_place_is_used_once() -> None:
    entries = (("a b", "x", 0.5), ("b c", "y", 0.5), ("c", "z", 0.5))

    found = _matches("a b c b c", *entries, analyzer=PLAIN)

    assert [(match.start, match.end, *match.stand_ins) for match in found] == [(0, 2, "x"), (2, 3, "z"), (3, 5, "y")]


def test_what_stands_in_is_not_looked_up_again() -> None:
    (match,) = _matches("trainers", ("trainers", "shoes", 0.6), ("shoes", "footwear", 0.6))

    assert set(match.stand_ins) == {"shoe"}


def test_forms_of_one_word_are_no_stand_ins_for_each_other() -> None:
    assert _matches("shoes", ("shoe", "shoes", 0.7), ("shoes", "the shoe", 0.7)) == []


@pytest.mark.parametrize("nothing", ["the", "of my", "?!"])
def test_an_entry_of_small_words_alone_does_nothing(nothing: str) -> None:
    assert _matches("the back of my leg?!", (nothing, "spine", 0.5)) == []
    assert _matches("the back of my leg?!", ("back", nothing, 0.5)) == []


def test_an_entry_that_leads_to_small_words_alone_hides_no_other() -> None:
    (match,) = _matches("slipped disc", ("slipped disc", "it", 0.5), ("slipped", "moved", 0.5))

    assert (match.start, match.end, dict(match.stand_ins)) == (0, 1, {"move": 0.5})


def test_a_lexicon_reads_words_of_its_own_language() -> None:
    (match,) = _matches("ব্যথা", ("ব্যথা", "pain", 0.6), analyzer=Analyzer("bn"))

    assert match == Match(0, 1, {"pain": 0.6})


letters = st.sampled_from("a b c d".split())
phrases = st.lists(letters, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=80, deadline=None)
@given(
    entries=st.lists(st.tuples(phrases, phrases, st.sampled_from([0.3, 0.7, 0.99])), max_size=6),
    terms=st.lists(letters, max_size=8),
)
def test_matches_stand_apart_in_order_are_the_longest_and_count_less_than_what_was_typed(
    entries: Sequence[tuple[str, str, float]], terms: list[str]
) -> None:
    sources = {tuple(source.split()) for source, target, _ in entries if source != target}

    found = _matches(" ".join(terms), *entries, analyzer=PLAIN)

    ends = [0, *(match.end for match in found)]
    assert all(before <= match.start < match.end for before, match in zip(ends, found, strict=False))
    for match in found:
        assert tuple(terms[match.start : match.end]) in sources
        assert not any(tuple(terms[match.start : end]) in sources for end in range(match.end + 1, len(terms) + 1))
        assert match.stand_ins
        assert all(0 < weight < 1 for weight in match.stand_ins.values())
    inside = {at for match in found for at in range(match.start, match.end)}
    assert not any((term,) in sources for at, term in enumerate(terms) if at not in inside)
