"""Markdown → headings and blocks of plain text with marks beside them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.footnote import footnote_plugin

from bot.errors import CorpusError
from bot.markdown import Comment, Parsed, parse_markdown
from bot.model import Block, Mark

PAGE = Path("page.md")


def _parse(text: str) -> Parsed:
    return parse_markdown(text, PAGE)


def _parsed_or_refused(text: str) -> Parsed | CorpusError:
    try:
        return _parse(text)
    except CorpusError as error:
        return error


def _refusal(text: str) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        _parse(text)
    return caught.value


# ---- words and the marks beside them


@pytest.mark.parametrize(
    ("written", "text", "marks"),
    [
        ("Run **less** now.", "Run less now.", (Mark("strong", 4, 8),)),
        ("Run *less* now.", "Run less now.", (Mark("emphasis", 4, 8),)),
        ("Type `a  b`.", "Type a b.", (Mark("code", 5, 8),)),
        ("See [the page](https://a.example/x).", "See the page.", (Mark("link", 4, 12, "https://a.example/x"),)),
        ("See <https://a.example>.", "See https://a.example.", (Mark("link", 4, 21, "https://a.example"),)),
        ("It helps.[^15] Rest.", "It helps. Rest.", (Mark("footnote", 9, 9, "15"),)),
        ("It helps. [^15] Rest.", "It helps. Rest.", (Mark("footnote", 9, 9, "15"),)),
        ("[^15] Rest.", "Rest.", (Mark("footnote", 0, 0, "15"),)),
        ("It helps.[^3][^15]", "It helps.", (Mark("footnote", 9, 9, "3"), Mark("footnote", 9, 9, "15"))),
        ("**Run *far* now**", "Run far now", (Mark("strong", 0, 11), Mark("emphasis", 4, 7))),
        ("Run **less.[^2]**", "Run less.", (Mark("strong", 4, 9), Mark("footnote", 9, 9, "2"))),
        ("Run\n**less** now", "Run less now", (Mark("strong", 4, 8),)),
        ("Run [](https://a.example) less", "Run less", ()),
        ("😀 **ব্যথা** x", "😀 ব্যথা x", (Mark("strong", 2, 7),)),
    ],
)
def test_markup_becomes_offsets_beside_the_words(written: str, text: str, marks: tuple[Mark, ...]) -> None:
    parsed = _parse(f"{written}\n\n[^2]: b\n\n[^3]: c\n\n[^15]: o\n")

    assert parsed.lead == (Block("p", text, marks),)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("one\ntwo", "one two"),
        ("one  \ntwo", "one two"),
        ("one\\\ntwo", "one two"),
        ("one \t  two", "one two"),
        ("one\u00a0 two", "one two"),
        ("  one  ", "one"),
        (r"2 \* 3 \[^1\]", "2 * 3 [^1]"),
        ("&lt;b&gt; &amp; caf&eacute;", "<b> & café"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("a ![the knee](knee.png) b", "a the knee b"),
        ("a ![the *left* knee](knee.png) b", "a the left knee b"),
    ],
)
def test_words_come_out_without_markup_and_with_white_space_folded(written: str, text: str) -> None:
    assert [block.text for block in _parse(written).lead] == [text]


def test_a_list_becomes_items_in_reading_order_with_their_numbers() -> None:
    parsed = _parse("- one\n- two\n  1. three\n  2. four\n- five\n\n7. seven\n8. eight\n")

    assert [(block.kind, block.text, block.ordinal) for block in parsed.lead] == [
        ("li", "one", None),
        ("li", "two", None),
        ("li", "three", 1),
        ("li", "four", 2),
        ("li", "five", None),
        ("li", "seven", 7),
        ("li", "eight", 8),
    ]


def test_a_second_paragraph_of_an_item_is_a_paragraph() -> None:
    parsed = _parse("- one\n\n  more\n\n- two\n")

    assert [(block.kind, block.text) for block in parsed.lead] == [("li", "one"), ("p", "more"), ("li", "two")]


def test_a_table_becomes_one_item_a_row_with_its_marks_in_place() -> None:
    parsed = _parse("| sign | do |\n|---|---|\n| numb | **call**[^1] |\n| ok | |\n\n[^1]: x\n")

    assert parsed.lead == (
        Block("li", "sign | do"),
        Block("li", "numb | call", (Mark("strong", 7, 11), Mark("footnote", 11, 11, "1"))),
        Block("li", "ok"),
    )


@pytest.mark.parametrize("written", ["```\ncode  words\n```", "    code  words"])
def test_a_code_block_is_a_paragraph_in_code(written: str) -> None:
    assert _parse(written).lead == (Block("p", "code words", (Mark("code", 0, 10),)),)


def test_a_block_quote_is_served_as_its_words() -> None:
    assert _parse("> one\n> two\n").lead == (Block("p", "one two"),)


def test_a_thematic_break_is_no_block() -> None:
    assert [block.text for block in _parse("one\n\n***\n\ntwo\n").lead] == ["one", "two"]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab1 \n*_`[]()^!<>-#|&;{}.:\\", max_size=60))
def test_any_text_is_taken_apart_or_refused_by_name_with_every_mark_in_its_text(written: str) -> None:
    outcome = _parsed_or_refused(written)

    if isinstance(outcome, CorpusError):
        assert outcome.line is not None
        assert 1 <= outcome.line <= written.count("\n") + 1
        return
    for block in (*outcome.lead, *(block for heading in outcome.headings for block in heading.blocks)):
        assert block.text == " ".join(block.text.split())
        assert block.text
        for mark in block.marks:
            assert 0 <= mark.start <= mark.end <= len(block.text)
            assert (mark.start == mark.end) == (mark.kind == "footnote")
            assert not block.text[mark.start : mark.end].startswith(" ")


def test_a_link_with_a_footnote_in_its_words_shows_no_brackets() -> None:
    outcome = _parsed_or_refused("See [it[^2]](/x) now.\n\n[^2]: b\n")

    if isinstance(outcome, CorpusError):
        assert (outcome.line, "footnote" in outcome.problem) == (1, True)
    else:
        assert [block.text for block in outcome.lead] == ["See it now."]


# ---- headings


def test_a_heading_has_its_words_level_line_anchor_classes_and_blocks() -> None:
    parsed = _parse("lead\n\n## Pain *relief* {#relief .medicine}\n\none\n\n### Rest\n\n- two\n")

    relief, rest = parsed.headings
    assert [block.text for block in parsed.lead] == ["lead"]
    assert (relief.title, relief.level, relief.line, relief.anchor) == ("Pain relief", 2, 3, "relief")
    assert relief.classes == {"medicine"}
    assert relief.blocks == (Block("p", "one"),)
    assert (rest.title, rest.level, rest.line, rest.anchor, rest.classes) == ("Rest", 3, 7, None, frozenset())
    assert rest.blocks == (Block("li", "two"),)


def test_an_underlined_heading_may_have_an_anchor_too() -> None:
    (heading,) = _parse("Rest {#rest}\n====\n\none\n").headings

    assert (heading.title, heading.level, heading.anchor) == ("Rest", 1, "rest")


@pytest.mark.parametrize(
    ("written", "title"),
    [(r"What is \{x}", "What is {x}"), ("What is {x} here?", "What is {x} here?"), ("`{x}` is what", "{x} is what")],
)
def test_braces_that_are_not_at_the_end_of_a_heading_or_are_escaped_are_words(written: str, title: str) -> None:
    (heading,) = _parse(f"# {written}\n\ntext\n").headings

    assert (heading.title, heading.anchor) == (title, None)


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ("{#a b}", "cannot read {#a b} behind the heading"),
        ("{anchor}", "cannot read {anchor} behind the heading"),
        ("{#a~2}", "cannot read {#a~2} behind the heading"),
        ("{#a colour=red}", "unknown attribute “colour” in {#a colour=red}"),
    ],
)
def test_attributes_that_cannot_be_read_are_refused_with_their_line(attributes: str, problem: str) -> None:
    error = _refusal(f"one\n\ntwo\n\n## Rest {attributes}\n\ntext\n")

    expected = "an anchor and classes last on its line, as in {#worn-shoes .medicine}"
    assert str(error) == f"page.md:5: {problem}; expected {expected}"


def test_a_footnote_in_a_heading_is_refused_with_its_line() -> None:
    error = _refusal("one\n\n## Rest[^1]\n\ntext\n\n[^1]: x\n")

    assert str(error) == "page.md:3: a footnote in a heading; expected the footnote in the text under it"


def test_a_heading_inside_a_list_opens_no_section() -> None:
    parsed = _parse("- # one\n- two\n")

    assert parsed.headings == ()
    assert [block.text for block in parsed.lead] == ["one", "two"]


# ---- footnotes


def test_labels_and_lines_of_footnotes_stay_as_written_whatever_the_order_of_use() -> None:
    parsed = _parse("one[^15]\ntwo[^3]\n\n[^3]: Third.\n\n[^15]: Fifteenth\n    goes on.\n\n[^22]: Unused.\n")

    assert [(use.label, use.line) for use in parsed.footnote_uses] == [("15", 1), ("3", 2)]
    assert [(note.label, note.line, note.block.text) for note in parsed.footnotes] == [
        ("3", 4, "Third."),
        ("15", 6, "Fifteenth goes on."),
        ("22", 9, "Unused."),
    ]


def test_a_footnote_of_several_paragraphs_is_one_text_with_its_marks_in_place() -> None:
    parsed = _parse("one[^1]\n\n[^1]: First.\n\n    See *it*.\n")

    assert parsed.footnotes[0].block == Block("p", "First. See it.", (Mark("emphasis", 11, 13),))


def test_a_footnote_definition_between_two_paragraphs_is_no_block_of_the_section() -> None:
    parsed = _parse("one[^1]\n\n[^1]: Ref.\n\ntwo\n")

    assert [block.text for block in parsed.lead] == ["one", "two"]


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("one[^9]", 1),
        ("one\ntwo\nthree[^9]", 3),
        ("one  \ntwo\\\nthree[^9]", 3),
        ("- one\n- two\n  three[^9]", 3),
        ("> one\n> two[^9]", 2),
        ("| a | b |\n|---|---|\n| c | d[^9] |", 3),
        ("[one\ntwo](https://a.example) three[^9]", 2),
        ("`one\ntwo` three\nfour[^9]", 3),
        ("one <!-- a\ncomment --> two\nthree[^9]", 3),
        ('[one](https://a.example\n"title\ntwo") three[^9]', 3),
        ("![one\ntwo](a.png) three[^9]", 2),
        ("one \\[^9]\ntwo[^9]", 2),
        ("`[^9]` one\ntwo[^9]", 2),
        ("one <!-- [^9] -->\ntwo[^9]", 2),
    ],
)
def test_the_line_of_a_footnote_mark_is_the_one_it_stands_on(written: str, line: int) -> None:
    parsed = _parse(f"\n\n{written}\n")

    assert [(use.label, use.line) for use in parsed.footnote_uses] == [("9", line + 2)]


def test_a_footnote_mark_in_code_is_code() -> None:
    assert _parse("Write `[^15]`.").footnote_uses == ()


# ---- HTML


@pytest.mark.parametrize(
    ("written", "line", "culprit"),
    [
        ("one\n\n<div>two</div>\n", 3, "<div>two</div>"),
        ("one\ntwo <b>three</b>\n", 2, "<b>"),
        ("one\ntwo<br>three\n", 2, "<br>"),
        ("<script>\nalert(1)\n</script>\n", 1, "<script>"),
        ("one\n\n<?php x ?>\n", 3, "<?php"),
        ("# One <em>two</em>\n\nthree\n", 1, "<em>"),
        ("one[^1]\n\n[^1]: two <b>three</b>\n", 3, "<b>"),
        ("one[^1]\n\n[^1]: two\n\n    <div>three</div>\n", 5, "<div>three</div>"),
        ("one\n\n<!-- never closed\n\n# Two\n\nthree\n", 3, "<!--"),
    ],
)
def test_raw_html_is_refused_with_its_line(written: str, line: int, culprit: str) -> None:
    error = _refusal(written)

    assert (
        str(error) == f"page.md:{line}: raw HTML “{culprit}”; expected Markdown, or an HTML comment on lines of its own"
    )


@pytest.mark.parametrize(
    "written",
    [
        "<!-- a note -->\n\none two",
        "one <!-- a note --> two",
        "one two\n\n<!-- a note\n\nof three paragraphs -->\n",
        "<!-- a --> <!-- b -->\n<!-- c -->\n\none two",
    ],
)
def test_comments_are_invisible(written: str) -> None:
    assert " ".join(block.text for block in _parse(written).lead) == "one two"


@pytest.mark.parametrize(
    "written",
    [
        "<!-- a --> visible words",
        "<!-- a --> visible words <!-- b -->",
        "<!-- a --><script>alert(1)</script><!-- b -->",
        "<!-- a -->\n<!-- b --> visible words <!-- c -->",
    ],
)
def test_what_stands_between_two_comments_is_not_swallowed(written: str) -> None:
    outcome = _parsed_or_refused(f"{written}\n")

    if isinstance(outcome, CorpusError):
        assert outcome.problem.startswith("raw HTML")
    else:
        assert [block.text for block in outcome.lead] == ["visible words"]


def test_a_heading_has_the_comments_under_it_each_with_its_line() -> None:
    parsed = _parse(
        "<!-- above all -->\n\n# One\n\n<!-- first -->\n<!-- second\nline -->\n\ntext <!-- inside --> text\n\n"
        "- item\n\n  <!-- in a list -->\n\n# Two\n\n# Three\n<!---->\n\n[^1]: A note.\n\n    <!-- in a note -->\n"
    )

    one, two, three = parsed.headings
    assert one.comments == (
        Comment(" first ", 5, alone=True),
        Comment(" second\nline ", 6, alone=True),
        Comment(" inside ", 9, alone=False),
        Comment(" in a list ", 13, alone=True),
    )
    assert two.comments == ()
    assert three.comments == (Comment("", 18, alone=True), Comment(" in a note ", 22, alone=True))
    assert parsed.lead_comments == (Comment(" above all ", 1, alone=True),)


def test_comments_in_one_block_all_count() -> None:
    (heading,) = _parse("# One\n\n<!-- a --> <!-- b -->\n").headings

    assert heading.comments == (Comment(" a ", 3, alone=True), Comment(" b ", 3, alone=True))


def test_a_comment_in_a_fence_is_text() -> None:
    (heading,) = _parse("# One\n\n```\n<!-- a -->\n```\n").headings

    assert heading.comments == ()
    assert [block.text for block in heading.blocks] == ["<!-- a -->"]


# ---- why we keep labels and anchors ourselves


def test_the_footnote_plugin_renumbers_by_first_use_and_drops_unused_definitions() -> None:
    shown = (
        MarkdownIt("commonmark")
        .use(footnote_plugin)
        .render("a[^15] b[^3]\n\n[^3]: Three\n\n[^15]: Fifteen\n\n[^22]: No")
    )

    assert "[1]</a></sup> b" in shown
    assert shown.index("Fifteen") < shown.index("Three")
    assert "No" not in shown


def test_the_attribute_plugin_does_not_read_the_end_of_a_heading() -> None:
    shown = MarkdownIt("commonmark").use(attrs_plugin).render("## Worn-out shoes {#worn}")

    assert shown == "<h2>Worn-out shoes {#worn}</h2>\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("## Q? {#a .medicine}.\n\nText.\n", 1),
        ("## Q? {#a .medicine\n\nText.\n", 1),
        ("## Q? [#a .medicine]\n\nText.\n", 1),
        ("## Q?\n{#a .medicine}\n\nText.\n", 2),
        ("## Q? {#a} {.medicine}\n\nText.\n", 1),
    ],
)
def test_a_mark_that_would_get_lost_is_refused(text: str, line: int) -> None:
    with pytest.raises(CorpusError) as caught:
        parse_markdown(text, Path("page.md"))

    assert caught.value.line == line
    assert "{#worn-shoes .medicine}" in caught.value.expected


@pytest.mark.parametrize("typed", ["[^ 1]", "[^1", "^[1]", "(^1)", "[1]"])
def test_what_was_meant_for_a_footnote_is_refused_with_its_line(typed: str) -> None:
    with pytest.raises(CorpusError) as caught:
        parse_markdown(f"## Q?\n\nTake care. It helped 7 of 10.{typed}\n", Path("page.md"))

    assert caught.value.line == 3
    assert "[^1]" in caught.value.expected


def test_a_link_definition_is_refused_because_its_words_would_vanish_and_numbers_change() -> None:
    with pytest.raises(CorpusError) as caught:
        parse_markdown("## Q?\n\nAt most 2[1] a day.\n\n[1]: https://doi.org/10.1/x\n", Path("page.md"))

    assert caught.value.line == 5
    assert "[1]" in caught.value.problem


def test_a_table_row_with_more_cells_than_its_first_row_is_refused() -> None:
    table = "## Hours\n\n| Day | Open |\n|---|---|\n| Monday | 9 to 12 | 14 to 17 |\n"

    with pytest.raises(CorpusError) as caught:
        parse_markdown(table, Path("page.md"))

    assert caught.value.line == 5
    assert "3 cells" in caught.value.problem
