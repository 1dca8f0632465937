"""One Markdown file → a checked document, or a refusal that names file, line, culprit and expectation."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.anchors import slug
from bot.documents import load_document
from bot.errors import CorpusError
from bot.model import Document, Reference

WriteCorpus = Callable[..., Path]
Load = Callable[[str | bytes], Document]

DATE = "a date such as 2026-11-01"


@pytest.fixture
def load(write_corpus: WriteCorpus) -> Load:
    """Loads a document from the content of its file, ``page.md``."""

    def from_content(content: str | bytes) -> Document:
        document, _ = load_document(write_corpus({"page.md": content}) / "page.md", "en")
        return document

    return from_content


@pytest.fixture
def warnings(write_corpus: WriteCorpus) -> Callable[[str], list[str]]:
    """The warnings about a file's content, each without its folder."""

    def of_content(content: str) -> list[str]:
        folder = write_corpus({"page.md": content})
        _, found = load_document(folder / "page.md", "en")
        return [warning.removeprefix(f"{folder}/") for warning in found]

    return of_content


# ---- refusals

REFUSED: dict[str, tuple[str | bytes, int, str, str]] = {
    # what is wrong: (content, line, culprit, expectation)
    "no title": ("## Rest\n\ntext\n", 1, "a missing title", "title: …"),
    "a title that is not the first heading": ("## Rest\n\ntext\n\n# Title\n\ntext\n", 1, "a missing title", "title: …"),
    "a blank title": ("---\nauthor: A\ntitle: '  '\n---\n\n# T\n\ntext\n", 3, "title: '  '", "1 character"),
    "nothing at all": ("", 1, "an empty document", "headings with text"),
    "only white space": (" \n\n\t\n", 1, "an empty document", "headings with text"),
    "only front matter": ("---\ntitle: T\n---\n", 1, "an empty document", "headings with text"),
    "only a comment": ("<!-- a note -->\n", 1, "an empty document", "headings with text"),
    "a NUL": ("# T\n\none\ntwo\0\n", 4, "a NUL character", "UTF-8"),
    "Latin-1": (b"# T\n\none\ncaf\xe9\n", 4, "byte 0xe9 is not UTF-8", "the file saved as UTF-8"),
    "Latin-1 with Windows line ends": (b"# T\r\n\r\none\r\ncaf\xe9\r\n", 4, "byte 0xe9", "UTF-8"),
    "UTF-16": ("# T\n\ntext\n".encode("utf-16"), 1, "byte 0xff is not UTF-8", "UTF-8"),
    "a heading with nothing under it": (
        "# T\n\n## Rest\n\n## Run\n\ntext\n",
        3,
        "nothing under the heading “Rest”",
        "text or sub-headings",
    ),
    "a last heading with nothing under it": (
        "# T\n\ntext\n\n## Rest\n",
        5,
        "nothing under the heading “Rest”",
        "text or sub-headings",
    ),
    "a heading with only a comment under it": (
        "# T\n\ntext\n\n## Rest\n\n<!-- later -->\n",
        5,
        "nothing under the heading “Rest”",
        "text or sub-headings",
    ),
    "a question without an answer": (
        "# T\n\n## May I run?\n\n## Rest?\n\ntext\n",
        3,
        "the question “May I run?” has no answer",
        "its answer under it",
    ),
    "an Arabic question without an answer": (
        "# T\n\nx\n\n## هل أركض؟\n",
        5,
        "the question “هل أركض؟” has no",
        "answer",
    ),
    "a heading without words": ("# T\n\ntext\n\n##\n\ntext\n", 5, "a heading without words", "the heading’s words"),
    "an unknown mark": (
        "# T\n\ntext\n\n## Pills {#pills .medecine}\n\ntext\n",
        5,
        "unknown mark “.medecine”",
        "one of .medicine",
    ),
    "an anchor that starts with a hyphen": (
        "# T\n\ntext\n\n## Rest {#-a}\n\ntext\n",
        5,
        "“-a” cannot be the anchor of “Rest”",
        "letters, digits and hyphens",
    ),
    "an anchor that would look like a part": ("# T\n\ntext\n\n## Rest {#a~2}\n\ntext\n", 5, "{#a~2}", "an anchor"),
    "an anchor with a space": ("# T\n\ntext\n\n## Rest {#a b}\n\ntext\n", 5, "{#a b}", "an anchor"),
    "an unknown attribute": ("# T\n\ntext\n\n## Rest {#a colour=red}\n\ntext\n", 5, "“colour”", "an anchor"),
    "a heading of which no anchor can be made": ("# T\n\ntext\n\n## …!\n\ntext\n", 5, "“…!”", "as in {#worn-shoes}"),
    "an anchor that is taken": (
        "# T\n\ntext\n\n## Rest {#a}\n\ntext\n\n## Ice {#a}\n\ntext\n",
        9,
        "duplicate anchor “a” (first on line 5)",
        "an anchor of its own",
    ),
    "two headings with the same words": (
        "# T\n\ntext\n\n## Rest\n\ntext\n\n## Rest\n\ntext\n",
        9,
        "duplicate anchor “rest” (first on line 5)",
        "an anchor of its own",
    ),
    "a second intro": ("---\ntitle: T\n---\nlead\n\n## Intro\n\ntext\n", 6, "duplicate anchor “intro”", "of its own"),
    "a footnote that is not defined": (
        "# T\n\none\n\ntwo[^9]\n",
        5,
        "footnote [^9] is used but not defined",
        "a line [^9]: …",
    ),
    "a footnote that is not defined, inside a wrapped paragraph": (
        "# T\n\none\ntwo\nthree[^9]\nfour\n",
        5,
        "footnote [^9] is used but not defined",
        "a line [^9]: …",
    ),
    "a footnote that is not defined, after Windows line ends": (
        "# T\r\n\r\none\r\ntwo[^9]\r\n",
        4,
        "footnote [^9] is used",
        "a line [^9]: …",
    ),
    "a footnote that is not defined, above the first heading": (
        "---\ntitle: T\n---\nlead\nmore[^9]\n\n## Rest\n\ntext\n",
        5,
        "footnote [^9] is used",
        "a line [^9]: …",
    ),
    "a footnote that is not defined, in another footnote": (
        "# T\n\none[^1]\n\n[^1]: as in [^9]\n",
        5,
        "footnote [^9] is used",
        "a line [^9]: …",
    ),
    "a footnote that is defined twice": (
        "# T\n\none[^1]\n\n[^1]: A\n\n[^2]: B\n\n[^1]: C\n",
        9,
        "footnote [^1] is defined twice (first on line 5)",
        "a number of its own",
    ),
    "a footnote without a number": (
        "# T\n\none[^nhs]\n\n[^nhs]: A\n",
        5,
        "footnote [^nhs] has no number",
        "as in [^15]",
    ),
    "a footnote numbered 0": ("# T\n\none[^0]\n\n[^0]: A\n", 5, "footnote [^0] has no number", "as in [^15]"),
    "a footnote numbered 015": ("# T\n\none[^015]\n\n[^015]: A\n", 5, "footnote [^015] has no number", "as in [^15]"),
    "an empty footnote": ("# T\n\none[^1]\n\n[^1]: <!-- later -->\n", 5, "footnote [^1] is empty", "the reference"),
    "raw HTML": ("# T\n\none\n\n<div>two</div>\n", 5, "raw HTML “<div>two</div>”", "Markdown"),
    "front matter that is no YAML": (
        "---\nauthor: A\ntitle: Pain: what now\n---\n\n# T\n\ntext\n",
        3,
        "the front matter cannot be read (mapping values are not allowed here)",
        "in quotes if it has a colon",
    ),
    "front matter with a tab": ("---\nauthor: A\n\ttitle: T\n---\n\n# T\n\ntext\n", 3, "cannot be read", 'title: "…"'),
    "front matter with a control character": (
        "---\ntitle: T\x07\n---\n\n# T\n\nx\n",
        1,
        "cannot be read",
        'title: "…"',
    ),
    "front matter that is a list": (
        "---\n- title\n---\n\n# T\n\ntext\n",
        1,
        "no list of names and values",
        'title: "…"',
    ),
    "front matter that is a word": ("---\ntitle\n---\n\n# T\n\ntext\n", 1, "no list of names and values", 'title: "…"'),
    "an unknown entry": (
        "---\ntitle: T\nauthors: A\n---\n\n# T\n\ntext\n",
        3,
        "unknown entry “authors”",
        "one of title,",
    ),
    "an unknown entry whose name begins another": (
        "---\ntitle: T\nreviewer: R\nreview: X\n---\n\n# T\n\ntext\n",
        4,
        "unknown entry “review”",
        "one of title,",
    ),
    "an unknown entry in quotes": (
        '---\ntitle: T\n"titel": X\n---\n\n# T\n\nx\n',
        3,
        "unknown entry “titel”",
        "title,",
    ),
    "an entry given twice": ("---\ntitle: T\nauthor: A\ntitle: U\n---\n\n# T\n\nx\n", 4, "“title”", "once"),
    "an entry that is a list": ("---\nauthor:\n  - A\n  - B\n---\n\n# T\n\nx\n", 2, "“author”", "lines like"),
    "a date without hyphens": ("---\ntitle: T\nreviewed: 20261101\n---\n\n# T\n\nx\n", 3, "'20261101'", DATE),
    "a date in words": ("---\ntitle: T\nreviewed: soon\n---\n\n# T\n\ntext\n", 3, "reviewed: 'soon'", DATE),
    "a date the other way round": ("---\ntitle: T\nnext_review: 1.11.2026\n---\n\n# T\n\nx\n", 3, "'1.11.2026'", DATE),
    "a date with a time": ("---\ntitle: T\nreviewed: 2026-11-01 10:00:00\n---\n\n# T\n\ntext\n", 3, "reviewed", DATE),
    "a month that no year has": ("---\ntitle: T\nreviewed: 2026-13-01\n---\n\n# T\n\ntext\n", 3, "reviewed", DATE),
    "a day that the month lacks": ("---\ntitle: T\nnext_review: 2026-02-30\n---\n\n# T\n\nx\n", 3, "next_review", DATE),
    "an address that is none": (
        "---\ntitle: T\nurl: javascript:alert(1)\n---\n\n# T\n\nx\n",
        3,
        "javascript:alert",
        "http",
    ),
    "an address without a host": (
        "---\ntitle: T\nurl: https://\n---\n\n# T\n\nx\n",
        3,
        "url: 'https://'",
        "web address",
    ),
    "a language that is none": ("---\ntitle: T\nlanguage: English\n---\n\n# T\n\nx\n", 3, "language: 'English'", "["),
    "front matter that is never closed": ("---\ntitle: T\nauthor: A\n\n# T\n\ntext\n", 1, "front matter", "---"),
}


@pytest.mark.parametrize(("content", "line", "culprit", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_file_is_refused_by_path_line_culprit_and_expectation(
    load: Load, tmp_path: Path, content: str | bytes, line: int, culprit: str, expected: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        load(content)

    error = caught.value
    assert (error.path, error.line) == (tmp_path / "page.md", line)
    assert culprit in error.problem
    assert expected in error.expected
    assert str(error) == f"{tmp_path / 'page.md'}:{line}: {error.problem}; expected {error.expected}"
    assert "\n" not in str(error)


def test_front_matter_that_calls_python_is_refused_and_nothing_is_executed(load: Load, tmp_path: Path) -> None:
    proof = tmp_path / "executed"

    with pytest.raises(CorpusError) as caught:
        load(f'---\nauthor: A\ntitle: !!python/object/apply:os.mkdir ["{proof}"]\n---\n\n# T\n\ntext\n')

    assert caught.value.line == 3
    assert not proof.exists()


@pytest.mark.parametrize("tag", ["!!int", "!!float", "!!bool", "!!timestamp", "!!binary", "!!set", "!!own"])
def test_a_value_that_its_tag_does_not_fit_is_no_crash(load: Load, tag: str) -> None:
    try:
        outcome: Document | CorpusError = load(f"---\nauthor: A\ntitle: {tag} Pain\n---\n\n# T\n\ntext\n")
    except CorpusError as error:
        outcome = error

    if isinstance(outcome, CorpusError):
        assert outcome.line in (1, 3)
    else:
        assert outcome.title == "Pain"


def test_an_entry_without_a_value_counts_as_missing(load: Load) -> None:
    document = load("---\ntitle:\nauthor: A\nreviewer:\nreviewed:\n---\n\n# T\n\ntext\n")

    assert (document.title, document.author, document.reviewer, document.reviewed) == ("T", "A", None, None)


def test_a_file_name_without_letters_is_refused(write_corpus: WriteCorpus) -> None:
    path = write_corpus({"!.md": "# T\n\ntext\n"}) / "!.md"

    with pytest.raises(CorpusError, match=r"a file name without letters or digits; expected a name such as faq\.md"):
        load_document(path, "en")


# ---- what a document is


def test_front_matter_gives_title_author_reviewer_dates_address_and_language(load: Load) -> None:
    document = load(
        "---\ntitle: 'Back pain: what now'\nauthor: A. Author\nreviewer: Dr. R\nreviewed: 2026-11-01\n"
        "next_review: 2027-11-01\nurl: https://clinic.example/pain\nlanguage: en-GB\n---\n\n## Rest\n\ntext\n"
    )

    assert document.title == "Back pain: what now"
    assert (document.author, document.reviewer) == ("A. Author", "Dr. R")
    assert (document.reviewed, document.next_review) == (date(2026, 11, 1), date(2027, 11, 1))
    assert (document.url, document.language) == ("https://clinic.example/pain", "en-GB")


def test_without_front_matter_the_first_heading_is_the_title_and_all_else_is_unknown(load: Load) -> None:
    document = load("# Back pain\n\ntext\n")

    assert (document.doc_id, document.title, document.language) == ("page", "Back pain", "en")
    assert (document.author, document.reviewer, document.reviewed, document.next_review) == (None, None, None, None)
    assert document.url is None


def test_a_title_in_front_matter_goes_before_the_first_heading(load: Load) -> None:
    document = load("---\ntitle: From above\n---\n\n# From below\n\ntext\n")

    assert document.title == "From above"


@pytest.mark.parametrize("front", ["---\n---\n", "---\n# only a comment\n---\n"])
def test_empty_front_matter_is_none(load: Load, front: str) -> None:
    assert load(f"{front}\n# T\n\ntext\n").title == "T"


def test_text_above_the_first_heading_becomes_the_section_intro(load: Load) -> None:
    document = load("---\ntitle: Back pain\n---\n\nlead\n\n- item\n\n## Rest\n\ntext\n")

    intro, rest = document.sections
    assert (intro.anchor, intro.title, intro.path) == ("intro", "Back pain", ())
    assert [block.text for block in intro.blocks] == ["lead", "item"]
    assert (rest.anchor, rest.path) == ("rest", ())


def test_a_document_of_text_alone_is_its_intro(load: Load) -> None:
    document = load("---\ntitle: Back pain\n---\n\nlead\n")

    assert [section.anchor for section in document.sections] == ["intro"]


def test_a_section_knows_its_line_level_marks_and_the_headings_above_without_the_document_s_own(load: Load) -> None:
    document = load(
        "# Back pain\n\n## Causes {#causes}\n\n#### Sciatica {#nerve}\n\ntext\n\n### Shoes\n\ntext\n\n"
        "## Pills {#pills .medicine}\n\ntext\n"
    )

    assert [(section.anchor, section.line, section.level, section.path) for section in document.sections] == [
        ("back-pain", 1, 1, ()),
        ("causes", 3, 2, ()),
        ("nerve", 5, 4, ("Causes",)),
        ("shoes", 9, 3, ("Causes",)),
        ("pills", 13, 2, ()),
    ]
    assert [section.anchor for section in document.sections if "medicine" in section.classes] == ["pills"]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Worn-out shoes: what now?", "worn-out-shoes-what-now"),
        ("  *Why* `me`?", "why-me"),
        ("Größe & Fuß", "grösse-fuss"),
        ("পিঠে ব্যথা", "পিঠে-ব্যথা"),
        ("Rest {#My_rest-1}", "My_rest-1"),
    ],
)
def test_an_anchor_is_as_written_or_made_from_the_words(load: Load, heading: str, anchor: str) -> None:
    assert load(f"# {heading}\n\ntext\n").sections[0].anchor == anchor


def test_one_spelling_of_an_anchor_for_composed_and_decomposed_letters() -> None:
    assert slug("Cafe\u0301") == slug("Café") == "café"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_byte_order_mark_and_the_kind_of_line_end_change_nothing(load: Load, mark: str, line_end: str) -> None:
    content = "---\ntitle: T\nreviewed: 2026-11-01\n---\n\n## Rest {#rest}\n\none\ntwo[^1]\n\n- item\n\n[^1]: Ref.\n"

    document = load((mark + content.replace("\n", line_end)).encode())

    assert (document.title, document.reviewed) == ("T", date(2026, 11, 1))
    (rest,) = document.sections
    assert (rest.anchor, rest.line) == ("rest", 6)
    assert [block.text for block in rest.blocks] == ["one two", "item"]
    assert document.references == (Reference(1, "Ref.", None),)


# ---- references


def test_references_are_listed_by_their_numbers_whatever_the_order_of_use(load: Load) -> None:
    document = load("# T\n\na[^15] b[^3]\n\n[^15]: Fifteen.\n\n[^3]: Three.\n\n[^100]: Hundred.\n")

    assert document.references == (
        Reference(3, "Three.", None),
        Reference(15, "Fifteen.", None),
        Reference(100, "Hundred.", None),
    )


@pytest.mark.parametrize(
    ("written", "text", "url"),
    [
        ("NHS. Back pain.", "NHS. Back pain.", None),
        ("NHS. Back pain. <https://nhs.example/>", "NHS. Back pain.", "https://nhs.example/"),
        ("NHS. Back pain. <https://nhs.example/>.", "NHS. Back pain.", "https://nhs.example/"),
        ("NHS. [Back pain](https://nhs.example/).", "NHS. Back pain.", "https://nhs.example/"),
        ("See <https://a.example/> and <https://b.example/>", "See https://a.example/ and", "https://b.example/"),
        ("<https://a.example/> (in English)", "https://a.example/ (in English)", "https://a.example/"),
    ],
)
def test_the_last_link_of_a_footnote_is_the_address_of_the_reference(
    load: Load, written: str, text: str, url: str | None
) -> None:
    assert load(f"# T\n\na[^1]\n\n[^1]: {written}\n").references == (Reference(1, text, url),)


def test_a_reference_that_no_passage_cites_is_a_warning_with_its_line(warnings: Callable[[str], list[str]]) -> None:
    found = warnings("# T\n\na[^1]\n\n[^1]: A.\n\n[^2]: B.\n")

    assert found == ["page.md:7: reference 2 is listed but no passage cites it"]


def test_a_document_that_cites_all_its_references_has_no_warnings(warnings: Callable[[str], list[str]]) -> None:
    assert warnings("# T\n\na[^2]\n\n- b[^1]\n\n[^1]: A.\n\n[^2]: B.\n") == []


# ---- other ways to ask

ASKED = "<!-- also asked:\nwhy rest\n- How long?\n\n   is   it\tgood \n-->\n"


@pytest.mark.parametrize(
    "comment",
    [
        ASKED,
        ASKED.replace("also asked:", "Also asked:"),
        ASKED.replace("also asked:", "ALSO ASKED"),
        ASKED.replace("also asked:", "\nalso  asked :"),
        ASKED.replace("<!-- ", "<!--").replace("\n-->", "-->"),
        ASKED.replace("\n", "\r\n"),
        f"<!-- a note -->\n{ASKED}",
        f"{ASKED}\n<!-- Also: ask Dr. A -->\n",
        "- item\n\n  " + ASKED.replace("\n", "\n  "),
    ],
    ids=range(9),
)
def test_ways_to_ask_stand_one_a_line_in_a_comment_anywhere_under_the_heading(load: Load, comment: str) -> None:
    document = load(f"# T\n\nlead\n\n## Rest\n\ntext\n\n{comment}\n## Ice\n\ntext\n")

    assert [section.also_asked for section in document.sections] == [(), ("why rest", "How long?", "is it good"), ()]


def test_ways_to_ask_are_no_text(load: Load) -> None:
    with_ways, without = (load(f"# T\n\none\n\n{comment}\ntwo[^1]\n\n[^1]: A.\n") for comment in (ASKED, ""))

    assert with_ways.sections[0].blocks == without.sections[0].blocks
    assert with_ways.references == without.references


def test_a_way_to_ask_is_taken_literally(load: Load) -> None:
    (section,) = load(
        "# T\n\ntext\n\n<!-- also asked:\n[^9] *is* <b>it</b> {#a} a--b &amp;?\n# no heading\n-->\n"
    ).sections

    assert section.also_asked == ("[^9] *is* <b>it</b> {#a} a--b &amp;?", "# no heading")


def test_several_comments_add_up_and_a_way_to_ask_that_stands_twice_counts_once(load: Load) -> None:
    (section,) = load("# T\n\n<!-- also asked:\na\nb\n-->\n\ntext\n\n<!-- also asked:\nb\nc\n-->\n").sections

    assert section.also_asked == ("a", "b", "c")


def test_a_comment_that_only_mentions_the_words_is_a_note(load: Load) -> None:
    (section,) = load("# T\n\ntext\n\n<!-- people also asked:\nwhy\n-->\n\n<!-- ask also:\nwhy\n-->\n").sections

    assert section.also_asked == ()


WAYS_REFUSED = {
    # what is wrong: (content, line, problem)
    "a way to ask on the first line": (
        "# T\n\ntext\n\n<!-- also asked: why\nhow\n-->\n",
        5,
        "“also asked: why” under “T”",
    ),
    "only one line": ("# T\n\ntext\n\n<!-- also asked: why -->\n", 5, "“also asked: why” under “T”"),
    "the line behind a note": (
        "# T\n\ntext\n\n<!-- a -->\n<!-- also asked, why\n-->\n",
        6,
        "“also asked, why” under “T”",
    ),
    "a heading without text": (
        "# T\n\n## Rest\n\n<!-- also asked:\nwhy\n-->\n\n### Ice\n\ntext\n",
        5,
        "“also asked:” under “Rest”",
    ),
    "a line behind front matter": (
        "---\ntitle: T\n---\n\n## Rest\n\ntext\n\n<!-- also asked : why -->\n",
        9,
        "“also asked : why” under “Rest”",
    ),
    "above the first heading": ("<!-- also asked:\nwhy\n-->\n\n# T\n\ntext\n", 1, "“also asked:”"),
    "above the first heading, under text": (
        "---\ntitle: T\n---\n\nlead\n\n<!-- also asked:\nwhy\n-->\n\n## Rest\n\ntext\n",
        7,
        "“also asked:”",
    ),
    "in the middle of a line": ("# T\n\ntext <!-- also asked:\nwhy\n--> text\n", 3, "“also asked:”"),
}


def assert_lost_comment_is_refused(
    load: Load, folder: Path, content: str, line: int, problem: str, expected: str
) -> None:
    """The document is refused at ``line``, in one line that says what is wrong and what was expected."""
    with pytest.raises(CorpusError) as caught:
        load(content)

    assert (caught.value.path, caught.value.line) == (folder / "page.md", line)
    assert problem in caught.value.problem
    assert expected in caught.value.expected
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("content", "line", "problem"), WAYS_REFUSED.values(), ids=WAYS_REFUSED.keys())
def test_ways_to_ask_that_would_be_lost_are_refused_with_their_line(
    load: Load, tmp_path: Path, content: str, line: int, problem: str
) -> None:
    assert_lost_comment_is_refused(
        load, tmp_path, content, line, problem, "“also asked:”, then one way to ask per line"
    )


# ---- notes for staff

NOTED = "<!-- staff note:\nDo not name a dose.\n- Ask  whom?\n\n   to see\ta doctor \n-->\n"


@pytest.mark.parametrize(
    "comment",
    [
        NOTED,
        NOTED.replace("staff note:", "Staff notes:"),
        NOTED.replace("staff note:", "\nSTAFF  NOTE"),
        NOTED.replace("\n", "\r\n"),
        f"{ASKED}\n{NOTED}",
        f"{NOTED}\n<!-- Staff like this one -->\n",
        "- item\n\n  " + NOTED.replace("\n", "\n  "),
    ],
    ids=range(7),
)
def test_notes_for_staff_stand_one_a_line_in_a_comment_anywhere_under_the_heading(load: Load, comment: str) -> None:
    document = load(f"# T\n\nlead\n\n## Rest\n\ntext\n\n{comment}\n## Ice\n\ntext\n")

    notes = ("Do not name a dose.", "Ask whom?", "to see a doctor")
    assert [section.notes for section in document.sections] == [(), notes, ()]


def test_notes_for_staff_are_neither_text_nor_ways_to_ask(load: Load) -> None:
    with_notes, without = (
        load(f"# T\n\none\n\n{ASKED}\n{comment}\ntwo[^1]\n\n[^1]: A.\n").sections[0] for comment in (NOTED, "")
    )

    assert replace(with_notes, notes=()) == without


NOTES_REFUSED = {
    # what is wrong: (content, line, problem)
    "a note on the first line": ("# T\n\ntext\n\n<!-- staff note: ask -->\n", 5, "“staff note: ask” under “T”"),
    "another spelling": ("# T\n\ntext\n\n<!-- staff-note:\nask\n-->\n", 5, "“staff-note:” under “T”"),
    "in one word": ("# T\n\ntext\n\n<!-- Staffnotes\nask\n-->\n", 5, "“Staffnotes” under “T”"),
    "the other way round": ("# T\n\ntext\n\n<!-- Note for staff:\nask\n-->\n", 5, "“Note for staff:” under “T”"),
    "a heading without text": (
        "# T\n\n## Rest\n\n<!-- staff note:\nask\n-->\n\n### Ice\n\ntext\n",
        5,
        "“staff note:” under “Rest”",
    ),
    "above the first heading": ("<!-- staff note:\nask\n-->\n\n# T\n\ntext\n", 1, "“staff note:”"),
    "in the middle of a line": ("# T\n\ntext <!-- staff note:\nask\n--> text\n", 3, "“staff note:”"),
}


@pytest.mark.parametrize(("content", "line", "problem"), NOTES_REFUSED.values(), ids=NOTES_REFUSED.keys())
def test_notes_for_staff_that_would_be_lost_are_refused_with_their_line(
    load: Load, tmp_path: Path, content: str, line: int, problem: str
) -> None:
    assert_lost_comment_is_refused(load, tmp_path, content, line, problem, "“staff note:”, then one note per line")
