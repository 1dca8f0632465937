"""Documents → passages: no word lost, none twice, order kept, sentences whole."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents import load_document
from bot.model import Block, Document, Mark, Passage, Reference, Section
from bot.passages import MAX_WORDS, count_words, passages_of, section_anchor

# ---- documents made at random


@dataclass(frozen=True)
class Sentence:
    """A sentence of numbered words, the numbers of the words that a footnote stands behind, and its end."""

    words: int
    notes: tuple[tuple[int, int], ...]  # (behind which word, from 1; the footnote's number)
    strong: bool
    end: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences of one block, or the items of one list, each item its own sentences."""

    items: tuple[tuple[Sentence, ...], ...]
    is_list: bool


SectionPlan = tuple[Paragraph, ...]

LABELS = range(1, 10)

lengths = st.one_of(st.integers(1, 30), st.integers(30, 70), st.sampled_from([119, 120, 121, 150]))


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    words = draw(lengths)
    behind = st.tuples(st.one_of(st.integers(1, words), st.just(words)), st.sampled_from(LABELS))
    notes = draw(st.lists(behind, max_size=2, unique=True))
    return Sentence(words, tuple(sorted(notes)), draw(st.booleans()), draw(st.sampled_from(".?!")))


texts = st.lists(sentences(), min_size=1, max_size=4).map(tuple)
paragraphs = st.one_of(
    texts.map(lambda text: Paragraph((text,), is_list=False)),
    st.lists(texts, min_size=1, max_size=3).map(lambda items: Paragraph(tuple(items), is_list=True)),
)
sections = st.lists(paragraphs, min_size=1, max_size=3).map(tuple)


def _sentence_markdown(sentence: Sentence, first_word: str) -> str:
    words = [f"{first_word.capitalize() if at == 1 else first_word}{at}" for at in range(1, sentence.words + 1)]
    words[-1] += sentence.end
    if sentence.strong:
        words = [f"**{word}**" if at == sentence.words // 2 else word for at, word in enumerate(words)]
    marks = {at: "".join(f"[^{label}]" for behind, label in sentence.notes if behind == at) for at, _ in sentence.notes}
    return " ".join(word + marks.get(at, "") for at, word in enumerate(words, start=1))


def _paragraph_markdown(paragraph: Paragraph, name: str) -> str:
    rows = [
        "\n".join(_sentence_markdown(sentence, f"{name}i{at}s{number}w") for number, sentence in enumerate(item))
        for at, item in enumerate(paragraph.items)
    ]
    if not paragraph.is_list:
        return rows[0]
    return "\n".join("- " + row.replace("\n", "\n  ") for row in rows)


def _section_markdown(plan: SectionPlan, name: str) -> str:
    return "\n\n".join(_paragraph_markdown(paragraph, f"{name}p{at}") for at, paragraph in enumerate(plan))


def _plain(markdown: str) -> list[str]:
    """The words of what this file writes as Markdown."""
    for label in LABELS:
        markdown = markdown.replace(f"[^{label}]", "")
    return [word.strip("*") for word in markdown.split() if word != "-"]


def _sentences_of(plan: SectionPlan) -> list[Sentence]:
    return [sentence for paragraph in plan for item in paragraph.items for sentence in item]


Load = Callable[[Iterable[SectionPlan]], tuple[Passage, ...]]


@pytest.fixture(scope="session")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Passages of a document with these sections: ``s0``, ``s1`` …, each written to Markdown and read back."""
    path = tmp_path_factory.mktemp("random") / "page.md"

    def from_plans(plans: Iterable[SectionPlan]) -> tuple[Passage, ...]:
        written = "# Page\n\n" + "".join(
            f"## Heading {at} {{#s{at}}}\n\n{_section_markdown(plan, f's{at}')}\n\n" for at, plan in enumerate(plans)
        )
        path.write_text(written + "\n\n".join(f"[^{label}]: Reference {label}." for label in LABELS), encoding="utf-8")
        document, _ = load_document(path, "en")
        return passages_of([document])

    return from_plans


def _note_places(passage: Passage) -> list[tuple[int, str]]:
    """Behind which word of the passage, from 1, each footnote stands."""
    places: list[tuple[int, str]] = []
    words_before = 0
    for block in passage.blocks:
        places += [
            (words_before + count_words(block.text[: mark.start]), mark.target)
            for mark in block.marks
            if mark.kind == "footnote"
        ]
        words_before += count_words(block.text)
    return places


@settings(max_examples=15, deadline=None)
@given(plan=sections)
def test_no_word_is_lost_none_stands_twice_and_the_order_is_kept(load: Load, plan: SectionPlan) -> None:
    passages = load([plan])

    words = [word for passage in passages for word in passage.text.split()]
    assert words == _plain(_section_markdown(plan, "s0"))


@settings(max_examples=15, deadline=None)
@given(plan=sections)
def test_a_part_ends_where_a_sentence_ends_and_is_too_long_only_when_one_sentence_is(
    load: Load, plan: SectionPlan
) -> None:
    sentence_ends = list(accumulate(sentence.words for sentence in _sentences_of(plan)))

    part_ends = list(accumulate(count_words(passage.text) for passage in load([plan])))
    assert set(part_ends) <= set(sentence_ends)
    for start, end in pairwise([0, *part_ends]):
        if end - start > MAX_WORDS:
            assert not any(start < sentence_end < end for sentence_end in sentence_ends)


@settings(max_examples=15, deadline=None)
@given(plan=sections)
def test_a_footnote_stays_behind_its_word_and_its_reference_follows(load: Load, plan: SectionPlan) -> None:
    expected = []
    words_before = 0
    for sentence in _sentences_of(plan):
        expected += [(words_before + behind, str(label)) for behind, label in sentence.notes]
        words_before += sentence.words

    found = []
    words_before = 0
    for passage in load([plan]):
        places = _note_places(passage)
        assert all(behind > 0 for behind, _ in places)
        assert [str(reference.number) for reference in passage.references] == sorted({label for _, label in places})
        found += [(words_before + behind, label) for behind, label in places]
        words_before += count_words(passage.text)
    assert found == expected


@settings(max_examples=15, deadline=None)
@given(plan=sections)
def test_marks_lie_at_the_ends_of_words_and_no_strong_word_is_lost(load: Load, plan: SectionPlan) -> None:
    strong = 0
    for passage in load([plan]):
        assert passage.text == " ".join(block.text for block in passage.blocks)
        for block in passage.blocks:
            for mark in block.marks:
                assert 0 <= mark.start <= mark.end <= len(block.text)
                assert f"{block.text} "[mark.end] == " " != block.text[mark.end - 1]
                if mark.kind == "strong":
                    assert block.text[mark.start : mark.end] in block.text.split()
                    strong += 1

    assert strong == sum(sentence.strong for sentence in _sentences_of(plan))


@settings(max_examples=10, deadline=None)
@given(plans=st.lists(sections, min_size=3, max_size=3), edited=sections, at=st.integers(0, 2))
def test_an_edit_in_one_section_leaves_the_passages_of_the_others_as_they_were(
    load: Load, plans: list[SectionPlan], edited: SectionPlan, at: int
) -> None:
    before = load(plans)
    after = load([*plans[:at], edited, *plans[at + 1 :]])

    assert [p for p in before if section_anchor(p) != f"s{at}"] == [p for p in after if section_anchor(p) != f"s{at}"]


@settings(max_examples=10, deadline=None)
@given(plans=st.lists(sections, min_size=1, max_size=3))
def test_ids_are_the_anchor_and_for_the_next_parts_a_number_from_2(load: Load, plans: list[SectionPlan]) -> None:
    passages = load(plans)

    for at in range(len(plans)):
        own = [passage for passage in passages if section_anchor(passage) == f"s{at}"]
        assert [passage.anchor for passage in own] == [f"s{at}", *(f"s{at}~{n}" for n in range(2, len(own) + 1))]
    assert [passage.passage_id for passage in passages] == [f"page#{passage.anchor}" for passage in passages]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="aB1.?!()[]\"'“”’,;:—…।", min_size=1, max_size=5), min_size=1, max_size=8))
def test_whatever_the_punctuation_a_cut_stands_only_where_white_space_stood(words: list[str]) -> None:
    text = " ".join(words * (MAX_WORDS // len(words) + 1))

    passages = passages_of([_document(Section("a", "A", 2, 1, (), frozenset(), (Block("p", text),)))])

    assert " ".join(passage.text for passage in passages) == text


# ---- examples


def _document(*sections: Section, references: tuple[Reference, ...] = ()) -> Document:
    return Document("page", "Page", None, None, None, None, None, "en", sections, references)


def _section(*blocks: Block) -> Section:
    return Section("rest", "Rest", 2, 3, ("Treating",), frozenset({"medicine"}), blocks)


def _sentence(name: str, words: int) -> str:
    return " ".join(f"{name}{at}" for at in range(1, words + 1)) + "."


def _texts(*blocks: Block) -> list[str]:
    return [passage.text for passage in passages_of([_document(_section(*blocks))])]


def test_a_section_is_a_passage_with_its_title_path_marks_and_hash() -> None:
    blocks = (Block("p", "Keep moving. গতি"), Block("li", "Walk", (Mark("strong", 0, 4),)))

    assert passages_of([_document(_section(*blocks))]) == (
        Passage(
            passage_id="page#rest",
            doc_id="page",
            anchor="rest",
            title="Rest",
            path=("Treating",),
            text="Keep moving. গতি Walk",
            blocks=blocks,
            references=(),
            classes=frozenset({"medicine"}),
            content_hash=sha256("Keep moving. গতি Walk".encode()).hexdigest(),
        ),
    )


def test_the_hash_of_each_part_is_that_of_its_own_text() -> None:
    passages = passages_of([_document(_section(Block("p", f"{_sentence('a', 70)} {_sentence('b', 70)}")))])

    assert [passage.content_hash for passage in passages] == [
        sha256(_sentence("a", 70).encode()).hexdigest(),
        sha256(_sentence("b", 70).encode()).hexdigest(),
    ]


def test_a_heading_without_text_of_its_own_is_no_passage() -> None:
    empty = Section("treating", "Treating", 2, 1, (), frozenset(), ())

    passages = passages_of([_document(empty, _section(Block("p", "text")))])

    assert [passage.passage_id for passage in passages] == ["page#rest"]


def test_passages_stand_in_reading_order_of_all_documents() -> None:
    one = _document(_section(Block("p", "one")))
    other = Document("other", "Other", None, None, None, None, None, "en", (_section(Block("p", "two")),), ())

    assert [p.passage_id for p in passages_of([one, other])] == ["page#rest", "other#rest"]


def test_a_section_of_exactly_the_limit_stays_whole() -> None:
    text = f"{_sentence('a', 60)} {_sentence('b', 60)}"

    assert _texts(Block("p", text)) == [text]


def test_a_section_one_word_longer_is_cut_at_the_sentence_end() -> None:
    assert _texts(Block("p", f"{_sentence('a', 60)} {_sentence('b', 61)}")) == [_sentence("a", 60), _sentence("b", 61)]


def test_the_parts_are_about_equally_long() -> None:
    ten = " ".join(_sentence(name, 13) for name in "abcdefghij")  # 130 words: two parts of 65, not 117 and 13

    assert [count_words(text) for text in _texts(Block("p", ten))] == [65, 65]


def test_a_single_sentence_above_the_limit_stays_whole() -> None:
    long = _sentence("a", 150)

    assert _texts(Block("p", f"{_sentence('b', 10)} {long} {_sentence('c', 10)}")) == [
        _sentence("b", 10),
        long,
        _sentence("c", 10),
    ]


def test_a_cut_falls_between_items_of_a_list_that_have_no_full_stop() -> None:
    items = [Block("li", " ".join([name] * 50)) for name in "abcd"]

    assert _texts(*items) == [f"{items[0].text} {items[1].text}", f"{items[2].text} {items[3].text}"]


def test_an_item_that_is_cut_keeps_its_number_in_the_first_part_only() -> None:
    item = Block("li", f"{_sentence('a', 100)} {_sentence('b', 100)}", ordinal=4)

    passages = passages_of([_document(_section(item))])

    assert [[(block.kind, block.ordinal) for block in passage.blocks] for passage in passages] == [
        [("li", 4)],
        [("li", None)],
    ]


def test_markup_over_a_cut_goes_on_in_the_next_part() -> None:
    first, second = _sentence("a", 100), _sentence("b", 100)
    block = Block("p", f"{first} {second}", (Mark("strong", 3, len(first) + 1 + 4), Mark("link", 0, 2, "/x")))

    one, two = passages_of([_document(_section(block))])

    assert set(one.blocks[0].marks) == {Mark("strong", 3, len(first)), Mark("link", 0, 2, "/x")}
    assert two.blocks[0].marks == (Mark("strong", 0, 4),)


def test_a_footnote_at_a_cut_stays_with_the_sentence_before_it() -> None:
    first, second = _sentence("a", 100), _sentence("b", 100)
    at = len(first)
    marks = (Mark("footnote", at, at, "7"), Mark("footnote", at + 101, at + 101, "3"))
    references = (Reference(3, "Three", None), Reference(7, "Seven", None), Reference(9, "Nine", None))

    one, two = passages_of([_document(_section(Block("p", f"{first} {second}", marks)), references=references)])

    assert (one.blocks[0].marks, one.references) == ((marks[0],), (references[1],))
    assert (two.blocks[0].marks, two.references) == ((Mark("footnote", 100, 100, "3"),), (references[0],))


def test_a_footnote_before_the_first_word_stays() -> None:
    block = Block("p", f"{_sentence('a', 100)} {_sentence('b', 100)}", (Mark("footnote", 0, 0, "7"),))

    one, two = passages_of([_document(_section(block))])

    assert (one.blocks[0].marks, two.blocks[0].marks) == ((Mark("footnote", 0, 0, "7"),), ())


@pytest.mark.parametrize("abbreviation", ["e.g.", "i.e.", "Dr.", "approx.", "vs.", "Mr."])
def test_an_abbreviation_ends_no_sentence(abbreviation: str) -> None:
    text = f"{' '.join(['one'] * 70)} {abbreviation} Two {' '.join(['three'] * 60)}."

    assert _texts(Block("p", text)) == [text]


def test_a_bengali_section_is_cut_at_its_sentence_ends_too() -> None:
    first, second = (_sentence(word, 80).replace(".", "।") for word in ("পিঠ", "ব্যথা"))

    assert _texts(Block("p", f"{first} {second}")) == [first, second]


def test_the_section_of_a_part_is_its_anchor_without_the_number(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"# Page {{#a}}\n\n{_sentence('a', 100)}\n\n{_sentence('b', 100)}\n", encoding="utf-8")

    passages = passages_of([load_document(path, "en")[0]])

    assert [(passage.anchor, section_anchor(passage)) for passage in passages] == [("a", "a"), ("a~2", "a")]


def test_every_part_of_a_section_has_its_ways_to_ask_and_they_are_no_part_of_its_words(tmp_path: Path) -> None:
    text = f"# Page {{#a}}\n\n{_sentence('a', 100)}\n\n{_sentence('b', 100)}\n\n"
    path = tmp_path / "page.md"
    found = []
    for comment in ("", "<!-- also asked:\nwhy a\nhow b\n-->\n"):
        path.write_text(text + comment, encoding="utf-8")
        found.append(passages_of([load_document(path, "en")[0]]))

    without, with_ways = found
    assert [passage.also_asked for passage in without] == [(), ()]
    assert [passage.also_asked for passage in with_ways] == [("why a", "how b")] * 2
    assert [replace(passage, also_asked=()) for passage in with_ways] == list(without)
    assert [passage.content_hash for passage in with_ways] == [
        sha256(passage.text.encode()).hexdigest() for passage in without
    ]
