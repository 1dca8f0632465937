"""Misspelt words → words of the corpus, and only those."""

import os
import string
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis import fold, tokenize
from bot.spelling import MIN_LENGTH, Speller

ROOT = Path(__file__).resolve().parent.parent

TEXTS = (
    "Rest your back after running. Old shoes hurt, and a runner has a sore knee.",
    "Sciatica: ask a physiotherapist about stretching and exercise every week.",
    "Osteoporosis, 10km and L4/L5. Does your hip hurt? Your doctor can help with pain; don’t wait.",
)
SPELLER = Speller(TEXTS, "en")
UNGUARDED = Speller(TEXTS, "xx")  # a language without a general dictionary and without short forms
VOCABULARY = sorted({fold(text[start:end], "en") for text in TEXTS for start, end in tokenize(text)})


# ---- words that are left alone


@pytest.mark.parametrize("word", VOCABULARY)
def test_a_word_of_the_corpus_is_left_alone(word: str) -> None:
    assert SPELLER.mend(word) == ()


@pytest.mark.parametrize(
    ("has", "typed"),
    [
        ("knee", "need"),
        ("need", "knee"),
        ("back", "pack"),
        ("pain", "paint"),
        ("spine", "spin"),
        ("hip pain", "chip"),
        ("weight", "eight"),
        ("running", "ruining"),
        ("strain", "train"),
        ("disc", "disco"),
        ("walking", "waking"),
        ("color", "colour"),
    ],
)
def test_an_english_word_is_never_taken_for_another(has: str, typed: str) -> None:
    assert Speller([has], "en").mend(typed) == ()


@pytest.mark.parametrize(
    ("has", "typed"),
    [
        ("want", "wasn't"),
        ("want", "wasnt"),
        ("went", "weren't"),
        ("rent", "aren't"),
        ("rent", "arent"),
        ("would", "wouldn't"),
        ("have", "haven't"),
        ("wouldn't", "couldnt"),
        ("were", "we've"),
        ("done", "don't"),
    ],
)
def test_a_shortened_not_is_a_word_with_and_without_its_apostrophe(has: str, typed: str) -> None:
    assert Speller([has], "en").mend(fold(typed, "en")) == ()


@pytest.mark.parametrize("typed", ["dont", "runners", "doesnt"])
def test_a_missing_apostrophe_makes_no_other_word(typed: str) -> None:
    texts = ("Don’t wait: a runner’s knee, runners’ knees, it doesn't help.", "done runner does down don")

    assert Speller(texts, "en").mend(typed) == ()


@pytest.mark.parametrize("word", ["bak", "kne", "pan", "hpi", "rst", "run", "ice", "ba", "x"])
def test_words_below_four_letters_are_left_alone(word: str) -> None:
    assert len(word) < MIN_LENGTH == 4
    assert SPELLER.mend(word) == ()


@pytest.mark.parametrize("word", ["10kn", "11km", "1okm", "l4l5", "b4ck", "kn33", "back1", "2026", "4weeks", "shoes2"])
def test_words_with_digits_are_left_alone(word: str) -> None:
    assert SPELLER.mend(word) == ()


@pytest.mark.parametrize(
    "word",
    [
        "ব্যথা",
        "পিঠেব্যথা",
        "শরীর",
        "कमरदर्द",
        "முதுகுவலி",
        "спина",
        "позвоночник",
        "πόνος",
        "ظهري",
        "腰痛跑步",
        "васк",  # Cyrillic letters that look like “back”
    ],
)
def test_words_of_other_scripts_are_left_alone(word: str) -> None:
    assert SPELLER.mend(fold(word, "en")) == ()
    assert Speller(["ব্যাথা পীঠে শরির कमर"], "bn").mend(fold("ব্যথা", "bn")) == ()


@pytest.mark.parametrize("word", ["qwxzy", "zebra", "xylophone", "backgammon", "exerc", "kneeeee", "abcdefghij"])
def test_a_word_that_is_near_to_none_is_left_alone(word: str) -> None:
    assert SPELLER.mend(word) == ()


# ---- words that are mended


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # a key beside the right one
        ("bacl", "back"),
        ("vack", "back"),
        ("oain", "pain"),
        ("knre", "knee"),
        ("sciarica", "sciatica"),
        # a letter twice
        ("baack", "back"),
        ("runningg", "running"),
        ("shooes", "shoes"),
        ("kneee", "knee"),
        # a letter missing
        ("runing", "running"),
        ("stretchng", "stretching"),
        ("siatica", "sciatica"),
        ("physoterapist", "physiotherapist"),
        # two letters swapped
        ("bakc", "back"),
        ("abck", "back"),
        ("shose", "shoes"),
        ("runnign", "running"),
        ("exercsie", "exercise"),
        # as it sounds
        ("exersise", "exercise"),
        ("phisiotherapist", "physiotherapist"),
        ("osteoprosis", "osteoporosis"),
        ("docter", "doctor"),
    ],
)
def test_a_slip_is_mended_to_the_word_of_the_corpus(typed: str, meant: str) -> None:
    assert SPELLER.mend(typed) == (meant,)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kenw", ()),  # two slips from “knee”: too many for four letters
        ("shoosz", ("shoes",)),  # two slips in six letters
        ("scatca", ("sciatica",)),
        ("zciatca", ()),  # two slips, and another first letter
        ("zciatica", ("sciatica",)),  # one slip may be the first letter
        ("sxixticx", ()),  # three slips
    ],
)
def test_longer_words_may_have_two_slips_the_first_letter_counts_for_more(typed: str, meant: tuple[str, ...]) -> None:
    assert SPELLER.mend(typed) == meant


def test_the_nearest_word_goes_before_the_commoner_one() -> None:
    speller = Speller(["stretching " * 50 + "stretchier"], "en")

    assert speller.mend("stretchieer") == ("stretchier",)


def test_of_words_just_as_near_the_commoner_one_is_meant() -> None:
    assert Speller(["hurts hurts hurry"], "en").mend("hurtz") == ("hurts",)
    assert Speller(["bats bats bars"], "en").mend("bazs") == ("bats",)
    assert Speller(["bats bars bars"], "en").mend("bazs") == ("bars",)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("backpain", ("back", "pain")),
        ("painback", ("pain", "back")),
        ("hippain", ("hip", "pain")),
        ("runningshoes", ("running", "shoes")),
        ("everyweek", ("every", "week")),
    ],
)
def test_words_run_together_are_parted(typed: str, parts: tuple[str, str]) -> None:
    assert SPELLER.mend(typed) == parts


@pytest.mark.parametrize("typed", ["backzebra", "zebraback", "myback", "backpainrunning", "restx"])
def test_only_two_words_of_the_corpus_are_parted_neither_below_three_letters(typed: str) -> None:
    assert len(SPELLER.mend(typed)) < 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bck", "back"),
        ("dr", "doctor"),
        ("hv", "have"),
        ("plz", "please"),
        ("shud", "should"),
        ("u", "you"),
        ("y", "why"),
    ],
)
def test_short_forms_are_spelt_out_whatever_their_length(typed: str, meant: str) -> None:
    assert Speller(["old shoes"], "en").mend(typed) == (meant,)


@pytest.mark.parametrize(("typed", "meant"), [("u", "you"), ("pls", "please"), ("dr", "doctor")])
def test_a_short_form_is_spelt_out_also_where_a_way_to_ask_has_it(typed: str, meant: str) -> None:
    assert Speller([f"why {typed} have pain, {typed}"], "en").mend(typed) == (meant,)


# ---- candidates


slips = st.builds(
    lambda word, at, letters: word[: at % (len(word) + 1)] + letters + word[(at + 1) % (len(word) + 1) :],
    st.sampled_from(VOCABULARY),
    st.integers(0, 20),
    st.text(alphabet=string.ascii_lowercase, max_size=3),
)


@settings(max_examples=200, deadline=None)
@given(word=st.one_of(slips, st.text(alphabet=string.ascii_lowercase, max_size=14)))
def test_a_mended_word_can_always_be_found_and_is_not_what_was_typed(word: str) -> None:
    mended = UNGUARDED.mend(word)

    assert set(mended) <= set(VOCABULARY) - {word}
    assert len(mended) <= 2
    assert len(mended) < 2 or "".join(mended) == word
    assert mended == () or (word not in VOCABULARY and len(word) >= MIN_LENGTH)


@settings(max_examples=100, deadline=None)
@given(word=st.one_of(slips, st.text(alphabet=string.ascii_lowercase)).filter(lambda word: len(word) > 5))
def test_knowing_english_only_keeps_words_from_being_mended(word: str) -> None:
    assert SPELLER.mend(word) in ((), UNGUARDED.mend(word))


def test_a_corpus_without_words_mends_nothing() -> None:
    assert Speller([], "en").mend("bakc") == Speller(["", "?!"], "en").mend("bakc") == ()


def test_what_one_corpus_knows_another_does_not() -> None:
    assert Speller(["sciatica"], "en").mend("siatica") == ("sciatica",)
    assert Speller(["arthritis"], "en").mend("siatica") == ()


def test_the_order_of_the_texts_changes_nothing_where_one_word_is_nearest() -> None:
    typed = ["bakc", "runing", "siatica", "backpain", "shose", "docter", "zebra"]

    assert [Speller(TEXTS[::-1], "en").mend(word) for word in typed] == [SPELLER.mend(word) for word in typed]


_MENDS = """
from bot.spelling import Speller
words = "bats bars bags bays bans backs packs hacks sacks knees needs hurts hurry"
speller = Speller([words], "en")
print([speller.mend(word) for word in "bazs bacls qacks kneds hurtz bqks zats".split()])
"""


def test_ties_are_settled_the_same_way_in_every_process() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", _MENDS],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(said) == 1
    assert "('bats',)" in said.pop()


# ---- other languages


def test_other_languages_are_mended_to_their_own_words_without_an_english_dictionary() -> None:
    german = Speller(["Rückenschmerzen nach dem Laufen"], "de")

    assert german.mend("rückenschmerzn") == ("rückenschmerzen",)
    assert german.mend("laufem") == ("laufen",)


def test_english_short_forms_are_words_of_other_languages() -> None:
    assert Speller(["rücken"], "de").mend("dr") == Speller(["rücken"], "de").mend("u") == ()


def test_a_word_so_rare_that_it_is_mostly_a_slip_is_mended() -> None:
    speller = Speller(["worn shoes", "a sore knee"], "en")

    assert speller.mend("shoos") == ("shoes",)
    assert speller.mend("need") == ()
    assert speller.mend("niggle") == ()  # rare, and a word


def test_two_words_run_together_are_nearer_than_two_slips() -> None:
    speller = Speller(["back pain", "a backpack"], "en")

    assert speller.mend("backpain") == ("back", "pain")
    assert speller.mend("backpak") == ("backpack",)


def test_what_measures_distances_holds_nothing_that_two_threads_could_write_into() -> None:
    speller = Speller(["orthopedics", "stretches"], "en")

    assert speller.mend("orthopedisc") == ("orthopedics",)
    assert vars(speller._symspell.distance_comparer._distance_comparer) == {}
