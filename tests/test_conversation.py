"""A follow-up borrows what it lacks, and nothing else does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot.answering import Answerer
from bot.conversation import BORROWED_WEIGHT, OLDER_WEIGHT, REPLACED_WEIGHT, STORY_WEIGHT
from bot.model import Finding, Query
from bot.reading import INTENT_WEIGHT, LONG, TELLING_WEIGHT

WriteCorpus = Callable[..., Path]

SHOES = "Can worn-out shoes hurt my back?"

BENGALI = """\
---
title: পিঠ
language: bn
---

## জুতা

পুরোনো জুতা ব্যথা দেয়। ভালো জুতা কিনুন।

## বরফ

বরফ দিন। বরফ ব্যথা কমায়।

## ঘুম

পাশ ফিরে ঘুমান। ভালো ঘুম দরকার।

## বিশ্রাম

বিশ্রাম নিন। বিশ্রাম দরকার।
"""


def borrowed(answerer: Answerer, question: str, *context: str) -> dict[str, float]:
    """The words that ``question`` gets from ``context``, oldest message first, and what each weighs."""
    query = answerer.find(question, context=context, limit=1).query
    return {concept.word: concept.weight for concept in query.concepts if concept.borrowed}


def first(answerer: Answerer, question: str, *context: str) -> str:
    """The passage that is found first."""
    hits = answerer.find(question, context=context, limit=1).hits
    return hits[0].passage.passage_id if hits else ""


# ---- what is a follow-up


@pytest.mark.parametrize(
    "question",
    [
        "and how do I prevent that?",
        "how long does it last?",
        "does it help?",
        "why?",
        "why not",
        "for how long?",
        "which ones exactly",
        "is it dangerous?",
        "should I be worried?",
        "ok so what do I do",
        "what about kids?",
        "and in winter?",
        "or the other one",
        "is it ok",
        "so?",
        "HOW ABOUT THEM",
        "wat abt dis?",
    ],
)
def test_a_message_that_leans_on_the_one_before_borrows_its_topic(answerer: Answerer, question: str) -> None:
    assert {"worn", "shoes"} <= set(borrowed(answerer, question, SHOES))


@pytest.mark.parametrize(
    "question",
    [
        "what is sciatica?",
        "does acupuncture work?",
        "ice or heat for a sore back?",
        "can running too much cause back pain?",  # every passage has all its words, and it is complete
        "how many rest days should runners have each week?",
        "my chest feels tight and I cannot breathe",
        "what is the weather tomorrow",
        "can you recommend a protein powder?",
        "metatarsalgia",
        "who are you?",
        "are you a doctor",
        "help, my father suddenly can't move his right arm and his words are slurred",
        "Does a real person read what I write in this box?",
    ],
)
def test_a_message_that_stands_by_itself_borrows_nothing(answerer: Answerer, question: str) -> None:
    assert borrowed(answerer, question, SHOES) == {}
    assert answerer.answer(question, context=[SHOES]) == answerer.answer(question)


def test_a_question_that_the_content_lists_stands_by_itself_however_much_it_points(write_corpus: WriteCorpus) -> None:
    way = "is it ok to start without seeing anybody"
    page = f"# Page\n\n## Treatment\n\nAsk us first.\n\n<!-- also asked:\n{way}\n-->\n\n## Ice\n\nIce is cold.\n"
    answerer = bot.build(write_corpus({"page.md": page}))

    assert borrowed(answerer, way, "ice on my back") == {}
    assert "ice" in borrowed(answerer, f"{way} now", "ice on my back")


@pytest.mark.parametrize(
    "message",
    [
        "thanks, bye", "ok", "Hello", "ok thank you very much", "great, that helps", "good to know", "No.", "yes",
        "I see", "👍", "…", "?!", "", "hmm", "dhonnobad", "ধন্যবাদ", "THX!!",
    ],
)  # fmt: skip
def test_a_message_that_only_greets_thanks_or_takes_leave_borrows_nothing(answerer: Answerer, message: str) -> None:
    assert borrowed(answerer, message, SHOES) == {}
    assert answerer.answer(message, context=[SHOES]) == answerer.answer(message)


@pytest.mark.parametrize("question", ["ok, is it good?", "is that right", "thanks, but why?", "ok?"])
def test_a_polite_question_is_still_one(answerer: Answerer, question: str) -> None:
    assert "shoes" in borrowed(answerer, question, SHOES)


def test_without_an_earlier_message_nothing_is_borrowed(answerer: Answerer) -> None:
    assert borrowed(answerer, "and how do I prevent that?") == {}
    assert answerer.answer("why?", context=[]) == answerer.answer("why?")


# ---- what is borrowed


def test_borrowed_words_stand_behind_the_message_s_own_are_marked_and_weigh_less(answerer: Answerer) -> None:
    query = answerer.find("how long does it last?", context=["I have sciatica"]).query

    assert query.text == "how long does it last?"
    assert [(one.word, one.weight, one.borrowed) for one in query.concepts] == [
        ("how", 1.0, False),
        ("long", 1.0, False),
        ("last", 1.0, False),
        ("?how long", INTENT_WEIGHT, False),
        ("sciatica", BORROWED_WEIGHT, True),
    ]
    assert BORROWED_WEIGHT < 1


def test_borrowed_words_count_less_in_coverage(answerer: Answerer) -> None:
    (own,) = answerer.find("why unheard zebra gleam", limit=1).hits
    (follow_up,) = answerer.find("why?", context=["unheard zebra gleam"], limit=1).hits

    assert own.coverage < follow_up.coverage < 1


def test_what_the_message_asks_takes_the_place_of_what_was_asked_before(answerer: Answerer) -> None:
    words = borrowed(answerer, "how do I prevent that?", "why do worn-out shoes cause back pain?")

    assert set(words) == {"worn", "out", "shoes", "back", "pain"}


def test_a_message_that_asks_nothing_of_its_own_keeps_what_was_asked_before(answerer: Answerer) -> None:
    assert {"why", "back"} <= set(borrowed(answerer, "what about shoes?", "why does my posture make my back hurt?"))


def test_a_topic_that_is_put_in_place_of_another_leaves_little_of_it(answerer: Answerer) -> None:
    words = borrowed(answerer, "what about acupuncture?", "does yoga work for back pain?")

    assert words["yoga"] == pytest.approx(BORROWED_WEIGHT * REPLACED_WEIGHT)
    assert words["work"] == words["pain"] == BORROWED_WEIGHT


@pytest.mark.parametrize(
    "question",
    [
        "and for stress fractures?",
        "and if that fails?",
        "and do tablets help?",
        "these tablets?",
        "or this one?",
        "how do you do the bird one?",
    ],
)
def test_a_message_that_adds_to_the_topic_leaves_it_whole(answerer: Answerer, question: str) -> None:
    assert borrowed(answerer, question, "are insoles worth it?")["insoles"] == BORROWED_WEIGHT


def test_a_word_of_the_message_itself_is_not_borrowed_again(answerer: Answerer) -> None:
    query = answerer.find("what about trainers?", context=["are my trainers worn out?", "trainers"]).query

    assert [one.word for one in query.concepts].count("trainers") == 1


# ---- from which message


def test_the_nearer_message_weighs_more_than_an_older_question(answerer: Answerer) -> None:
    words = borrowed(answerer, "why?", "is yoga good?", "can ice hurt my back?")

    assert words["ice"] == BORROWED_WEIGHT
    assert words["yoga"] == pytest.approx(BORROWED_WEIGHT * OLDER_WEIGHT)


def test_messages_that_tell_are_one_story(answerer: Answerer) -> None:
    words = borrowed(answerer, "how urgent is that?", "back pain after a run", "my left foot feels weak", "since today")

    assert words["today"] == BORROWED_WEIGHT
    assert words["foot"] == pytest.approx(BORROWED_WEIGHT * STORY_WEIGHT)
    assert words["pain"] == pytest.approx(BORROWED_WEIGHT * STORY_WEIGHT**2)
    assert STORY_WEIGHT > OLDER_WEIGHT


def test_a_word_of_two_messages_is_borrowed_from_the_nearer(answerer: Answerer) -> None:
    assert borrowed(answerer, "why?", "is ice good?", "can ice hurt my back?")["ice"] == BORROWED_WEIGHT


@pytest.mark.parametrize("courtesy", ["ok thanks", "hello", "👍"])
def test_a_courtesy_between_changes_nothing(answerer: Answerer, courtesy: str) -> None:
    for question in ("why?", "what about kids?"):
        assert borrowed(answerer, question, SHOES, courtesy) == borrowed(answerer, question, SHOES)


def test_a_message_that_is_repeated_finds_the_same(answerer: Answerer) -> None:
    asked = [SHOES, "why?"]

    assert borrowed(answerer, "why?", *asked, "why?").keys() == borrowed(answerer, "why?", SHOES).keys()
    assert first(answerer, "why?", *asked, "why?") == first(answerer, "why?", SHOES)
    assert answerer.answer(SHOES, context=[SHOES, SHOES]) == answerer.answer(SHOES)


def test_the_words_of_a_long_earlier_message_keep_their_weights(answerer: Answerer) -> None:
    story = f"{'I ran in the park with my friends. ' * LONG}Is ice good?"

    words = borrowed(answerer, "why?", story)

    assert words["ice"] == BORROWED_WEIGHT
    assert words["park"] == pytest.approx(BORROWED_WEIGHT * TELLING_WEIGHT)


# ---- what is found


@pytest.mark.parametrize(
    ("context", "question", "passages"),
    [
        (["I think I have sciatica"], "how long does it last?", ["causes-conditions-sciatica"]),
        (["could my posture be why my back aches"], "what about shoes?", ["causes-shoes", "worn-shoes"]),
        (["can I take ibuprofen?", "I also take a blood thinner"], "is it still ok?", ["treatment-pain-relievers"]),
        (["are insoles worth it for my back"], "and for stress fractures?", ["prevention-footwear-orthotics"]),
        (["my calf is swollen and warm"], "could it be serious?", ["swollen-leg-or-blood"]),
    ],
)
def test_a_follow_up_finds_what_it_means_and_would_not_alone(
    answerer: Answerer, context: list[str], question: str, passages: list[str]
) -> None:
    assert first(answerer, question, *context).partition("#")[2] in passages
    assert not any(first(answerer, question).endswith(f"#{name}") for name in passages)


@pytest.mark.parametrize(
    ("context", "question", "passages"),
    [
        ("does yoga work for back pain", "what about acupuncture?", ["treatment-alternative"]),
        ("could worn trainers be why my back hurts", "or is it my weak core?", ["causes-core-strength", "core-role"]),
        ("can overtraining cause back pain", "what about the way I run?", ["causes-running-form", "form-contributes"]),
        ("which shoes are best", "what is sciatica?", ["causes-conditions-sciatica"]),
    ],
)
def test_another_topic_is_not_drowned_by_the_one_before(
    answerer: Answerer, context: str, question: str, passages: list[str]
) -> None:
    assert first(answerer, question, context).partition("#")[2] in passages


def test_the_same_conversation_gets_the_same_finding_also_from_a_new_answerer(
    answerer: Answerer, corpus_folder: Path
) -> None:
    def found(by: Answerer) -> Finding:
        return by.find("and how do I prevent that?", context=["my back hurts", SHOES, "too much too soon"])

    assert found(answerer) == found(answerer) == found(bot.build(corpus_folder))


anything = st.one_of(
    st.lists(st.sampled_from("and what about it why how shoes back ice ok zebra জুতা 😀".split()), max_size=6).map(
        " ".join
    ),
    st.text(max_size=30),
)


@settings(max_examples=60, deadline=None)
@given(question=anything, context=st.lists(anything, max_size=3))
def test_own_words_stay_and_others_are_marked_lighter_and_each_stands_once(
    answerer: Answerer, question: str, context: list[str]
) -> None:
    own = answerer.find(question, limit=1).query.concepts
    found = answerer.find(question, context=context, limit=1)

    concepts = found.query.concepts
    assert concepts[: len(own)] == own
    assert all(one.borrowed and 0 < one.weight <= BORROWED_WEIGHT for one in concepts[len(own) :])
    terms = [next(iter(one.terms)) for one in concepts]
    assert len(set(terms)) == len(terms)
    assert all(0 <= hit.coverage <= 1 for hit in found.hits)


# ---- other languages and small corpora


def test_in_another_language_a_word_that_says_little_borrows_and_a_topic_or_an_unknown_word_does_not(
    write_corpus: WriteCorpus,
) -> None:
    answerer = bot.build(write_corpus({"পিঠ.md": BENGALI, "clinic.toml": 'name = "ক"\nlanguages = ["bn"]\n'}))

    assert "জুতা" in borrowed(answerer, "ব্যথা?", "পুরোনো জুতা")
    assert borrowed(answerer, "বরফ কমায়?", "পুরোনো জুতা") == {}
    assert borrowed(answerer, "ধন্যবাদ", "পুরোনো জুতা") == {}
    assert borrowed(answerer, "👍", "পুরোনো জুতা") == {}


def test_english_lists_are_not_read_into_another_language(write_corpus: WriteCorpus) -> None:
    page = "# Seite\n\n## Schuhe\n\nAlte Schuhe.\n\n## Eis\n\nEis hilft. Mehr Eis.\n\n## Zur Ruhe\n\nRuhe hilft.\n"
    folder = write_corpus({"seite.md": page, "clinic.toml": 'name = "A"\nlanguages = ["de"]\n'})

    answerer = bot.build(folder)

    assert borrowed(answerer, "still also", "alte Schuhe") == {}
    assert borrowed(answerer, "so Eis", "alte Schuhe") == {}
    assert borrowed(answerer, "Ruhe", "alte Schuhe").keys() == {"alte", "Schuhe"}


def test_a_corpus_of_one_passage_can_be_asked_on_about(write_corpus: WriteCorpus) -> None:
    answerer = bot.build(write_corpus({"page.md": "# Shoes\n\nReplace your shoes in time.\n"}))

    assert first(answerer, "and how?", "shoes") == "page#shoes"
    assert borrowed(answerer, "zebra gleam", "shoes") == {}


# ---- what the content says of a word


def test_rarity_runs_from_a_word_of_all_passages_to_a_word_of_none(answerer: Answerer) -> None:
    index = answerer._index
    back, sciatica, zebra = (answerer.find(word).query.concepts[0] for word in ("back", "sciatica", "zebra"))

    assert 0 < index.rarity(back) < 0.1 < index.rarity(sciatica) < index.rarity(zebra) == 1


def test_burstiness_is_the_share_of_uses_beyond_one_a_passage(write_corpus: WriteCorpus) -> None:
    page = (
        "# Page\n\n## Ice\n\nPut it on.\n\n<!-- also asked:\nice on my back\nis ice good\n-->\n\n"
        "## Sleep\n\nIce is cold, and ice melts. Snow melts.\n"
    )
    answerer = bot.build(write_corpus({"page.md": page}))
    query: Query = answerer.find("ice cold melts zebra").query

    # ice: the heading's text, the heading and two ways to ask it, and one sentence: five uses in two passages
    # cold: one sentence; melts: two sentences of one passage; zebra: none
    assert [answerer._index.burstiness(concept) for concept in query.concepts] == [
        pytest.approx(3 / 5), 0.0, 0.5, 0.0,
    ]  # fmt: skip
