"""Markdown in, headings and blocks of plain text out, nothing interpreted.

Floor 2: knows `commonmark`, `errors`, `marks` and `model`.

CommonMark by markdown-it-py, with front matter, footnotes, tables, and ``{#anchor .class}`` at the end of a heading.
Markup becomes offsets beside the text (`Mark`), so a passage can be quoted word for word and still be shown as written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import regex
from markdown_it.token import Token
from mdit_py_plugins.attrs.parse import ParseError, parse

from bot.commonmark import PARSER
from bot.errors import CorpusError
from bot.marks import MarkedText, joined
from bot.model import Block, Mark, MarkKind

_COMMENT = regex.compile(r"<!--(.*?)-->", regex.DOTALL)
_COMMENTS = regex.compile(r"\s*(?:<!--(?:(?!-->).)*-->\s*)+", regex.DOTALL)
_CELL_END = regex.compile(r"(?<!\\)\|")
_BREAKS = ("softbreak", "hardbreak")
_ATTRIBUTES = "an anchor and classes last on its line, as in {#worn-shoes .medicine}"
_LOST_ATTRIBUTES = regex.compile(r"[\[{]\s*[#.][\p{L}\p{N}]|\.medicine\b")
_LOST_FOOTNOTE = regex.compile(r"(?<!\\)(?:\[\^(?![^\s\]]+\])|\^\[|\(\^\s*\d|\[\d{1,3}\](?![(\[]))")
_CODE = regex.compile(r"(`+).*?\1", regex.DOTALL)
_MARKS: dict[str, MarkKind] = {"strong": "strong", "em": "emphasis", "link": "link"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as written; ``anchor`` is ``None`` where none is given. Lines count from 1.

    ``comments`` are the HTML comments under it.
    """

    title: str
    level: int
    line: int
    anchor: str | None
    classes: frozenset[str]
    blocks: tuple[Block, ...]
    comments: tuple["Comment", ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """An HTML comment's words and its line; ``alone`` when nothing else stands on its lines."""

    text: str
    line: int
    alone: bool


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote's definition. ``block.text`` is all its text; ``line`` counts from 1."""

    label: str
    line: int
    block: Block


@dataclass(frozen=True, slots=True)
class FootnoteUse:
    """A place where a footnote's mark stands."""

    label: str
    line: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A Markdown file taken apart. ``lead`` and ``lead_comments`` are what stands above the first heading."""

    front_matter: str
    lead: tuple[Block, ...]
    lead_comments: tuple[Comment, ...]
    headings: tuple[Heading, ...]
    footnotes: tuple[Footnote, ...]
    footnote_uses: tuple[FootnoteUse, ...]


def parse_markdown(text: str, path: Path) -> Parsed:
    """Take ``text`` apart; ``path`` is for the errors.

    Raises `CorpusError` for raw HTML other than comments, and for heading attributes that cannot be read.
    """
    found: dict[str, Any] = {}
    tokens = PARSER.parse(text, found)
    for label, definition in found.get("references", {}).items():
        raise CorpusError(
            path,
            definition["map"][0] + 1,
            f"“[{label.lower()}]: …” would not be shown",
            "[^1]: … for a source, or a link as [words](address)",
        )
    reader = _Reader(path, text.splitlines())
    reader.read(tokens)
    return Parsed(
        front_matter=reader.front_matter,
        lead=tuple(reader.lead),
        lead_comments=tuple(reader.lead_comments),
        headings=tuple(
            replace(heading, blocks=tuple(blocks), comments=tuple(comments))
            for heading, blocks, comments in reader.headings
        ),
        footnotes=tuple(reader.footnotes),
        footnote_uses=tuple(reader.footnote_uses),
    )


class _Reader:
    """Walks the parser's flat token list once."""

    def __init__(self, path: Path, lines: list[str]) -> None:
        self.path = path
        self._lines = lines
        self.front_matter = ""
        self.lead: list[Block] = []
        self.lead_comments: list[Comment] = []
        self.headings: list[tuple[Heading, list[Block], list[Comment]]] = []
        self.footnotes: list[Footnote] = []
        self.footnote_uses: list[FootnoteUse] = []
        # The list items around us, innermost last, as the shape of their first line; None once that is read.
        self._items: list[Block | None] = []
        self._single: dict[str, Callable[[Token], None]] = {
            "front_matter": self._front_matter,
            "list_item_open": self._item_open,
            "list_item_close": self._item_close,
            "html_block": self._html,
            "fence": self._literal,
            "code_block": self._literal,
            "inline": self._text,
        }

    def read(self, tokens: list[Token]) -> None:
        walk = iter(tokens)
        for token in walk:
            if token.type == "heading_open" and token.level == 0:
                self.headings.append((self._heading(token, next(walk)), [], []))
            elif token.type == "footnote_reference_open":
                self._footnote(token, walk)
            elif token.type == "tr_open":
                self._add(_row(self._cells(token, walk)))
            elif token.type in self._single:
                self._single[token.type](token)

    def _front_matter(self, token: Token) -> None:
        self.front_matter = token.content

    def _item_open(self, token: Token) -> None:
        self._items.append(Block("li", "", ordinal=int(token.info) if token.info else None))

    def _item_close(self, _: Token) -> None:
        self._items.pop()

    def _html(self, token: Token) -> None:
        self._comments(token.content, _line(token), alone=True)

    def _comments(self, content: str, line: int, *, alone: bool) -> None:
        self._refuse_html(content, line)
        comments = self.headings[-1][2] if self.headings else self.lead_comments
        for found in _COMMENT.finditer(content):
            comments.append(Comment(found[1], line + content.count("\n", 0, found.start()), alone))

    def _literal(self, token: Token) -> None:
        self._add(_literal(token.content))

    def _text(self, token: Token) -> None:
        shape = self._items[-1] if self._items else None
        text, marks = self._inline(token)
        self._refuse_near_misses(_CODE.sub("", token.content), _line(token))
        self._add(replace(shape or Block("p", ""), text=text, marks=marks))
        self._items[-1:] = [None] * bool(self._items)

    def _add(self, block: Block) -> None:
        if block.text:
            (self.headings[-1][1] if self.headings else self.lead).append(block)

    def _heading(self, opening: Token, inline: Token) -> Heading:
        title, marks = self._inline(inline)
        line = _line(opening)
        if any(mark.kind == "footnote" for mark in marks):
            raise CorpusError(self.path, line, "a footnote in a heading", "the footnote in the text under it")
        if _LOST_ATTRIBUTES.search(title):
            raise CorpusError(self.path, line, f"cannot read the end of the heading “{title}”", _ATTRIBUTES)
        anchor, classes = self._attributes(opening.meta.get("attributes", "{}"), line)
        return Heading(title, int(opening.tag[1:]), line, anchor, classes, blocks=())

    def _attributes(self, written: str, line: int) -> tuple[str | None, frozenset[str]]:
        try:
            _, attributes = parse(written)
        except ParseError:
            raise CorpusError(self.path, line, f"cannot read {written} behind the heading", _ATTRIBUTES) from None
        anchor, classes = attributes.pop("id", None), attributes.pop("class", "")
        if attributes:
            raise CorpusError(
                self.path, line, f"unknown attribute “{next(iter(attributes))}” in {written}", _ATTRIBUTES
            )
        return anchor, frozenset(classes.split())

    def _footnote(self, opening: Token, walk: Iterator[Token]) -> None:
        blocks = []
        for token in walk:
            if token.type == "footnote_reference_close":
                break
            if token.type == "html_block":
                self._html(token)
            if token.type == "inline":
                blocks.append(Block("p", *self._inline(token)))
        self.footnotes.append(Footnote(opening.meta["label"], _line(opening), joined(blocks)))

    def _cells(self, row: Token, walk: Iterator[Token]) -> list[Block]:
        cells: list[Block] = []
        for token in walk:
            if token.type == "tr_close":
                self._refuse_lost_cells(_line(row), len(cells))
                break
            if token.type == "inline":
                cells.append(Block("p", *self._inline(token)))
        return cells

    def _refuse_lost_cells(self, line: int, cells: int) -> None:
        """The parser drops what a row has beyond its table's first row."""
        written = len(_CELL_END.split(self._lines[line - 1].strip().strip("|")))
        if written > cells:
            raise CorpusError(self.path, line, f"a table row with {written} cells", f"{cells}, as in the first row")

    def _inline(self, inline: Token) -> tuple[str, tuple[Mark, ...]]:
        """Words and marks of a line of text."""
        out = MarkedText()
        first = _line(inline)
        for token in inline.children or ():
            name, _, side = token.type.rpartition("_")
            if token.type == "footnote_ref":
                label = token.meta["label"]
                self.footnote_uses.append(FootnoteUse(label, first + token.meta["line"]))
                out.point("footnote", label)
            elif token.type == "code_inline":
                out.open("code", "")
                out.write(token.content)
                out.close()
            elif token.type == "html_inline":
                self._comments(token.content, first + token.meta["line"], alone=False)
            elif side == "open":
                out.open(_MARKS[name], str(token.attrs.get("href", "")))
            elif side == "close":
                out.close()
            else:
                out.write(_words(token))
        return out.finish()

    def _refuse_near_misses(self, text: str, line: int) -> None:
        """What was written for a footnote or for a heading, but would be shown as it stands."""
        if footnote := _LOST_FOOTNOTE.search(text):
            problem = f"“{footnote[0]}” is no footnote"
            raise CorpusError(self.path, line, problem, "[^1] in the text, and a line [^1]: … at the end of the file")
        if text.startswith(("{#", "{.")):
            raise CorpusError(self.path, line, f"“{text.split(maxsplit=1)[0]}” stands below its heading", _ATTRIBUTES)

    def _refuse_html(self, content: str, line: int) -> None:
        if not _COMMENTS.fullmatch(content):
            problem = f"raw HTML “{content.split(maxsplit=1)[0]}”"
            raise CorpusError(self.path, line, problem, "Markdown, or an HTML comment on lines of its own")


def _line(token: Token) -> int:
    """The line a block token starts on, from 1."""
    return (token.map[0] if token.map else 0) + 1


def _words(token: Token) -> str:
    """The words of a text; of an image, its alternative text."""
    if token.children is None:
        return " " if token.type in _BREAKS else token.content
    return "".join(map(_words, token.children))


def _literal(content: str) -> Block:
    text = " ".join(content.split())
    return Block("p", text, (Mark("code", 0, len(text)),) if text else ())


def _row(cells: list[Block]) -> Block:
    """A table's row as one item; the bar between cells is the one its author wrote."""
    return replace(joined([cell for cell in cells if cell.text], " | "), kind="li")
