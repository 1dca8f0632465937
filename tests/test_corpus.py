"""A folder → a checked corpus; nothing half-loaded."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import bot
from bot import wording
from bot.corpus import load_corpus
from bot.errors import CitewellError, CorpusError
from bot.versions import version_of

WriteCorpus = Callable[..., Path]

PAGE = "# Page\n\nRest helps.\n"


# ---- which files are served


def test_one_markdown_file_in_a_folder_is_already_a_corpus_that_answers(write_corpus: WriteCorpus) -> None:
    answerer = bot.build(write_corpus({"advice.md": "# Advice\n\nWalking helps a stiff back.\n"}))

    answer = answerer.answer("Does walking help a stiff back?")
    assert answer.passage is not None
    assert answer.passage.id == "advice#advice"
    assert answer.passage.text == "Walking helps a stiff back."
    assert answer.disclaimer == wording.DISCLAIMER
    assert (answer.contact, answer.help) == (None, None)


def test_documents_stand_in_the_order_of_their_file_names(write_corpus: WriteCorpus) -> None:
    corpus = load_corpus(write_corpus({"c.md": PAGE, "a.md": PAGE, "b.markdown": PAGE, "B2.MD": PAGE}))

    assert [document.doc_id for document in corpus.documents] == ["b2", "a", "b", "c"]


@pytest.mark.parametrize("name", ["FAQ.md", "faq.md", "Faq.MARKDOWN"])
def test_an_faq_in_any_case_is_served(write_corpus: WriteCorpus, name: str) -> None:
    corpus = load_corpus(write_corpus({name: PAGE}))

    assert [document.doc_id for document in corpus.documents] == ["faq"]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "readme.md",
        "Readme.markdown",
        "EDITORIAL.md",
        "_draft.md",
        ".hidden.md",
        "notes.txt",
        "page.md.bak",
    ],
)
def test_files_for_the_editors_are_neither_served_nor_checked(write_corpus: WriteCorpus, name: str) -> None:
    corpus = load_corpus(write_corpus({"page.md": PAGE, name: b"\xff broken <div>"}))

    assert [document.doc_id for document in corpus.documents] == ["page"]


def test_a_folder_below_is_not_served(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"page.md": PAGE})
    (folder / "old.md").mkdir()

    assert [document.doc_id for document in load_corpus(folder).documents] == ["page"]


def test_a_document_whose_name_is_not_utf8_is_refused_by_that_name(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"page.md": PAGE})
    (folder / os.fsdecode(b"caf\xe9.md")).write_text(PAGE, "utf-8")

    with pytest.raises(CorpusError) as caught:
        load_corpus(folder)

    assert str(caught.value) == (
        f"{folder}: the name of a document is not UTF-8: b'caf\\xe9.md'; expected another name"
    )
    assert version_of(folder)


def test_a_folder_without_a_document_is_refused(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"README.md": PAGE, "_draft.md": PAGE})

    with pytest.raises(CorpusError) as caught:
        load_corpus(folder)

    assert str(caught.value) == (
        f"{folder}: no document in this folder; expected at least one Markdown file, such as faq.md"
    )


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        load_corpus(tmp_path / "corpsu")

    assert str(caught.value) == (
        f"{tmp_path / 'corpsu'}: no such folder; expected a folder with at least one Markdown file"
    )


def test_a_file_is_no_folder(write_corpus: WriteCorpus) -> None:
    path = write_corpus({"page.md": PAGE}) / "page.md"

    with pytest.raises(CorpusError, match="this is a file, and no folder"):
        load_corpus(path)


# ---- the whole is checked


def test_one_wrong_file_among_good_ones_is_refused_with_its_own_name(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"a.md": PAGE, "b.md": "# B\n\none[^1]\n", "c.md": PAGE})

    with pytest.raises(CitewellError) as caught:
        load_corpus(folder)

    assert str(caught.value).startswith(f"{folder / 'b.md'}:3: footnote [^1] is used but not defined")


@pytest.mark.parametrize(("first", "second"), [("FAQ.md", "faq.markdown"), ("back pain.md", "back-pain.md")])
def test_two_files_with_the_same_id_are_refused(write_corpus: WriteCorpus, first: str, second: str) -> None:
    folder = write_corpus({first: PAGE, second: PAGE})

    with pytest.raises(CorpusError) as caught:
        load_corpus(folder)

    assert caught.value.path == folder / second
    assert caught.value.problem.endswith(f"is taken by {first}")
    assert caught.value.expected == "a file name of its own"


@pytest.mark.parametrize("passage_id", ["page#pills", "faq#page", "page", "page#page~2"])
def test_a_start_question_that_no_document_has_is_refused(write_corpus: WriteCorpus, passage_id: str) -> None:
    folder = write_corpus({"page.md": PAGE, "clinic.toml": f'start_questions = ["page#page", "{passage_id}"]'})

    with pytest.raises(CorpusError) as caught:
        load_corpus(folder)

    assert caught.value.path == folder / "clinic.toml"
    assert f"“{passage_id}”" in caught.value.problem
    assert "passage id" in caught.value.expected


def test_a_start_question_that_is_a_heading_without_text_of_its_own_is_refused(write_corpus: WriteCorpus) -> None:
    folder = write_corpus(
        {"page.md": "# Page\n\n## Causes\n\n### Shoes\n\ntext\n", "clinic.toml": 'start_questions = ["page#causes"]'}
    )

    with pytest.raises(CorpusError, match="page#causes"):
        load_corpus(folder)


def test_warnings_of_all_documents_are_kept(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"a.md": "# A\n\nx\n\n[^1]: A.\n", "b.md": "# B\n\nx\n\n[^2]: B.\n"})

    assert load_corpus(folder).warnings == (
        f"{folder / 'a.md'}:5: reference 1 is listed but no passage cites it",
        f"{folder / 'b.md'}:5: reference 2 is listed but no passage cites it",
    )


@pytest.mark.parametrize(("words", "warned"), [(120, False), (121, True)])
def test_a_section_too_long_for_one_passage_is_a_warning_with_its_line(
    write_corpus: WriteCorpus, words: int, warned: bool
) -> None:
    folder = write_corpus({"page.md": f"# Page\n\nlead\n\n## Rest\n\nOne two.\n\n{'word ' * (words - 2)}\n"})

    expected = f"{folder / 'page.md'}:5: “Rest” has {words} words and is shown in parts of up to 120"
    assert load_corpus(folder).warnings == (expected,) * warned


# ---- languages


def test_a_document_that_names_no_language_has_the_clinic_s_first(write_corpus: WriteCorpus) -> None:
    corpus = load_corpus(
        write_corpus(
            {
                "a.md": PAGE,
                "b.md": "---\nlanguage: en\n---\n\n# B\n\ntext\n",
                "clinic.toml": 'languages = ["bn", "en"]',
            }
        )
    )

    assert [document.language for document in corpus.documents] == ["bn", "en"]


# ---- version


def test_the_version_is_twelve_hex_digits_and_the_same_each_time(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"page.md": PAGE})

    version = load_corpus(folder).version
    assert version == load_corpus(folder).version
    assert len(version) == 12
    assert int(version, 16) >= 0


@pytest.mark.parametrize(
    "change",
    [
        {"page.md": PAGE + "\n"},
        {"page.md": PAGE + "\n<!-- a note -->\n"},
        {"new.md": PAGE},
        {"clinic.toml": 'name = "B"'},
        {"lexicon.toml": ""},
        {"page.md": PAGE + "\n<!-- also asked:\nwhy\n-->\n"},
    ],
)
def test_the_version_changes_with_any_byte_of_a_served_file(write_corpus: WriteCorpus, change: dict[str, str]) -> None:
    before = load_corpus(write_corpus({"page.md": PAGE, "clinic.toml": 'name = "A"'})).version

    assert load_corpus(write_corpus(change)).version != before


def test_the_version_changes_when_a_file_gets_another_name(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"page.md": PAGE})
    before = load_corpus(folder).version

    (folder / "page.md").rename(folder / "paper.md")

    assert load_corpus(folder).version != before


def test_the_version_changes_when_clinic_toml_appears(write_corpus: WriteCorpus) -> None:
    before = load_corpus(write_corpus({"page.md": PAGE})).version

    assert load_corpus(write_corpus({"clinic.toml": ""})).version != before


@pytest.mark.parametrize("name", ["README.md", "EDITORIAL.md", "_draft.md", ".hidden.md", "notes.txt", "lexicon.bak"])
def test_the_version_stays_when_a_file_changes_that_is_not_served(write_corpus: WriteCorpus, name: str) -> None:
    before = load_corpus(write_corpus({"page.md": PAGE, name: "one"})).version

    assert load_corpus(write_corpus({name: "two"})).version == before


def test_the_version_does_not_depend_on_where_the_folder_is(tmp_path: Path) -> None:
    versions = set()
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.md").write_text(PAGE)
        versions.add(load_corpus(tmp_path / name).version)

    assert len(versions) == 1
