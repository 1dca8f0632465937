"""Lists of questions that the content does not answer: the clinic's own, and the one that comes with Citewell."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis import Analyzer
from bot.answering import Answerer
from bot.corpus import load_corpus
from bot.errors import CorpusError
from bot.model import Topic
from bot.passages import ways_to_ask
from bot.topics import FILE, MAX_QUESTION, load_not_covered, topics_elsewhere, topics_in

WriteCorpus = Callable[..., Path]

ANALYZER = Analyzer("en")
BUNDLED = [question for topic in topics_elsewhere("en") for question in topic.questions]


def _twice(questions: list[str]) -> list[str]:
    counts = Counter(tuple(ANALYZER.terms(question)) for question in questions)
    return [question for question in questions if counts[tuple(ANALYZER.terms(question))] > 1]


# ---- reading a list


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("", ()),
        ("\n  \n\t\n", ()),
        ("# fees\n# hours\n", ()),
        ("how much is it", (Topic("other", ("how much is it",)),)),
        ("# fees\nhow much\nwhat price\n", (Topic("fees", ("how much", "what price")),)),
        ("#fees\na\n\n\n## hours ##\n b \n", (Topic("fees", ("a",)), Topic("hours ##", ("b",)))),
        ("a\n# fees\nb\n", (Topic("other", ("a",)), Topic("fees", ("b",)))),
        ("# fees\na\n# hours\nb\n# fees\nc\n", (Topic("fees", ("a", "c")), Topic("hours", ("b",)))),
        ("# fees\na\n#\nb\n", (Topic("fees", ("a",)), Topic("other", ("b",)))),
        ("# fees\r\na\r\nb", (Topic("fees", ("a", "b")),)),
        ("# fees\nis room #5 open\n", (Topic("fees", ("is room #5 open",)),)),
        ("  # fees\n  a\n", (Topic("fees", ("a",)),)),
    ],
)
def test_a_line_is_a_question_and_one_with_a_hash_names_the_topic_of_those_that_follow(
    text: str, topics: tuple[Topic, ...]
) -> None:
    assert topics_in(text) == topics


@given(
    lists=st.lists(
        st.tuples(
            st.from_regex(r"[a-z]{1,6}", fullmatch=True),
            st.lists(st.from_regex(r"[a-z?]{1,9}", fullmatch=True), min_size=1, max_size=4),
        ),
        max_size=5,
        unique_by=lambda item: item[0],
    )
)
def test_a_list_written_down_is_read_back(lists: list[tuple[str, list[str]]]) -> None:
    text = "\n\n".join("\n".join([f"# {name}", *questions]) for name, questions in lists)

    assert topics_in(text) == tuple(Topic(name, tuple(questions)) for name, questions in lists)


@given(text=st.text())
def test_any_text_is_a_list_without_blank_questions_and_empty_topics(text: str) -> None:
    topics = topics_in(text)

    assert len({topic.name for topic in topics}) == len(topics)
    for topic in topics:
        assert topic.name
        assert topic.questions
        assert all(question.strip() == question != "" for question in topic.questions)
        assert not any(question.startswith("#") for question in topic.questions)


# ---- the clinic's file


def test_a_folder_without_the_file_lists_nothing(tmp_path: Path) -> None:
    assert load_not_covered(tmp_path) == ()


def test_the_file_is_part_of_the_corpus(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"a.md": "# A\n\nx\n", "not-covered.txt": "\ufeff# fees\nhow much\n"})

    assert FILE == "not-covered.txt"
    assert load_corpus(folder).not_covered == (Topic("fees", ("how much",)),)


def test_the_longest_line_is_as_long_as_a_question_may_be(write_corpus: WriteCorpus) -> None:
    question = "x" * MAX_QUESTION

    assert MAX_QUESTION == 500
    assert load_not_covered(write_corpus({FILE: f"# a\n   {question}  \n"})) == (Topic("a", (question,)),)


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("# fees\n\n" + "x" * 501 + "\n", 3, "501 characters; expected a question of at most 500"),
        ("# " + "x" * 600, 1, "602 characters; expected a question of at most 500"),
        ("a\n" + "ব্" * 251, 2, "502 characters; expected a question of at most 500"),
        (b"one\ntwo \xff\n", 2, "byte 0xff is not UTF-8; expected the file saved as UTF-8"),
        (b"one\n\ntwo\0\n", 3, "a NUL character; expected a text file saved as UTF-8"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_path_and_line(
    write_corpus: WriteCorpus, content: str | bytes, line: int, problem: str
) -> None:
    folder = write_corpus({"a.md": "# A\n\nx\n", FILE: content})

    with pytest.raises(CorpusError) as caught:
        load_corpus(folder)

    assert str(caught.value) == f"{folder / FILE}:{line}: {problem}"


def test_a_folder_of_that_name_is_refused(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"a.md": "# A\n\nx\n"})
    (folder / FILE).mkdir()

    with pytest.raises(CorpusError, match="cannot be read"):
        load_not_covered(folder)


def test_the_version_changes_when_the_file_appears_changes_and_goes(write_corpus: WriteCorpus) -> None:
    before = load_corpus(write_corpus({"a.md": "# A\n\nx\n"})).version
    contents = ("", "how much\n", "how much \n", "# fees\nhow much\n")
    versions = [before, *(load_corpus(write_corpus({FILE: content})).version for content in contents)]

    assert len(set(versions)) == 5
    folder = write_corpus({})
    (folder / FILE).unlink()
    assert load_corpus(folder).version == before


# ---- the bundled list


def test_the_bundled_list_has_at_least_500_questions_in_40_topics() -> None:
    assert len(BUNDLED) >= 500
    assert len(topics_elsewhere("en")) >= 40
    assert all(len(topic.questions) >= 3 for topic in topics_elsewhere("en"))
    assert "other" not in {topic.name for topic in topics_elsewhere("en")}


def test_no_bundled_question_stands_twice_is_too_long_or_has_nothing_to_search() -> None:
    assert _twice(BUNDLED) == []
    assert [question for question in BUNDLED if len(question) > MAX_QUESTION] == []
    assert [question for question in BUNDLED if not ANALYZER.terms(question)] == []


def test_no_bundled_question_is_one_that_the_shipped_corpus_lists(answerer: Answerer) -> None:
    listed = {tuple(ANALYZER.terms(way)) for passage in answerer.passages for way in ways_to_ask(passage)}

    assert [question for question in BUNDLED if tuple(ANALYZER.terms(question)) in listed] == []


# ---- the shipped not-covered.txt


@pytest.fixture(scope="module")
def shipped(answerer: Answerer) -> list[str]:
    """The lines of the shipped ``not-covered.txt``."""
    return [question for topic in answerer.corpus.not_covered for question in topic.questions]


def test_the_shipped_list_has_at_least_700_lines_all_under_a_topic(answerer: Answerer, shipped: list[str]) -> None:
    assert len(shipped) >= 700
    assert "other" not in {topic.name for topic in answerer.corpus.not_covered}


def test_no_line_of_the_shipped_list_stands_twice(shipped: list[str]) -> None:
    assert _twice(shipped) == []


def test_no_line_of_the_shipped_list_is_a_heading_or_way_to_ask(answerer: Answerer, shipped: list[str]) -> None:
    ways = {tuple(ANALYZER.terms(way)) for passage in answerer.passages for way in ways_to_ask(passage)}

    assert [line for line in shipped if tuple(ANALYZER.terms(line)) in ways] == []
