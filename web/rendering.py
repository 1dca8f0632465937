"""Text with offsets beside it as HTML. Everything is escaped here, so templates may print it as it comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

import regex
from markupsafe import Markup, escape

from bot.anchors import slug
from bot.model import Block, BlockKind, Mark, Passage, Reference, Section
from bot.passages import section_anchor
from bot.quoting import SOURCES
from bot.reply import QuotedBlock, QuotedPassage

_BANGLA = regex.compile(r"\p{Bengali}(?:[\p{Bengali}\p{M}\p{Zs}\u200c\u200d.,:;।/()-]*[\p{Bengali}\p{M}।])?")
_TAGS = {"strong": "strong", "emphasis": "em", "code": "code"}


@dataclass(frozen=True, slots=True)
class Line:
    """A block as HTML; ``ordinal`` as in `Block`."""

    kind: BlockKind
    html: Markup
    ordinal: int | None = None

    @property
    def tag(self) -> str:
        """The element that the line stands in."""
        if self.kind == "p":
            return "p"
        return "ul" if self.ordinal is None else "ol"


@dataclass(frozen=True, slots=True)
class _Tags:
    """What stands before and after a mark's text."""

    mark: Mark
    before: Markup
    after: Markup


Groups = list[tuple[str, list[Line]]]
"""Lines by the element they share: paragraphs (``p``), or the items of a list (``ul``, ``ol``)."""


def in_its_language(text: str) -> Markup:
    """A fixed text with each stretch of Bangla marked as such, for screen readers and fonts.

    >>> in_its_language("জ্বর · Fever")
    Markup('<span lang="bn">জ্বর</span> · Fever')
    """
    out, at = Markup(), 0
    for stretch in _BANGLA.finditer(text):
        out += escape(text[at : stretch.start()]) + Markup('<span lang="bn">{}</span>').format(stretch[0])
        at = stretch.end()
    return out + escape(text[at:])


def quoted_groups(passage: QuotedPassage) -> Groups:
    """The passage of an answer, its highlights in ``<mark>``."""
    return _grouped(Line(block.kind, _highlighted(block)) for block in passage.blocks)


def plain_groups(blocks: Iterable[Block]) -> Groups:
    """Blocks as words alone, without emphasis, links and footnotes: to show away from their document."""
    return _grouped(Line(block.kind, escape(block.text), block.ordinal) for block in blocks)


def _highlighted(block: QuotedBlock) -> Markup:
    out, at = Markup(), 0
    for start, end in _runs(block):
        out += Markup("{}<mark>{}</mark>").format(block.text[at:start], block.text[start:end])
        at = end
    return out + escape(block.text[at:])


def _runs(block: QuotedBlock) -> list[tuple[int, int]]:
    """The highlights, those joined that only a space or a hyphen parts: "back pain" is one mark, not two."""
    runs: list[tuple[int, int]] = []
    for start, end in block.highlights:
        joins = bool(runs) and block.text[runs[-1][1] : start] in (" ", "-")
        runs.append((runs.pop()[0] if joins else start, end))
    return runs


def _grouped(lines: Iterable[Line]) -> Groups:
    return [(tag, list(of_tag)) for tag, of_tag in groupby(lines, key=lambda line: line.tag)]


class SourceMarkup:
    """The markup of one document's page: links between passages and references lead both ways."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        """Render the ``passages`` of one document in reading order, numbering every use of every reference."""
        self._back_links: dict[str, list[str]] = {}
        self._parts: dict[str, list[tuple[str, Groups]]] = {}
        for passage in passages:
            part = (passage.anchor, _grouped(map(self._line, passage.blocks)))
            self._parts.setdefault(section_anchor(passage), []).append(part)

    def parts(self, section: Section) -> list[tuple[str, Groups]]:
        """The passages of ``section`` by their anchors, as their author wrote them; none where it has no text."""
        return self._parts.get(section.anchor, [])

    def back_links(self, reference: Reference) -> list[str]:
        """The anchors of the places that cite ``reference``."""
        return self._back_links.get(str(reference.number), [])

    def _line(self, block: Block) -> Line:
        tags = [_Tags(mark, *self._tags(mark)) for mark in block.marks]
        return Line(block.kind, _woven(block.text, tags), block.ordinal)

    def _tags(self, mark: Mark) -> tuple[Markup, Markup]:
        if mark.kind == "footnote":
            links = self._back_links.setdefault(mark.target, [])
            links.append(f"_use-{mark.target}-{len(links) + 1}")
            note = Markup('<sup><a id="{}" href="#_reference-{}" aria-label="Reference {}">{}</a></sup>')
            return note.format(links[-1], mark.target, mark.target, mark.target), Markup()
        if mark.kind == "link":
            return Markup('<a href="{}" rel="noreferrer">').format(link_target(mark.target)), Markup("</a>")
        tag = _TAGS[mark.kind]
        return Markup("<{}>").format(tag), Markup("</{}>").format(tag)


def link_target(target: str) -> str:
    """A link between two corpus files (``faq.md#prevent``) as the address of our page of it; others stay as they are.

    >>> link_target("faq.md#prevent"), link_target("https://example.org/a.md")
    ('/sources/faq#prevent', 'https://example.org/a.md')
    """
    try:
        parts = urlsplit(target)
    except ValueError:
        return target
    path = PurePosixPath(unquote(parts.path))
    if parts.scheme or parts.netloc or path.suffix != ".md":
        return target
    return SOURCES + quote(slug(path.stem)) + (f"#{parts.fragment}" if parts.fragment else "")


def _woven(text: str, tags: list[_Tags]) -> Markup:
    """``text`` with the tags at their places, the inner ones within the outer ones.

    At one place, what ends there comes first, then what only stands there, then what begins.
    """
    out, at = Markup(), 0
    for place in sorted({edge for tag in tags for edge in (tag.mark.start, tag.mark.end)}):
        ending = [tag.after for tag in reversed(tags) if tag.mark.start < tag.mark.end == place]
        standing = [tag.before + tag.after for tag in tags if tag.mark.start == tag.mark.end == place]
        beginning = [tag.before for tag in tags if tag.mark.end > tag.mark.start == place]
        out += escape(text[at:place]) + Markup().join([*ending, *standing, *beginning])
        at = place
    return out + escape(text[at:])
