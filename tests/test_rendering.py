"""Text with marks beside it becomes HTML that is balanced, escaped and word for word."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

import bot
from bot.markdown import parse_markdown
from bot.model import Block, Mark, MarkKind, Passage, Reference, Section
from bot.reply import QuotedBlock, QuotedPassage
from web.app import create_app
from web.rendering import Groups, SourceMarkup, link_target, quoted_groups

ANCHOR = "shoes"
SECTION = Section(ANCHOR, "Shoes", 2, 1, (), frozenset(), ())


def passage_of(*blocks: Block) -> Passage:
    text = " ".join(block.text for block in blocks)
    return Passage(f"faq#{ANCHOR}", "faq", ANCHOR, "Shoes", (), text, blocks, (), frozenset(), "")


def groups_of(*blocks: Block) -> Groups:
    ((anchor, groups),) = SourceMarkup([passage_of(*blocks)]).parts(SECTION)
    assert anchor == ANCHOR
    return groups


def html_of(block: Block) -> str:
    ((_, (line,)),) = groups_of(block)
    return str(line.html)


def html_of_markdown(text: str) -> str:
    (block,) = parse_markdown(f"# Shoes\n\n{text}\n", Path("faq.md")).headings[0].blocks
    return html_of(block)


class Balanced(HTMLParser):
    """Reads HTML whose tags close in the order in which they opened.

    ``text`` leaves the footnotes' numbers out; ``marked`` is what of it stands in ``<mark>``.
    """

    def __init__(self, html: str) -> None:
        """Read ``html`` whole."""
        super().__init__()
        self.text = ""
        self.marked = ""
        self.seen: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert not (tag == "a" and "a" in self._open), "a link inside a link"
        self.seen.append(tag + "".join(f" {name}={value}" for name, value in attributes))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, text: str) -> None:
        if "sup" not in self._open:
            self.text += text
            self.marked += text * ("mark" in self._open)


# ---- marks

_WORDS = st.text(alphabet="a <&>\"'}ব্যা", max_size=4)
_FOOTNOTE = st.just(("footnote", ""))
_KINDS: tuple[MarkKind, ...] = ("strong", "emphasis", "code")
Node = str | tuple[str, "Node"] | list["Node"]
_TREES: st.SearchStrategy[Node] = st.recursive(
    _WORDS | _FOOTNOTE,
    lambda inner: st.tuples(st.sampled_from(_KINDS), inner) | st.lists(inner, max_size=4),
    max_leaves=12,
)


def marks_of(tree: Node, start: int = 0) -> Iterator[tuple[str, list[Mark]]]:
    """The words of ``tree`` and the marks over them, from ``start`` on."""
    if isinstance(tree, str):
        yield tree, []
    elif isinstance(tree, list):
        for node in tree:
            for words, marks in marks_of(node, start):
                yield words, marks
                start += len(words)
    elif tree[0] == "footnote":
        yield "", [Mark("footnote", start, start, "1")]
    else:
        inside = list(marks_of(tree[1], start))
        text = "".join(words for words, _ in inside)
        kind = next(kind for kind in _KINDS if kind == tree[0])
        own = [Mark(kind, start, start + len(text))] if text else []
        yield text, own + [mark for _, marks in inside for mark in marks]


@settings(max_examples=200, deadline=None)
@given(tree=_TREES)
def test_marks_inside_and_beside_each_other_give_balanced_html_of_the_same_words(tree: Node) -> None:
    found = list(marks_of(tree))
    text = "".join(words for words, _ in found)
    marks = sorted((mark for _, more in found for mark in more), key=lambda mark: (mark.start, -mark.end))

    written = html_of(Block("p", text, tuple(marks)))
    html = Balanced(written)

    assert html.text == text
    assert re.sub(r"</?(?:strong|em|code)>|<sup>.*?</sup>", "", written) == escape(text)
    assert len([tag for tag in html.seen if tag in {"strong", "em", "code", "sup"}]) == len(marks)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**a**b", "<strong>a</strong>b"),
        ("**a***b*", "<strong>a</strong><em>b</em>"),
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
        ("***a* b**", "<strong><em>a</em> b</strong>"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("a & \"b\" 'c' \\<i\\>", "a &amp; &#34;b&#34; &#39;c&#39; &lt;i&gt;"),
        ("[a](https://x.example/?b=1&c=2)", '<a href="https://x.example/?b=1&amp;c=2" rel="noreferrer">a</a>'),
        ("**see [a](b.md)**", '<strong>see <a href="/sources/b" rel="noreferrer">a</a></strong>'),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("{{ 7*7 }}", "{{ 7*7 }}"),
        ("![a photo](photo.jpg)", "a photo"),
    ],
)
def test_markup_comes_out_as_its_author_wrote_it(markdown: str, html: str) -> None:
    assert html_of_markdown(markdown) == html


@pytest.mark.parametrize(
    "markdown",
    ["see[^1][this page](faq.md)", "[^1][this page](faq.md)", "**see[^1]**[this page](faq.md)"],
)
def test_a_footnote_is_never_a_link_inside_a_link(markdown: str) -> None:
    html = Balanced(html_of_markdown(f"{markdown}\n\n[^1]: Smith 2020."))

    assert html.text.removeprefix("see") == "this page"
    assert len([tag for tag in html.seen if tag.startswith("a ")]) == 2


def test_a_footnote_stands_behind_the_word_that_it_belongs_to() -> None:
    html = html_of_markdown("Old **shoes**[^2] hurt.[^2]\n\n[^2]: Smith 2020.")

    assert re.sub(r"<a [^>]*>(\d)</a>", r"\1", html) == "Old <strong>shoes</strong><sup>2</sup> hurt.<sup>2</sup>"


# ---- references


def test_every_use_of_a_reference_has_an_id_of_its_own_and_a_link_back() -> None:
    def cited(*numbers: str) -> Block:
        return Block("p", "Shoes.", tuple(Mark("footnote", 6, 6, number) for number in numbers))

    markup = SourceMarkup([passage_of(cited("7"), cited("7", "3")), passage_of(cited("7"))])
    html = "".join(str(line.html) for _, groups in markup.parts(SECTION) for _, lines in groups for line in lines)
    links = {number: markup.back_links(Reference(number, "Smith 2020.", None)) for number in (3, 7, 9)}

    assert re.findall(r'id="([^"]+)"', html) == [links[7][0], links[7][1], links[3][0], links[7][2]]
    assert [len(links[number]) for number in (3, 7, 9)] == [1, 3, 0]
    assert re.findall(r">(\d)<", html) == ["7", "7", "3", "7"]


# ---- lists


def lists(groups: Groups) -> list[tuple[str, list[tuple[int | None, str]]]]:
    return [(tag, [(line.ordinal, str(line.html)) for line in lines]) for tag, lines in groups]


def test_lists_and_paragraphs_stand_in_the_order_of_the_text_and_numbers_stay() -> None:
    blocks = (
        parse_markdown("# S\n\nFirst:\n\n3. three\n4. four\n\n- dot\n- dash\n\nLast.\n", Path("f.md"))
        .headings[0]
        .blocks
    )

    assert lists(groups_of(*blocks)) == [
        ("p", [(None, "First:")]),
        ("ol", [(3, "three"), (4, "four")]),
        ("ul", [(None, "dot"), (None, "dash")]),
        ("p", [(None, "Last.")]),
    ]


def test_a_numbered_list_has_its_numbers_on_the_page(write_corpus: Callable[..., Path]) -> None:
    folder = write_corpus({"faq.md": "# Shoes\n\n3. Lace.\n4. Run.\n"})

    page = create_app(bot.build(folder)).test_client().get("/sources/faq").get_data(as_text=True)

    assert '<ol>\n<li value="3">Lace.</li>\n<li value="4">Run.</li>\n</ol>' in page


def test_a_section_without_text_has_no_parts() -> None:
    empty = Section("empty", "Empty", 2, 1, (), frozenset(), ())

    assert SourceMarkup([passage_of(Block("p", "Shoes."))]).parts(empty) == []


# ---- the passage of an answer


def test_highlights_are_marked_neighbours_together_and_everything_is_escaped() -> None:
    blocks = (
        QuotedBlock("p", "Old <shoes> & shoes", ((0, 3), (5, 10), (14, 19))),
        QuotedBlock("li", "👟 shoes", ((2, 7),)),
        QuotedBlock("li", "none", ()),
        QuotedBlock("p", "back pain, worn-out", ((0, 4), (5, 9), (11, 15), (16, 19))),
    )

    groups = quoted_groups(QuotedPassage("faq#shoes", "Shoes", "", blocks))

    assert lists(groups) == [
        ("p", [(None, "<mark>Old</mark> &lt;<mark>shoes</mark>&gt; &amp; <mark>shoes</mark>")]),
        ("ul", [(None, "👟 <mark>shoes</mark>"), (None, "none")]),
        ("p", [(None, "<mark>back pain</mark>, <mark>worn-out</mark>")]),
    ]


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="ab -<&>\"'ব্যা", max_size=20), cuts=st.sets(st.integers(0, 20), max_size=6))
def test_highlights_anywhere_give_balanced_html_of_the_same_words(text: str, cuts: set[int]) -> None:
    places = sorted(cut for cut in cuts if cut <= len(text))
    spans = tuple(zip(places[::2], places[1::2], strict=False))
    inside = {at for start, end in spans for at in range(start, end)}
    joints = {end for (_, end), (start, _) in pairwise(spans) if text[end:start] in {" ", "-"}}

    ((_, (line,)),) = quoted_groups(QuotedPassage("", "", text, (QuotedBlock("p", text, spans),)))
    html = Balanced(str(line.html))

    assert html.text == text
    assert re.sub(r"</?mark>", "", str(line.html)) == escape(text)
    assert html.marked == "".join(text[at] for at in sorted(inside | joints))
    assert html.seen == ["mark"] * (len(spans) - len(joints))


# ---- links


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("faq.md", "/sources/faq"),
        ("faq.md#prevent", "/sources/faq#prevent"),
        ("./FAQ.md#prevent", "/sources/faq#prevent"),
        ("When to get help.md", "/sources/when-to-get-help"),
        ("When%20to%20get%20help.md", "/sources/when-to-get-help"),
        ("https://clinic.example/faq.md", "https://clinic.example/faq.md"),
        ("//clinic.example/faq.md", "//clinic.example/faq.md"),
        ("mailto:a@clinic.example", "mailto:a@clinic.example"),
        ("tel:999", "tel:999"),
        ("#prevent", "#prevent"),
        ("/chat", "/chat"),
        ("leaflet.pdf", "leaflet.pdf"),
        ("", ""),
        ("//[:]/faq.md", "//[:]/faq.md"),
    ],
)
def test_a_link_between_files_of_the_corpus_leads_to_the_page_of_the_other(target: str, address: str) -> None:
    assert link_target(target) == address


@pytest.mark.parametrize("name", ["My file.md", "পিঠে ব্যথা.md", "faq-2.md", "A_b.md"])
def test_a_link_to_a_file_of_any_name_leads_to_its_page(write_corpus: Callable[..., Path], name: str) -> None:
    folder = write_corpus({"start.md": f"# Start\n\n[there](<{name}#জুতা>)\n", name: "# T\n\n## জুতা\n\nA.\n"})
    client = create_app(bot.build(folder)).test_client()

    (path,) = re.findall(r'<p><a href="([^"#]+)#[^"]+"', client.get("/sources/start").get_data(as_text=True))

    assert client.get(path).status_code == 200
