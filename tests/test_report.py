"""The report: one file that needs nothing else, escaped, accessible, and drawn where the numbers say."""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from bot.answering import Answerer
from bot.comparison import compare
from bot.evaluation import Evaluation, evaluate
from bot.judged import JudgedQuestion
from bot.report import report

EXAMPLE = "How can worn-out running shoes lead to back pain?"
HOSTILE = "<script>alert('x')</script> & \"quoted\""
JUDGED = [
    JudgedQuestion(EXAMPLE, (), {"faq#worn-shoes": 2}, "direct"),
    JudgedQuestion("When should I change my shoes?", (HOSTILE,), {"faq#core-role": 2}, '"><img src=x>'),
    JudgedQuestion(HOSTILE, (), {"faq#core-role": 2}, "direct"),
    JudgedQuestion("worn-out shoes", (), {}, "out of scope"),
    JudgedQuestion("qwxzy", (), {}, "out of scope"),
]
VOID = frozenset({"meta", "line", "circle", "rect", "polyline", "br"})


@dataclass
class Element:
    """A tag, what it carries, what it stands in and all words inside."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[str, ...]
    text: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """All elements in reading order; what is opened must be closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parents = tuple(one.tag for one in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, parents)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text.append(data)

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]


@pytest.fixture(scope="module")
def evaluation(answerer: Answerer) -> Evaluation:
    """With every kind of failure that the shipped content gives, and words that would like to be markup."""
    return evaluate(answerer, JUDGED)


@pytest.fixture(scope="module")
def html(evaluation: Evaluation) -> str:
    """The report, with a comparison in which every question changed."""
    before = [replace(kept, ranked=kept.ranked[1:], outcome="wrong passage") for kept in evaluation.records]
    return report(evaluation, compare(replace(evaluation, records=tuple(before)), evaluation))


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    """The report, taken apart."""
    return Page(html)


def test_the_report_is_one_file_that_runs_nothing_and_asks_no_network(html: str, page: Page) -> None:
    policies = [one.attributes["content"] for one in page.all("meta") if "http-equiv" in one.attributes]

    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    tags = {element.tag for element in page.elements}
    assert tags & {"script", "img", "link", "iframe", "object", "embed", "form", "image", "use", "a"} == set()
    names = {name for element in page.elements for name in element.attributes}
    assert names & {"src", "href", "srcset", "action", "xlink:href"} == set()
    assert [name for name in names if name.startswith("on")] == []
    assert not re.search(r"@import|url\(|https?:", html)


def test_words_of_questions_types_and_passages_are_escaped(html: str, page: Page, evaluation: Evaluation) -> None:
    spoilt = replace(evaluation, titles=dict.fromkeys(evaluation.titles, "<b>Title</b>"), corpus_version="<i>v</i>")

    again = report(spoilt, None)

    assert "<script>" not in html
    assert "<img" not in html
    assert HOSTILE in ["".join(one.text) for one in page.all("q")]
    assert "&lt;b&gt;Title&lt;/b&gt;" in again
    assert "<b>" not in again
    assert "<i>" not in again


def test_every_failure_is_shown_with_its_explanation(page: Page, evaluation: Evaluation) -> None:
    failed = [kept for kept in evaluation.records if kept.outcome != "right"]

    shown = [" ".join("".join(one.text).split()) for one in page.all("article")]

    assert len(shown) == len(failed) >= 2
    for kept in failed:
        (text,) = [text for text in shown if text.startswith(f"{kept.question} {kept.type}")]
        assert f"{kept.confidence:.2f}, {kept.outcome}" in text
        assert all(message in text for message in kept.context)
        assert all(passage_id in text for passage_id in kept.gold)
        for one in kept.matched:
            assert f"{one.word} → {one.term} in {one.field} {one.score:.2f}" in text


def test_headings_leave_out_no_level(page: Page) -> None:
    levels = [int(one.tag[1]) for one in page.elements if re.fullmatch("h[1-6]", one.tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_plot_has_a_name_and_a_description_or_stands_beside_its_numbers(page: Page) -> None:
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    plots = page.all("svg")

    assert len(ids) == len(set(ids))
    named = {name for one in page.elements for name in one.attributes.get("aria-labelledby", "").split()}
    assert named <= set(ids)
    described = [one for one in plots if one.attributes.get("role") == "img"]
    assert len(described) == 4
    assert len(page.all("desc")) == 4
    for one in plots:
        if one not in described:
            assert one.attributes["aria-hidden"] == "true"
            assert one.parents[-1] == "td"


def test_tables_have_headers_with_their_scope_and_what_scrolls_can_be_reached_by_keyboard(page: Page) -> None:
    assert len(page.all("table")) == 6
    assert {one.attributes["scope"] for one in page.all("th")} == {"col", "row"}
    for one in page.elements:
        if "scroll" in one.attributes.get("class", "").split():
            assert (one.attributes["tabindex"], one.attributes["role"]) == ("0", "region")


def _colours(html: str) -> tuple[dict[str, str], dict[str, str]]:
    light, dark = re.findall(r":root \{\s*(?:color-scheme: light dark;\s*)?(--.*?)\}", html, re.DOTALL)
    return dict(re.findall(r"--(\w+): (#\w+)", light)), dict(re.findall(r"--(\w+): (#\w+)", dark))


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_words_and_shapes_stand_out_by_day_and_by_night(html: str, *, dark: bool) -> None:
    colours = _colours(html)[dark]

    for ground in ("paper", "card"):
        assert min(_contrast(colours[name], colours[ground]) for name in ("ink", "soft", "brand")) >= 4.5
        assert min(_contrast(colours[name], colours[ground]) for name in ("good", "wrong", "shy", "bold", "edge")) >= 3


def test_plots_are_drawn_where_the_numbers_say(page: Page, evaluation: Evaluation) -> None:
    (curve, tradeoff) = [one.attributes["points"].split() for one in page.all("polyline")]

    assert curve == [f"{52 + 340 * one.confidence:.1f},{352 - 340 * one.right:.1f}" for one in evaluation.reliability]
    assert tradeoff[-1].startswith("392.0,")  # answering everything answers all that is answerable
    bars = [one for one in page.all("rect") if one.attributes["class"] in ("answerable", "others")]
    heights = [float(one.attributes["height"]) for one in bars]
    most = max(heights)
    assert most == 170
    upwards = sum(float(one.attributes["height"]) for one in bars if one.attributes["class"] == "answerable")
    assert upwards / sum(heights) == pytest.approx(3 / 5, abs=0.01)
    widths = [float(one.attributes["width"]) for one in page.all("rect") if "-" in one.attributes["class"]]
    right = [float(one.attributes["width"]) for one in page.all("rect") if one.attributes["class"] == "right"]
    assert sum(widths + right) == pytest.approx(1000, abs=0.5)


@pytest.mark.parametrize("judged", [JUDGED[:1], JUDGED[-1:]], ids=["answerable only", "out of scope only"])
def test_figures_that_cannot_be_told_are_left_open(answerer: Answerer, judged: list[JudgedQuestion]) -> None:
    html = report(evaluate(answerer, judged), None)

    assert "–" in ["".join(one.text) for one in Page(html).all("td")]
    assert not re.search(r"\b(nan|None|inf)\b", html.partition("</style>")[2])
