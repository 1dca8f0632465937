"""Words → terms: the same steps for passages and for questions."""

import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis import Analyzer, fold, tokenize

ROOT = Path(__file__).resolve().parent.parent


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenize(text)]


# ---- tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Worn-out shoes?", ["Worn", "out", "shoes"]),
        ("L4/L5, 10km & 5.2", ["L4", "L5", "10km", "5", "2"]),
        ("the runner’s back", ["the", "runner’s", "back"]),
        ("the runner's back", ["the", "runner's", "back"]),
        ("the runnerʼs back", ["the", "runnerʼs", "back"]),
        ("the runners' back", ["the", "runners", "back"]),
        ("‘quoted’ 'words'", ["quoted", "words"]),
        ("don't", ["don't"]),
        ("nai\u0308ve", ["nai\u0308ve"]),
        ("snake_case", ["snake", "case"]),
        ("পিঠে ব্যথা, কেন?", ["পিঠে", "ব্যথা", "কেন"]),
        ("पीठ में दर्द", ["पीठ", "में", "दर्द"]),
        ("முதுகு வலி", ["முதுகு", "வலி"]),
        ("র\u200dযাম করি", ["র\u200dযাম", "করি"]),
        ("می\u200cدوم", ["می\u200cدوم"]),
        ("😀run😀", ["run"]),
        ("৯৯৯ নম্বরে", ["৯৯৯", "নম্বরে"]),
        ("", []),
        ("?! …", []),
    ],
)
def test_a_word_goes_on_over_vowel_signs_joiners_and_inner_apostrophes(text: str, words: list[str]) -> None:
    assert _words(text) == words


def test_python_s_own_word_class_breaks_bengali_words_and_ours_keeps_them() -> None:
    text = "পিঠে ব্যথা"

    assert re.findall(r"\w+", text) != text.split()
    assert _words(text) == text.split()


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aZé9_ -.’'ßﬁＡ\u0301\u200c\u200d\u09bc\u09dfকিঠ্য৯हि痛😀\n\x00", max_size=30))
def test_words_stand_in_order_and_apart_and_no_letter_or_digit_is_left_out(text: str) -> None:
    spans = tokenize(text)

    ends = [0, *(end for _, end in spans)]
    assert all(before <= start < end for before, (start, end) in zip(ends, spans, strict=False))
    covered = {at for start, end in spans for at in range(start, end)}
    assert all(at in covered for at, character in enumerate(text) if character.isalpha() or character.isdecimal())


# ---- fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("RUN", "run"),
        ("Ｒｕｎ", "run"),
        ("runner’s", "runner"),
        ("runner's", "runner"),
        ("runnerʼs", "runner"),
        ("RUNNER＇S", "runner"),
        ("don’t", "dont"),
        ("DON'T", "dont"),
        ("ﬁtness", "fitness"),
        ("café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Ångström", "angstrom"),
        ("İstanbul", "istanbul"),
        ("straße", "strasse"),
        ("পিঠে", "পিঠে"),
        ("র\u200dযাম", "রযাম"),
    ],
)
def test_english_has_one_spelling_for_all_ways_to_write_a_word(written: str, folded: str) -> None:
    assert fold(written, "en") == folded


def test_accents_tell_words_apart_in_other_languages() -> None:
    assert fold("Cafe\u0301", "fr") == "café" != fold("cafe", "fr")


def test_both_codings_of_a_bengali_letter_are_one() -> None:
    assert fold("সম\u09df", "bn") == fold("সম\u09af\u09bc", "bn")


@pytest.mark.parametrize("word", ["runner’s", "Café", "ﬁtness", "naïve", "don't", "Ångström", "ব্যথা", "সম\u09df"])
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_case_and_unicode_form_make_no_other_word(word: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    for language in ("en", "fr", "bn"):
        once = fold(word, language)
        assert {fold(unicodedata.normalize(form, way), language) for way in (word, word.upper(), once)} == {once}


# ---- terms


@pytest.mark.parametrize("word", ["what", "why", "how", "when", "where", "who", "which", "should", "not", "no"])
def test_question_words_and_denials_are_no_stop_words(word: str) -> None:
    assert len(Analyzer("en").terms(f"{word.capitalize()} hurts?")) == 2


@pytest.mark.parametrize("text", ["the", "Is it MY?", "I’m", "i'm", "you’ve", "that's", "WHATS", "do we"])
def test_words_without_a_topic_are_no_terms(text: str) -> None:
    assert Analyzer("en").terms(text) == []


def test_english_stop_words_are_words_of_other_languages() -> None:
    assert Analyzer("de").terms("die an was") == ["die", "an", "was"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "shoe", "Shoes"),
        ("en", "running", "runs"),
        ("en", "hurting", "hurts"),
        ("en", "runner’s", "runners"),
        ("en-GB", "shoe", "shoes"),
        ("EN", "shoe", "shoes"),
        ("de", "Schuhe", "Schuhen"),
        ("fr", "chaussure", "chaussures"),
        ("es", "zapato", "zapatos"),
        ("ru", "обувь", "обуви"),
    ],
)
def test_forms_of_a_word_are_one_term_in_a_language_with_a_stemmer(language: str, one: str, other: str) -> None:
    analyzer = Analyzer(language)

    assert analyzer.terms(one) == analyzer.terms(other) != []


@pytest.mark.parametrize("language", ["bn", "bn-BD", "xx", ""])
def test_words_of_a_language_without_a_stemmer_are_folded_only(language: str) -> None:
    assert Analyzer(language).terms("Shoes ব্যথা") == ["shoes", "ব্যথা"]


def test_words_with_different_meanings_are_different_terms() -> None:
    assert len(set(Analyzer("en").terms("run rest walk shoe disc arthritis"))) == 6


def test_tokens_point_at_their_words_also_behind_characters_of_two_code_units() -> None:
    text = "😀 The runner’s ব্যথা"

    tokens = Analyzer("en").tokens(text)

    assert [(token.term, text[token.start : token.end]) for token in tokens] == [
        ("runner", "runner’s"),
        ("ব্যথা", "ব্যথা"),
    ]


@pytest.mark.parametrize(
    ("word", "term"),
    [("shoes", "shoe"), ("running", "run"), ("why", "whi"), ("the", ""), ("im", ""), ("ব্যথা", "ব্যথা"), ("10km", "10km")],
)
def test_the_term_of_a_folded_word_is_its_stem_and_that_of_a_stop_word_is_empty(word: str, term: str) -> None:
    assert Analyzer("en").term(word) == term


def test_a_word_alone_has_the_term_that_it_has_in_a_text() -> None:
    analyzer = Analyzer("en")
    text = "Why do the runner’s OLD shoes hurt, and who’s asking?"

    terms = [analyzer.term(fold(word, "en")) for word in _words(text)]

    assert [term for term in terms if term] == analyzer.terms(text)


@pytest.mark.parametrize("text", ["", "   ", "?!", "the of and", "\u200d", "😀"])
def test_a_text_without_a_topic_has_no_terms(text: str) -> None:
    assert Analyzer("en").terms(text) == []


# ---- nltk without downloads

_WITHOUT_DATA = """
import nltk
nltk.data.path[:] = [__import__("os").environ["NLTK_DATA"]]

import bot
from bot.analysis import Analyzer, _SNOWBALL

for language in _SNOWBALL:
    assert Analyzer(language).terms("run"), language
long = " ".join(["One sentence of five words."] * 30)
open("page.md", "w").write("# Page\\n\\n" + long + "\\n")
answerer = bot.build(".")
assert len(answerer.passages) == 2, answerer.passages
assert answerer.answer("sentence of five words").kind == "answer"

for needs_data in (
    lambda: nltk.word_tokenize("one two"),
    lambda: nltk.sent_tokenize("One. Two."),
    lambda: nltk.corpus.stopwords.words("english"),
    lambda: nltk.corpus.wordnet.synsets("pain"),
):
    try:
        needs_data()
    except LookupError:
        continue
    raise AssertionError("worked without data")
print("fine")
"""


def test_what_we_use_of_nltk_needs_no_download_and_what_we_avoid_does(tmp_path: Path) -> None:
    environment = {**os.environ, "NLTK_DATA": str(tmp_path / "empty"), "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_DATA],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (done.stdout, done.stderr) == ("fine\n", "")
