"""A passage as it is shown and cited."""

from datetime import date
from hashlib import sha256
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis import Analyzer, highlights
from bot.model import Block, Document, Mark, Passage, Reference
from bot.quoting import (
    SNIPPET_WORDS,
    SOURCES,
    alternative,
    citation,
    is_overdue,
    quoted,
    snippet,
    source_url,
)
from bot.reply import Alternative, Citation, QuotedBlock, QuotedPassage

ENGLISH = Analyzer("en")
TODAY = date(2026, 11, 22)


def _document(url: str | None = None, next_review: date | None = None) -> Document:
    return Document(
        doc_id="page",
        title="Back pain",
        author="A. Author",
        reviewer="Dr. R",
        reviewed=date(2025, 1, 2),
        next_review=next_review,
        url=url,
        language="en",
        sections=(),
        references=(),
    )


def _passage(*texts: str, anchor: str = "shoes", doc_id: str = "page") -> Passage:
    text = " ".join(texts)
    return Passage(
        passage_id=f"{doc_id}#{anchor}",
        doc_id=doc_id,
        anchor=anchor,
        title="Worn-out shoes",
        path=("Causes", "Gear"),
        text=text,
        blocks=tuple(Block("p", one) for one in texts),
        references=(Reference(3, "Three", "https://a.example"),),
        classes=frozenset(),
        content_hash=sha256(text.encode()).hexdigest(),
    )


# ---- highlights


@pytest.mark.parametrize(
    ("text", "terms", "words"),
    [
        ("Shoes hurt. Old shoes!", {"shoe"}, ["Shoes", "shoes"]),
        ("Shoes hurt. Old shoes!", {"shoe", "hurt"}, ["Shoes", "hurt", "shoes"]),
        ("The runner’s back, runners", {"runner"}, ["runner’s", "runners"]),
        ("A background for backs", {"back"}, ["backs"]),
        ("Worn-out", {"worn"}, ["Worn"]),
        ("Rest", {"shoe"}, []),
        ("The rest", {"the"}, []),
        ("Rest", set(), []),
        ("", {"rest"}, []),
        ("😀😀 shoes", {"shoe"}, ["shoes"]),
        ("𝒳 ﬁt Café", {"cafe"}, ["Café"]),
        ("পিঠে ব্যথা 😀 ব্যথা", {"ব্যথা"}, ["ব্যথা", "ব্যথা"]),
    ],
)
def test_highlights_are_exactly_the_words_indexed_under_the_terms(text: str, terms: set[str], words: list[str]) -> None:
    assert [text[start:end] for start, end in highlights(text, terms, ENGLISH)] == words


def test_offsets_count_code_points_also_behind_characters_of_two_code_units() -> None:
    assert highlights("😀 shoes 👩‍⚕️ shoes", {"shoe"}, ENGLISH) == ((2, 7), (13, 18))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["shoes", "Shoe", "rest", "😀", "the", "বাহ", "-", "shoe’s"]), max_size=12))
def test_every_matching_word_is_marked_once_and_no_other(words: list[str]) -> None:
    text = " ".join(words)

    marked = highlights(text, {"shoe"}, ENGLISH)

    assert [text[start:end] for start, end in marked] == [w for w in words if w.lower().startswith("shoe")]
    assert sorted(set(marked)) == list(marked)


def test_a_quoted_passage_has_its_words_block_by_block_with_offsets_into_each() -> None:
    blocks = (Block("p", "Old shoes.", (Mark("strong", 0, 3),)), Block("li", "No shoes", ordinal=2))
    passage = Passage("page#a", "page", "a", "Shoes?", (), "Old shoes. No shoes", blocks, (), frozenset(), "")

    assert quoted(passage, {"shoe"}, ENGLISH) == QuotedPassage(
        id="page#a",
        title="Shoes?",
        text="Old shoes. No shoes",
        blocks=(QuotedBlock("p", "Old shoes.", ((4, 9),)), QuotedBlock("li", "No shoes", ((3, 8),))),
    )


# ---- source


@pytest.mark.parametrize(
    ("doc_id", "anchor", "url"),
    [
        ("page", "shoes", f"{SOURCES}page#shoes"),
        ("page", "shoes~2", f"{SOURCES}page#shoes~2"),
        ("পিঠ", "ব্যথা", f"{SOURCES}%E0%A6%AA%E0%A6%BF%E0%A6%A0#%E0%A6%AC%E0%A7%8D%E0%A6%AF%E0%A6%A5%E0%A6%BE"),
    ],
)
def test_a_document_without_an_address_is_cited_on_our_own_page(doc_id: str, anchor: str, url: str) -> None:
    assert source_url(_passage("text", doc_id=doc_id, anchor=anchor), _document()) == url


@pytest.mark.parametrize(
    ("address", "start"),
    [
        ("https://clinic.example/pain", "https://clinic.example/pain#:~:text="),
        ("https://clinic.example/pain?x=1#top", "https://clinic.example/pain?x=1#top:~:text="),
    ],
)
def test_the_clinic_s_own_page_is_opened_at_the_passage_s_words(address: str, start: str) -> None:
    assert source_url(_passage("Old shoes hurt."), _document(address)) == f"{start}Old%20shoes%20hurt."


@pytest.mark.parametrize(
    ("written", "encoded"),
    [
        ("worn-out", "worn%2Dout"),
        ("yes, no", "yes%2C%20no"),
        ("salt & ice", "salt%20%26%20ice"),
        ("50% = half/all #1", "50%25%20%3D%20half%2Fall%20%231"),
        ("ব্যথা", "%E0%A6%AC%E0%A7%8D%E0%A6%AF%E0%A6%A5%E0%A6%BE"),
    ],
)
def test_characters_with_a_meaning_in_a_text_fragment_are_encoded(written: str, encoded: str) -> None:
    assert source_url(_passage(written), _document("https://a.example/")) == f"https://a.example/#:~:text={encoded}"


def test_of_a_long_passage_the_fragment_names_both_ends_of_its_first_block() -> None:
    words = [f"w{at}" for at in range(1, 14)]

    url = source_url(_passage(" ".join(words), "A second block."), _document("https://a.example/"))

    first, last = url.partition("text=")[2].split(",")
    assert (unquote(first), unquote(last)) == ("w1 w2 w3 w4 w5 w6", "w8 w9 w10 w11 w12 w13")


def test_of_a_passage_of_twelve_words_the_fragment_is_all_of_them() -> None:
    text = " ".join(f"w{at}" for at in range(1, 13))

    assert unquote(source_url(_passage(text), _document("https://a.example/"))) == f"https://a.example/#:~:text={text}"


# ---- citation


def test_a_citation_says_where_it_stands_who_wrote_it_and_what_it_cites() -> None:
    passage = _passage("text")

    assert citation(passage, _document(), TODAY) == Citation(
        document="Back pain",
        section="Causes › Gear › Worn-out shoes",
        url="/sources/page#shoes",
        author="A. Author",
        reviewed=date(2025, 1, 2),
        overdue=False,
        hash=sha256(b"text").hexdigest(),
        references=(Reference(3, "Three", "https://a.example"),),
    )


@pytest.mark.parametrize(
    ("next_review", "overdue"),
    [
        (date(2026, 11, 21), True),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), False),
        (None, False),
    ],
)
def test_a_review_is_overdue_from_the_day_after_it_was_due(next_review: date | None, overdue: bool) -> None:
    document = _document(next_review=next_review)

    assert is_overdue(document, TODAY) is overdue
    assert citation(_passage("text"), document, TODAY).overdue is overdue


def test_without_a_day_nothing_is_overdue() -> None:
    assert citation(_passage("text"), _document(next_review=date(1999, 1, 1)), None).overdue is False


# ---- snippet


@pytest.mark.parametrize("count", [0, 1, SNIPPET_WORDS - 1, SNIPPET_WORDS])
def test_a_short_text_is_its_own_snippet(count: int) -> None:
    text = " ".join(f"w{at}" for at in range(count))

    assert snippet(text) == text


def test_a_long_text_is_cut_behind_a_word_and_says_so() -> None:
    words = [f"w{at}" for at in range(SNIPPET_WORDS + 1)]

    assert snippet(" ".join(words)) == " ".join(words[:-1]) + " …"


def test_an_alternative_has_title_snippet_and_source() -> None:
    assert alternative(_passage("Old shoes hurt."), _document()) == Alternative(
        "page#shoes", "Worn-out shoes", "Old shoes hurt.", "/sources/page#shoes"
    )
