"""A question → what is searched for each of its words."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis import Analyzer, tokenize
from bot.intent import MARK
from bot.model import Concept, LexiconEntry, Query
from bot.reading import INTENT_WEIGHT, LONG, TELLING_WEIGHT, QuestionReader

TEXTS = (
    "Why does my back hurt after running? Old shoes, worn-out trainers, a slipped disc or sciatica.",
    "Rest and stretching help with pain. You should see a doctor; a physiotherapist can tell what to do.",
)

CAUSE = Concept("?cause", {"?cause": 1.0}, INTENT_WEIGHT)
"""What "why" wants to know."""


def _reader(*entries: tuple[str, str, float], language: str = "en") -> QuestionReader:
    return QuestionReader(TEXTS, [LexiconEntry(*entry) for entry in entries], Analyzer(language))


def _terms(query: Query) -> list[dict[str, float]]:
    return [dict(concept.terms) for concept in query.concepts]


# ---- words


def test_each_word_is_searched_by_its_stem_and_remembered_as_typed() -> None:
    query = _reader().read("Why do OLD shoes hurt?")

    assert query.text == "Why do OLD shoes hurt?"
    assert query.concepts == (
        Concept("Why", {"whi": 1.0}),
        Concept("OLD", {"old": 1.0}),
        Concept("shoes", {"shoe": 1.0}),
        Concept("hurt", {"hurt": 1.0}),
        CAUSE,
    )


def test_a_word_that_is_repeated_is_searched_once_where_it_was_first_typed() -> None:
    query = _reader().read("Why do PAINS hurt? Pain, pain!")

    assert query.text == "Why do PAINS hurt? Pain, pain!"
    assert query.concepts == (
        Concept("Why", {"whi": 1.0}),
        Concept("PAINS", {"pain": 1.0}),
        Concept("hurt", {"hurt": 1.0}),
        CAUSE,
    )


def test_what_was_typed_is_kept_in_its_order_with_repeats_and_slips() -> None:
    assert _reader().read("Why do PAINS hurt? Pain in siatica!").typed == ("whi", "pain", "hurt", "pain", "siatica")


@pytest.mark.parametrize("question", ["", "   ", "?!", "the of and", "\u200d", "😀", "\x00", "\ud800"])
def test_a_question_without_a_word_of_content_searches_nothing(question: str) -> None:
    assert _reader(("the", "back", 0.5)).read(question) == Query(question, ())


@pytest.mark.parametrize(("question", "typed"), [("is it u?", ("u",)), ("whats this", ())])
def test_neither_a_mended_stop_word_nor_an_intent_is_a_word_of_content(question: str, typed: tuple[str, ...]) -> None:
    assert _reader().read(question) == Query(question, (), typed)


def test_question_words_and_denials_are_searched() -> None:
    concepts = _reader().read("what, why, how, when, not, no").concepts

    assert [concept.word for concept in concepts if concept != CAUSE] == ["what", "why", "how", "when", "not", "no"]


def test_a_word_that_nobody_knows_is_searched_as_typed() -> None:
    assert _reader().read("zebra qwxzy").concepts == (
        Concept("zebra", {"zebra": 1.0}),
        Concept("qwxzy", {"qwxzi": 1.0}),
    )


# ---- spelling


def test_a_mended_word_is_searched_and_beside_it_what_was_typed() -> None:
    (concept,) = _reader().read("SIATICA?").concepts

    assert concept == Concept("SIATICA", {"sciatica": 1.0, "siatica": 1.0})
    assert list(concept.terms) == ["sciatica", "siatica"]  # the likeliest first


def test_a_slip_that_the_stem_takes_away_is_searched_once() -> None:
    assert _reader().read("restt rests").concepts == (Concept("restt", {"rest": 1.0, "restt": 1.0}),)
    assert _terms(_reader().read("trainerss")) == [{"trainer": 1.0, "trainerss": 1.0}]
    assert _terms(_reader().read("shoees")) == [{"shoe": 1.0, "shoee": 1.0}]


@pytest.mark.parametrize("question", ["siatica sciatica", "sciatica siatica", "siatica siatica", "sciatica, siatica!"])
def test_a_word_typed_rightly_and_wrongly_is_one_word(question: str) -> None:
    (concept,) = _reader().read(question).concepts

    assert concept.word == question.split(maxsplit=1)[0].strip(",")
    assert dict(concept.terms) == {"sciatica": 1.0, "siatica": 1.0}


def test_two_slips_of_one_word_are_both_searched() -> None:
    assert _terms(_reader().read("siatica sciatca")) == [{"sciatica": 1.0, "siatica": 1.0, "sciatca": 1.0}]


def test_words_run_together_are_searched_apart_under_what_was_typed() -> None:
    assert _reader().read("backpain").concepts == (
        Concept("backpain", {"back": 1.0}),
        Concept("backpain", {"pain": 1.0}),
    )


def test_of_words_run_together_a_stop_word_is_not_searched() -> None:
    assert _terms(_reader().read("cansee")) == [{"see": 1.0}]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("plz", [{"pleas": 1.0, "plz": 1.0}]),
        ("y", [{"whi": 1.0, "y": 1.0}, {"?cause": 1.0}]),  # what it wants to know is read from what was meant
    ],
)
def test_a_short_form_is_searched_spelt_out_and_as_typed(typed: str, terms: list[dict[str, float]]) -> None:
    assert _terms(_reader().read(typed)) == terms


@pytest.mark.parametrize("typed", ["u", "ur", "yoou"])
def test_a_slip_or_short_form_of_a_stop_word_is_not_searched(typed: str) -> None:
    assert _terms(_reader().read(f"{typed} rest")) == [{"rest": 1.0}]


def test_a_sentence_full_of_slips_is_read_as_it_was_meant() -> None:
    typed = _reader().read("wht shud i do, my bakc hurtz aftr runing in old shose")
    meant = _reader().read("what should i do, my back hurts after running in old shoes")

    assert [next(iter(terms)) for terms in _terms(typed)] == [next(iter(terms)) for terms in _terms(meant)]
    assert len(meant.concepts) == 8


def test_slips_are_mended_to_words_of_ways_to_ask_too() -> None:
    reader = QuestionReader(["Rest.", "is plantar fasciitis bad"], [], Analyzer("en"))

    assert "fasciiti" in _terms(reader.read("fascitis"))[0]


# ---- lexicon


def test_a_stand_in_is_searched_for_less_than_the_word_itself() -> None:
    assert _terms(_reader(("trainers", "shoes", 0.6)).read("my trainers")) == [{"trainer": 1.0, "shoe": 0.6}]


def test_one_way_leads_one_way() -> None:
    assert _terms(_reader(("trainers", "shoes", 0.6)).read("my shoes")) == [{"shoe": 1.0}]


def test_stand_ins_do_not_lead_on_to_theirs() -> None:
    reader = _reader(("trainers", "shoes", 0.6), ("shoes", "boots", 0.6))

    assert _terms(reader.read("trainers")) == [{"trainer": 1.0, "shoe": 0.6}]
    assert _terms(reader.read("trainers, shoes")) == [{"trainer": 1.0, "shoe": 0.6}, {"shoe": 1.0, "boot": 0.6}]


def test_the_words_of_a_long_entry_keep_their_own_search_and_its_stand_ins_go_with_the_first() -> None:
    reader = _reader(("slipped disc", "herniated disc", 0.8))

    assert _terms(reader.read("a slipped disc")) == [
        {"slip": 1.0, "herniat": pytest.approx(0.8 / sqrt(2)), "disc": pytest.approx(0.8 / sqrt(2))},
        {"disc": 1.0},
    ]


def test_what_was_typed_never_counts_less_for_being_a_stand_in_too() -> None:
    assert _terms(_reader(("sciatica", "siatica", 0.3)).read("siatica")) == [{"sciatica": 1.0, "siatica": 1.0}]


def test_a_word_that_the_lexicon_stands_ready_for_is_no_slip() -> None:
    assert _terms(_reader(("siatica", "sciatica", 0.3)).read("siatica")) == [{"siatica": 1.0, "sciatica": 0.3}]


def test_a_mended_word_has_the_stand_ins_of_the_word_that_was_meant() -> None:
    reader = _reader(("sciatica", "nerve", 0.7))

    assert _terms(reader.read("siatica")) == [{"sciatica": 1.0, "siatica": 1.0, "nerv": 0.7}]


def test_words_run_together_are_found_in_the_lexicon_as_if_apart() -> None:
    reader = _reader(("back pain", "lumbago", 0.7))

    assert _terms(reader.read("backpain")) == [{"back": 1.0, "lumbago": 0.7}, {"pain": 1.0}]


def test_a_word_repeated_keeps_all_its_stand_ins() -> None:
    reader = _reader(("slipped disc", "herniated", 0.7), ("disc", "cushion", 0.5), ("disc pain", "herniated", 0.4))

    assert _terms(reader.read("disc, slipped disc, disc pain")) == [
        {"disc": 1.0, "cushion": 0.5, "herniat": 0.4},
        {"slip": 1.0, "herniat": 0.7},
        {"pain": 1.0},
    ]


# ---- long messages


def _words(count: int) -> str:
    """So many different words that nobody knows."""
    return " ".join("q" + chr(ord("a") + at // 26) + chr(ord("a") + at % 26) for at in range(count))


@pytest.mark.parametrize(("words", "weight"), [(LONG - 1, 1.0), (LONG, TELLING_WEIGHT)])
def test_in_a_long_message_what_only_tells_counts_less_than_what_asks(words: int, weight: float) -> None:
    story = _words(words - 2)

    query = _reader().read(f"{story}. Old shoes?")

    weights = {concept.word: concept.weight for concept in query.concepts}
    assert len(weights) == words
    assert (weights.pop("Old"), weights.pop("shoes")) == (1.0, 1.0)
    assert set(weights.values()) == {weight}
    assert 0 < TELLING_WEIGHT < 1


@pytest.mark.parametrize("end", [".", "!", "", "…"])
def test_a_long_message_that_asks_nothing_counts_in_full(end: str) -> None:
    query = _reader().read(f"{_words(LONG)}. My shoes hurt{end}")

    assert {concept.weight for concept in query.concepts} == {1.0}


def test_a_word_that_is_told_and_asked_counts_in_full_whatever_comes_first() -> None:
    reader = _reader()

    for question in (f"Shoes {_words(LONG)}. Old shoes?", f"Old shoes? Shoes {_words(LONG)}."):
        weights = {concept.word.lower(): concept.weight for concept in reader.read(question).concepts}
        assert (weights["shoes"], weights["old"], weights["qaa"]) == (1.0, 1.0, TELLING_WEIGHT)


@pytest.mark.parametrize(
    ("between", "parted"),
    [
        (". ", True),
        ("! ", True),
        ("? ", True),
        ("\n", True),
        ("\r\n", True),
        (".", False),
        (", ", False),
        (" 3.5 ", False),
    ],
)
def test_sentences_end_at_a_mark_with_space_behind_it_and_at_line_ends(between: str, parted: bool) -> None:
    query = _reader().read(f"{_words(LONG)}{between}Old shoes?")

    told = {concept.weight for concept in query.concepts if concept.word.startswith("q")}
    assert told == ({TELLING_WEIGHT} if parted and between != "? " else {1.0})


@pytest.mark.parametrize(("end", "mark"), [("।", "?"), ("؟", "؟"), (".", "؟"), (".", "？")])
def test_sentences_of_other_scripts_end_and_ask_with_marks_of_their_own(end: str, mark: str) -> None:
    told = _reader().read(f"{_words(LONG)}. Rest{end} Old shoes{mark}")

    weights = {concept.word: concept.weight for concept in told.concepts}
    assert (weights["qaa"], weights["shoes"]) == (TELLING_WEIGHT, 1.0)
    assert weights["Rest"] == (1.0 if end == "؟" else TELLING_WEIGHT)


def test_a_fullwidth_question_mark_ends_its_sentence() -> None:
    query = _reader().read(f"Old shoes？ {_words(LONG)}.")

    weights = {concept.word: concept.weight for concept in query.concepts}
    assert (weights["shoes"], weights["qaa"]) == (1.0, TELLING_WEIGHT)


def test_stand_ins_keep_their_share_in_a_long_message() -> None:
    query = _reader(("trainers", "shoes", 0.6)).read(f"Trainers {_words(LONG)}. Why?")

    assert query.concepts[0] == Concept("Trainers", {"trainer": 1.0, "shoe": 0.6}, TELLING_WEIGHT)


# ---- what is wanted to know


def test_what_a_question_wants_to_know_is_searched_behind_its_words_at_less_than_one() -> None:
    query = _reader().read("how can I prevent why?")

    assert [(one.word, dict(one.terms), one.weight) for one in query.concepts] == [
        ("how", {"how": 1.0}, 1.0),
        ("prevent", {"prevent": 1.0}, 1.0),
        ("why", {"whi": 1.0}, 1.0),
        ("?cause", {"?cause": 1.0}, INTENT_WEIGHT),
        ("?prevent", {"?prevent": 1.0}, INTENT_WEIGHT),
        ("?how to", {"?how to": 1.0}, INTENT_WEIGHT),
    ]
    assert 0 < INTENT_WEIGHT < 1


def test_what_a_long_message_wants_to_know_counts_as_much_wherever_it_says_so() -> None:
    told = _reader().read(f"Why {_words(LONG)}. Old shoes?")

    assert told.concepts[0] == Concept("Why", {"whi": 1.0}, TELLING_WEIGHT)
    assert told.concepts[-1] == CAUSE


# ---- everything else


@pytest.mark.parametrize("language", ["bn", "xx", "de"])
def test_questions_in_other_languages_are_read_without_english(language: str) -> None:
    query = QuestionReader(["পিঠে ব্যথা কেন হয়"], [LexiconEntry("ব্যথা", "pain", 0.6)], Analyzer(language)).read(
        "পিঠে ব্যথা u?"
    )

    assert _terms(query) == [{"পিঠে": 1.0}, {"ব্যথা": 1.0, "pain": 0.6}, {"u": 1.0}]


def test_a_corpus_without_words_or_lexicon_reads_questions_all_the_same() -> None:
    assert _terms(QuestionReader([], [], Analyzer("en")).read("Old shoes?")) == [{"old": 1.0}, {"shoe": 1.0}]


words_of_messages = st.sampled_from(
    """back pain bakc backpain siatica sciatica shoes trainers slipped disc old u plz the zebra ব্যথা 10km 😀 why
    whats""".split()
)
ends_of_sentences = st.sampled_from([" ", " ", " ", ". ", "? ", "! ", "\n"])


READER = _reader(("trainers", "shoes", 0.6), ("slipped disc", "herniated disc", 0.8), ("back pain", "lumbago", 0.7))


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(st.tuples(words_of_messages, ends_of_sentences), max_size=40))
def test_a_query_holds_each_word_once_with_weights_that_can_be_trusted(parts: list[tuple[str, str]]) -> None:
    question = "".join(word + end for word, end in parts)

    query = READER.read(question)

    assert query == READER.read(question)
    assert query.text == question
    typed = {question[start:end] for start, end in tokenize(question)}
    likeliest = [next(iter(concept.terms)) for concept in query.concepts]
    assert len(set(likeliest)) == len(likeliest)
    words = [concept for concept in query.concepts if concept.weight != INTENT_WEIGHT]
    assert query.concepts[: len(words)] == tuple(words)
    assert bool(words) or query.concepts == ()
    for concept in query.concepts:
        assert concept.word in typed if concept in words else concept.word.startswith(MARK)
        assert concept.weight in (1.0, TELLING_WEIGHT, INTENT_WEIGHT)
        assert next(iter(concept.terms.values())) == 1.0
        assert all(0 < weight <= 1 for weight in concept.terms.values())
        assert "" not in concept.terms
