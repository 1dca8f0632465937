"""One way to ask goes in or out of a document's text, byte for byte, or the edit is refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.corpus import load_corpus
from bot.documents import read_document
from bot.editing import MOST, with_way_to_ask, without_way_to_ask
from bot.errors import CorpusError, PhrasingError
from bot.model import Corpus, Document
from tests.conftest import ROOT

FOLDER = ROOT / "corpus"
CORPUS = load_corpus(FOLDER)
EMPTY = Corpus(CORPUS.clinic, (), "")
PATH = Path("page.md")
TEXTS = {doc.doc_id: (FOLDER / f"{doc.doc_id}.md").read_bytes().decode() for doc in CORPUS.documents}
TARGETS = [(doc.doc_id, section.anchor) for doc in CORPUS.documents for section in doc.sections if section.blocks]
NEW = "zyx new words"


def _read(text: str, path: Path = PATH) -> Document:
    return replace(read_document(text, path, "en")[0], url=None)


def _without_lines(document: Document) -> Document:
    return replace(document, sections=tuple(replace(section, line=0) for section in document.sections))


def _with(text: str, anchor: str = "rest", phrasing: str = NEW) -> str:
    return with_way_to_ask(text, PATH, anchor, phrasing, corpus=EMPTY)


# ---- where the line goes

HEAD = "# T {#t}\n\none\n\n## Rest {#rest}\n\ntext\n"
ADDED = {
    "last in the comment": (
        f"{HEAD}\n<!-- also asked:\nwhy\n-->\n\n## Next\n\nx\n",
        f"{HEAD}\n<!-- also asked:\nwhy\n{NEW}\n-->\n\n## Next\n\nx\n",
    ),
    "in the last of two comments": (
        f"{HEAD}\n<!-- also asked:\nwhy\n-->\n\n<!-- a -->\n<!-- Also asked\nhow\n-->\n<!-- b -->\n",
        f"{HEAD}\n<!-- also asked:\nwhy\n-->\n\n<!-- a -->\n<!-- Also asked\nhow\n{NEW}\n-->\n<!-- b -->\n",
    ),
    "before an end on the same line": (
        f"{HEAD}\n<!-- also asked:\nwhy -->",
        f"{HEAD}\n<!-- also asked:\nwhy\n{NEW} -->",
    ),
    "above empty lines": (
        f"{HEAD}\n<!-- also asked:\nwhy \n\n-->\n",
        f"{HEAD}\n<!-- also asked:\nwhy \n{NEW}\n\n-->\n",
    ),
    "in an empty comment": (f"{HEAD}\n<!-- also asked:\n-->\n", f"{HEAD}\n<!-- also asked:\n{NEW}\n-->\n"),
    "in an empty comment of one line": (f"{HEAD}\n<!-- also asked: -->\n", f"{HEAD}\n<!-- also asked:\n{NEW} -->\n"),
    "set in like its neighbour": (
        "# T\n\n## Rest {#rest}\n\n- item\n\n  <!-- also asked:\n  why\n  -->\n",
        f"# T\n\n## Rest {{#rest}}\n\n- item\n\n  <!-- also asked:\n  why\n  {NEW}\n  -->\n",
    ),
    "in a comment of its own": (
        f"{HEAD}\n## Next\n\nx\n",
        f"{HEAD}\n<!-- also asked:\n{NEW}\n-->\n\n## Next\n\nx\n",
    ),
    "behind the text, above notes": (
        f"{HEAD}\n<!-- staff note:\nb\n-->\n",
        f"{HEAD}\n<!-- also asked:\n{NEW}\n-->\n\n<!-- staff note:\nb\n-->\n",
    ),
    "above the sources": (
        "# T\n\n## Rest {#rest}\n\ntext[^1]\n\n[^1]: A.\n",
        f"# T\n\n## Rest {{#rest}}\n\ntext[^1]\n\n<!-- also asked:\n{NEW}\n-->\n\n[^1]: A.\n",
    ),
    "behind a list": (
        "# T\n\n## Rest {#rest}\n\n- a\n\n- b\n\n\n## Next\n\nx\n",
        f"# T\n\n## Rest {{#rest}}\n\n- a\n\n- b\n\n<!-- also asked:\n{NEW}\n-->\n\n\n## Next\n\nx\n",
    ),
    "without a last line end": ("# T\n\n## Rest\n\ntext", f"# T\n\n## Rest\n\ntext\n\n<!-- also asked:\n{NEW}\n-->"),
    "above a heading without a blank line": (
        "# T\n\n## Rest\ntext\n## Next\nx",
        f"# T\n\n## Rest\ntext\n\n<!-- also asked:\n{NEW}\n-->\n## Next\nx",
    ),
}


@pytest.mark.parametrize(("before", "after"), ADDED.values(), ids=ADDED.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "with a byte order mark"])
def test_the_line_goes_to_the_end_of_the_ways_to_ask_and_nothing_else_changes(
    before: str, after: str, end: str, mark: str
) -> None:
    before, after = (mark + text.replace("\n", end) for text in (before, after))

    assert _with(before) == after


@pytest.mark.parametrize("before", [before for before, _ in ADDED.values() if "asked:\n-->" not in before])
def test_taking_it_out_again_gives_the_same_text(before: str) -> None:
    if "asked: -->" not in before:  # an empty comment goes, too
        assert without_way_to_ask(_with(before), PATH, "rest", NEW) == before


def test_an_empty_comment_goes_with_its_last_line() -> None:
    before = f"{HEAD}\n<!-- also asked:\nwhy\n-->\n\n## Next\n\nx\n"

    assert without_way_to_ask(before, PATH, "rest", "why") == f"{HEAD}\n## Next\n\nx\n"


def test_a_way_to_ask_that_stands_twice_goes_out_everywhere() -> None:
    before = f"{HEAD}\n<!-- also asked:\n- why\nhow\nwhy\n-->\n\n<!-- also asked:\n  why \n-->\n"

    assert without_way_to_ask(before, PATH, "rest", "why") == f"{HEAD}\n<!-- also asked:\nhow\n-->\n"


def test_white_space_is_folded() -> None:
    assert _with(f"{HEAD}", phrasing="  a \t new  way ") == f"{HEAD[:-1]}\n\n<!-- also asked:\na new way\n-->\n"


# ---- the shipped corpus

_PHRASINGS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")) | st.sampled_from("-#<>!&*[]^{} :\t"),
    min_size=1,
    max_size=60,
)


@settings(max_examples=12, deadline=None)
@given(
    target=st.sampled_from(TARGETS),
    phrasing=st.just(NEW) | _PHRASINGS,
    end=st.sampled_from(["\n", "\r\n"]),
    closed=st.booleans(),
    bare=st.booleans(),
)
def test_adding_gives_one_more_way_to_ask_and_taking_it_out_the_same_bytes(
    target: tuple[str, str], phrasing: str, end: str, closed: bool, bare: bool
) -> None:
    doc_id, anchor = target
    text = TEXTS[doc_id] if closed else TEXTS[doc_id].rstrip("\n")
    if bare:  # a document that has no ways to ask yet
        text = text.replace("<!-- also asked:", "<!-- not asked:")
    text = text.replace("\n", end)
    before = _read(text)
    try:
        edited = with_way_to_ask(text, FOLDER / f"{doc_id}.md", anchor, phrasing, corpus=CORPUS)
    except PhrasingError:
        assert phrasing != NEW
        return
    after = _read(edited)

    line = " ".join(phrasing.split())
    meant = [
        replace(section, also_asked=(*section.also_asked, line)) if section.anchor == anchor else section
        for section in before.sections
    ]
    assert _without_lines(after) == _without_lines(replace(before, sections=tuple(meant)))
    assert without_way_to_ask(edited, FOLDER / f"{doc_id}.md", anchor, line) == text


@pytest.mark.parametrize("target", TARGETS[::4], ids=str)
def test_taking_out_a_way_that_was_there_takes_exactly_its_line(target: tuple[str, str]) -> None:
    doc_id, anchor = target
    (section,) = (s for d in CORPUS.documents if d.doc_id == doc_id for s in d.sections if s.anchor == anchor)
    way = section.also_asked[3]

    assert without_way_to_ask(TEXTS[doc_id], PATH, anchor, way) == TEXTS[doc_id].replace(f"\n{way}\n", "\n")


# ---- what is refused

REFUSED = {
    "nothing": "",
    "blanks": " \t ",
    "signs alone": "?!",
    "small words alone": "is it",
    "two lines": "one\ntwo",
    "two lines of old": "one\rtwo",
    "another line end": "one\u2028two",
    "a form feed": "one\ftwo",
    "a NUL": "one\0two",
    "writing turned round": "why \u202e rest",
    "writing set apart": "why \u2066rest\u2069",
    "a mark of direction": "why \u200erest",
    "an Arabic mark of direction": "why \u061crest",
    "a blank without width": "why\u200brest",
    "a word joiner": "why\u2060rest",
    "a byte order mark": "why \ufeffrest",
    "a hidden tag": "why rest\U000e0061",
    "the end of a comment": "why --> how",
    "two hyphens": "why -- how",
    "a list": "- why rest",
    "too long": "long " * (MOST // 5) + "word",
}


@pytest.mark.parametrize("phrasing", REFUSED.values(), ids=REFUSED.keys())
def test_what_would_break_the_file_is_refused(phrasing: str) -> None:
    with pytest.raises(PhrasingError) as caught:
        _with(HEAD, phrasing=phrasing)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "phrasing",
    ["# why rest", "* why rest", "1. why", "[^9] why", "<b>why</b>", "why - so", "a" * MOST, "র\u200d্যাম", "ক্\u200cষ"],
)
def test_what_only_looks_like_markup_is_taken_word_for_word(phrasing: str) -> None:
    (rest,) = (section for section in _read(_with(HEAD, phrasing=phrasing)).sections if section.anchor == "rest")

    assert rest.also_asked == (phrasing,)


def test_a_question_that_is_listed_already_is_refused_with_the_section_that_lists_it() -> None:
    shoes = "CAN worn out running shoe lead to the back pain"
    listed = CORPUS.documents[0].sections[0].also_asked[0]
    for phrasing, where in ((shoes, "faq#worn-shoes"), (listed, "back-pain-after-running#intro")):
        for doc_id, anchor in (("faq", "prevent"), ("faq", "worn-shoes"), ("back-pain-after-running", "intro")):
            with pytest.raises(PhrasingError, match=where):
                with_way_to_ask(TEXTS[doc_id], FOLDER / f"{doc_id}.md", anchor, phrasing, corpus=CORPUS)


def test_the_document_s_own_text_counts_and_not_what_was_loaded_of_it() -> None:
    text = TEXTS["faq"].replace("\nshoes way past their best", "", 1)
    path = FOLDER / "faq.md"

    once = with_way_to_ask(text, path, "worn-shoes", NEW, corpus=CORPUS)
    with pytest.raises(PhrasingError, match="faq#worn-shoes"):
        with_way_to_ask(once, path, "prevent", NEW, corpus=CORPUS)


@pytest.mark.parametrize(
    ("text", "anchor", "problem"),
    [
        (HEAD, "none", "no section “none”"),
        ("# T\n\n## Rest {#rest}\n\n### Ice\n\nx\n", "rest", "“Rest” can have no ways to ask"),
        ("---\ntitle: T\n---\n\nlead\n\n## Rest\n\nx\n", "intro", "“T” can have no ways to ask"),
        ("# T\n\n## Rest {#rest}\n\n```\nnever closed\n", "rest", "cannot be changed here"),
    ],
)
def test_where_no_way_to_ask_can_stand_none_is_added(text: str, anchor: str, problem: str) -> None:
    with pytest.raises(CorpusError) as caught:
        _with(text, anchor)

    assert problem in caught.value.problem
    assert caught.value.path == PATH


def test_what_the_section_does_not_list_cannot_be_taken_out() -> None:
    with pytest.raises(PhrasingError, match="does not list"):
        without_way_to_ask(HEAD, PATH, "rest", NEW)
