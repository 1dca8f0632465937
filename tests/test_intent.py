"""A question → what it wants to know. The examples are written for this file, beside the patterns' own sources."""

import time
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis import Analyzer, fold
from bot.answering import Answerer
from bot.index import known_question
from bot.intent import MARK, intents
from bot.passages import ways_to_ask

NAMES = list(tomllib.loads(files("bot").joinpath("intents.toml").read_text("utf-8"))["intents"])


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Why is my back stiff on Mondays?", "cause"),
        ("How come sprints make me ache", "cause"),
        ("what causes a slipped disc", "cause"),
        ("is my old chair to blame", "cause"),
        ("could bad form be behind it", "cause"),
        ("what brings it on", "cause"),
        ("is the ache linked to my stride?", "cause"),
        ("does sitting lead to pain or what leads to it", "cause"),
        ("how do I prevent sore hips", "prevent"),
        ("ways to avoid overuse", "prevent"),
        ("how do I keep my spine away from trouble", "prevent"),
        ("How can I stop my back aching on hills?", "prevent"),
        ("it keeps coming back, what now", "prevent"),
        ("lower my risk of a fracture", "prevent"),
        ("what is the treatment for a bulging disc", "treat"),
        ("can a torn disc heal", "treat"),
        ("is it healed after six weeks", "treat"),
        ("how do I get rid of the stiffness", "treat"),
        ("what helps", "treat"),
        ("what can I take for it", "treat"),
        ("will it go away", "treat"),
        ("relief for a sore coccyx", "treat"),
        ("Should I see a doctor?", "seek help"),
        ("when should I worry about it", "seek help"),
        ("does a physiotherapist look at this", "seek help"),
        ("do I need to get it checked", "seek help"),
        ("does yoga help", "effect"),
        ("Is swimming good or bad?", "effect"),
        ("any point in stretching", "effect"),
        ("what do studies say", "effect"),
        ("is asphalt bad for discs", "harm"),
        ("will hills make it worse", "harm"),
        ("can I damage my spine", "harm"),
        ("can I still run with a stiff back", "carry on"),
        ("should I stop jogging", "carry on"),
        ("is it okay to exercise when sore", "carry on"),
        ("How do I do a plank?", "how to"),
        ("how to bend properly", "how to"),
        ("any tips", "how to"),
        ("Which exercises are there?", "which"),
        ("what kind of sole", "which"),
        ("recommend a stretch", "which"),
        ("what is a herniated disc", "what is"),
        ("meaning of sacroiliac, what does it mean", "what is"),
        ("how common is back pain", "how common"),
        ("what percentage get it", "how common"),
        ("How long does it last?", "how long"),
        ("how many weeks off", "how long"),
        ("how soon can I race", "how long"),
        ("how often should I rest", "how much"),
        ("how far is too far", "how much"),
        ("what temperature for the bath", "how much"),
        ("how much does an insole cost", "price"),
        ("are there fees", "price"),
        ("which brand is it", "brand"),
        ("where can I buy a foam roller", "brand"),
        ("side effects of the gel", "side effects"),
        ("can it be mixed with tea", "side effects"),
    ],
)
def test_a_question_has_what_it_wants_to_know_among_its_intents(question: str, wanted: str) -> None:
    assert wanted in NAMES
    assert MARK + wanted in intents(question, "en")


@pytest.mark.parametrize(
    ("question", "unwanted"),
    [
        ("my back hurts", "cause"),
        ("the causeway is closed", "prevent"),
        ("how long does sciatica last", "cause"),
        ("which shoes are light", "cause"),
        ("does yoga help", "prevent"),
        ("is there a bus stop", "prevent"),
        ("why does my back ache", "prevent"),
        ("my mental health", "treat"),
        ("a healthy diet", "treat"),
        ("is this a prefix", "treat"),
        ("please come in", "treat"),
        ("what is sciatica", "seek help"),
        ("my drink is cold", "seek help"),
        ("why does it ache", "effect"),
        ("which doctor", "effect"),
        ("is yoga any use for stiff hips", "harm"),
        ("running shoes", "carry on"),
        ("why do runners rest", "carry on"),
        ("how long does it last", "how to"),
        ("how many weeks", "how to"),
        ("the sandwich was fine", "which"),
        ("what is sciatica", "which"),
        ("what is the best way to get rid of sciatica at home", "what is"),
        ("why does it hurt", "what is"),
        ("an uncommonly long sentence without any", "how long"),
        ("how much water", "how long"),
        ("how long does it last", "how much"),
        ("is it dear to me", "price"),
        ("how do I lace shoes", "price"),
        ("how do I lace shoes", "brand"),
        ("a remodelled room", "brand"),
        ("which side hurts", "side effects"),
        ("the percussion massage", "how common"),
    ],
)
def test_a_question_does_not_have_what_it_does_not_want_to_know(question: str, unwanted: str) -> None:
    assert unwanted in NAMES
    assert MARK + unwanted not in intents(question, "en")


@pytest.mark.parametrize("question", ["", "   ", "?!", "sciatica", "my left hip", "😀", "2026"])
def test_a_message_that_asks_nothing_has_no_intent(question: str) -> None:
    assert intents(question, "en") == ()


def test_each_intent_is_found_once_in_the_order_of_the_file() -> None:
    found = intents(
        "Why, why? What causes it, how long does it last, and which doctor prevents it again and again?", "en"
    )

    assert found == tuple(MARK + name for name in NAMES if MARK + name in found)
    assert {"?cause", "?how long", "?which", "?prevent", "?seek help"} <= set(found)


def test_case_accents_width_and_apostrophes_do_not_matter() -> None:
    asked = "why does it hurt and how do i treat it"

    assert intents(asked.upper(), "en") == intents(asked, "en") != ()
    assert intents("ＷＨＹ does it hurt", "en") == intents("why does it hurt", "en")
    assert intents("so it doesn’t ache", "en") == intents("so it doesn't ache", "en") == ("?prevent",)


def test_an_intent_s_term_is_no_word() -> None:
    analyzer = Analyzer("en")

    assert all(analyzer.terms(MARK + name) != [MARK + name] for name in NAMES)
    assert [term for term in analyzer.terms("?cause why? ?treat") if term.startswith(MARK)] == []


@pytest.mark.parametrize("language", ["bn", "de", "fr", "xx", ""])
def test_a_question_in_another_language_has_none(language: str) -> None:
    assert intents("why does it hurt, what causes it", language) == ()
    assert not any(
        term.startswith(MARK) for term in known_question("why does it hurt", Analyzer(language or "xx")).searched
    )


def test_english_of_any_country_has_intents() -> None:
    assert "?cause" in known_question("why does it hurt", Analyzer("en-GB")).searched


# ---- the file


@pytest.mark.parametrize("name", NAMES)
def test_every_intent_is_one_of_a_question_to_the_shipped_corpus(answerer: Answerer, name: str) -> None:
    ways = [way for passage in answerer.passages for way in ways_to_ask(passage)]
    listed = [question for topic in answerer.corpus.not_covered for question in topic.questions]

    assert any(MARK + name in intents(question, "en") for question in (*ways, *listed))


def test_no_intent_is_so_wide_that_most_questions_have_it(answerer: Answerer) -> None:
    questions = [way for passage in answerer.passages for way in ways_to_ask(passage)]
    questions += [question for topic in answerer.corpus.not_covered for question in topic.questions]

    for name in NAMES:
        assert sum(MARK + name in intents(question, "en") for question in questions) < len(questions) / 4, name


def test_patterns_are_written_in_folded_letters() -> None:
    content = tomllib.loads(files("bot").joinpath("intents.toml").read_text("utf-8"))
    lines = [line for text in content["intents"].values() for line in text.splitlines()]
    words = [word for text in content["lists"].values() for word in text.split()]

    assert len(lines) == len(set(lines)) > 150
    assert all(line.strip() == line != "" for line in lines)
    assert [line for line in (*lines, *words) if fold(line, "en") != line or "'" in line] == []
    assert [line for line in lines if ".*" in line or ".+" in line] == []  # an unbounded gap is not linear


# ---- time


@pytest.mark.parametrize(
    "part",
    [
        "can ", "stop ", "keep ", "is ", "what is ", "what are the ", "how many ", "so that my ", "make ", "give ",
        "what can i do ", "where can ", "sets my ", "lower ", "prevent", "heal", "do they ", "a", "?", "\n", "can\n",
        "help so my it ", "when can ", "is it ", "get better ", "keep it up ", "কেন ",
    ],
)  # fmt: skip
def test_reading_takes_no_longer_for_repetitions(part: str) -> None:
    text = (part * 500)[:500]
    took = []
    for _ in range(3):
        started = time.thread_time()
        intents(text, "en")
        took.append(time.thread_time() - started)

    assert min(took) < 0.05


def test_time_grows_with_the_length_and_no_faster() -> None:
    def took(length: int) -> float:
        text = ("can stop keep what is how so that my set " * length)[:length]
        times = []
        for _ in range(5):
            started = time.thread_time()
            intents(text, "en")
            times.append(time.thread_time() - started)
        return min(times)

    assert took(8_000) < 16 * took(1_000)  # eight times the text; a square law would be 64


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=500))
def test_any_text_has_intents_that_the_file_names_each_once(text: str) -> None:
    found = intents(text, "en")

    assert set(found) <= {MARK + name for name in NAMES}
    assert len(set(found)) == len(found)
