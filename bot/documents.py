"""One Markdown file in, a checked `Document` out.

Floor 4: knows `anchors`, `clinic`, `comments`, `errors`, `markdown`, `model` and `textfile`.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Never

import regex
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from bot.anchors import slug
from bot.clinic import WebAddress
from bot.comments import ALSO_ASKED, STAFF_NOTES, listed, refuse_above
from bot.errors import CorpusError
from bot.markdown import Footnote, Heading, parse_markdown
from bot.model import Document, Reference, Section
from bot.textfile import read_text

CLASSES = frozenset({"medicine"})
"""Marks of a section. ``.medicine``: it gives medicine or treatment advice, so safety rules can withhold it."""

_ANCHOR = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}_.-]*")
_DATE = regex.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OPENED = regex.compile(r"-{3,}[^\S\n]*\n")
_CLOSED = regex.compile(r"-{3,}[^\S\n]*\n(?:.*\n)*?-{3,}[^\S\n]*(?:\n|$)")
_TOP = 1  # where a file's title belongs

_FRONT_LINES = 'lines like title: "…", in quotes if it has a colon'
_PLAIN = "tag:yaml.org,2002:str"

_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _iso_date(value: str) -> date:
    try:
        return date.fromisoformat(value) if _DATE.fullmatch(value) else _no_date()
    except ValueError:
        return _no_date()


def _no_date() -> Never:
    message = "a date such as 2026-11-01"
    raise ValueError(message)


_Date = Annotated[date, BeforeValidator(_iso_date)]


class _FrontMatter(BaseModel):
    """What may stand between the ``---`` lines."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    title: _Line | None = None
    author: _Line | None = None
    reviewer: _Line | None = None
    reviewed: _Date | None = None
    next_review: _Date | None = None
    url: WebAddress | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] | None = None


def load_document(path: Path, language: str) -> tuple[Document, tuple[str, ...]]:
    """The document in the file ``path`` and warnings about it; ``language`` is for a file that names none.

    Raises `CorpusError` that names file, line, culprit and expectation.
    """
    return read_document(read_text(path), path, language)


def read_document(text: str, path: Path, language: str) -> tuple[Document, tuple[str, ...]]:
    """As `load_document`, of ``text`` that is, or may become, the content of the file ``path``."""
    draft = _Draft(text, path, language)
    return draft.document(), tuple(draft.warnings())


class _Draft:
    """One file on its way to a `Document`: every check knows the file's path."""

    def __init__(self, text: str, path: Path, language: str) -> None:
        self.path = path
        self.doc_id = slug(path.stem)
        self._language = language
        if _OPENED.match(text) and not _CLOSED.match(text):
            raise CorpusError(path, _TOP, "the front matter is never closed", "a second line --- below its entries")
        self._parsed = parse_markdown(text, path)
        self._front = self._front_matter()

    def document(self) -> Document:
        """The whole document, checked."""
        if not self.doc_id:
            raise CorpusError(self.path, None, "a file name without letters or digits", "a name such as faq.md")
        if not self._parsed.headings and not self._parsed.lead:
            raise CorpusError(self.path, _TOP, "an empty document", "headings with text under them")
        title = self._title()
        references = self._references()
        return Document(
            doc_id=self.doc_id,
            title=title,
            author=self._front.author,
            reviewer=self._front.reviewer,
            reviewed=self._front.reviewed,
            next_review=self._front.next_review,
            url=self._front.url,
            language=self._front.language or self._language,
            sections=self._sections(title),
            references=references,
        )

    def warnings(self) -> list[str]:
        """What is no error but deserves a look."""
        used = {use.label for use in self._parsed.footnote_uses}
        return [
            f"{self.path}:{note.line}: reference {note.label} is listed but no passage cites it"
            for note in self._parsed.footnotes
            if note.label not in used
        ]

    def _front_matter(self) -> _FrontMatter:
        entries = self._entries()
        try:
            return _FrontMatter.model_validate({name: value for name, (value, _) in entries.items() if value})
        except ValidationError as error:
            first = error.errors()[0]
        name = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            problem, expected = f"unknown entry “{name}”", f"one of {', '.join(_FrontMatter.model_fields)}"
        else:
            problem, expected = f"{name}: {first['input']!r} is not allowed", first["msg"].removeprefix("Value error, ")
        raise CorpusError(self.path, entries[name][1], problem, expected.removeprefix("String should match "))

    def _entries(self) -> dict[str, tuple[str, int]]:
        """The front matter's values by name, each with its line. Everything is text: YAML builds no object for us."""
        try:
            node = yaml.compose(self._parsed.front_matter, yaml.BaseLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + _TOP + 1 if mark else _TOP
            problem = f"the front matter cannot be read ({getattr(error, 'problem', None) or 'no YAML'})"
            raise CorpusError(self.path, line, problem, _FRONT_LINES) from None
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            raise CorpusError(self.path, _TOP, "the front matter is no list of names and values", _FRONT_LINES)
        entries: dict[str, tuple[str, int]] = {}
        for name, value in node.value:
            line = name.start_mark.line + _TOP + 1
            if {name.tag, value.tag} != {_PLAIN}:
                raise CorpusError(self.path, line, f"“{name.value}” is no line of text", _FRONT_LINES)
            if name.value in entries:
                raise CorpusError(self.path, line, f"“{name.value}” stands twice", "each name once")
            entries[name.value] = (value.value, line)
        return entries

    def _title(self) -> str:
        first = next(iter(self._parsed.headings), None)
        if self._front.title:
            return self._front.title
        if first is not None and first.level == 1 and first.title:
            return first.title
        raise CorpusError(self.path, _TOP, "a missing title", "title: … between --- lines, or a first line # …")

    # ---- sections

    def _sections(self, title: str) -> tuple[Section, ...]:
        refuse_above(self._parsed.lead_comments, self.path)
        headings = list(self._parsed.headings)
        if self._parsed.lead:
            headings.insert(0, Heading(title, 1, _TOP, "intro", frozenset(), self._parsed.lead))
        sections: list[Section] = []
        lines: dict[str, int] = {}
        above: list[Heading] = []
        for at, heading in enumerate(headings):
            self._check_heading(heading, headings[at + 1 : at + 2])
            anchor = self._anchor(heading, lines)
            lines[anchor] = heading.line
            above = [outer for outer in above if outer.level < heading.level]
            path = tuple(outer.title for outer in above if outer.title != title)
            above.append(heading)
            sections.append(
                Section(
                    anchor=anchor,
                    title=heading.title,
                    level=heading.level,
                    line=heading.line,
                    path=path,
                    classes=heading.classes,
                    blocks=heading.blocks,
                    also_asked=listed(heading, ALSO_ASKED, self.path),
                    notes=listed(heading, STAFF_NOTES, self.path),
                )
            )
        return tuple(sections)

    def _check_heading(self, heading: Heading, following: list[Heading]) -> None:
        if not heading.title:
            raise CorpusError(self.path, heading.line, "a heading without words", "## and the heading’s words")
        unknown = sorted(heading.classes - CLASSES)
        if unknown:
            expected = f"one of {', '.join('.' + name for name in sorted(CLASSES))}"
            raise CorpusError(self.path, heading.line, f"unknown mark “.{unknown[0]}” on a heading", expected)
        has_sub_headings = any(later.level > heading.level for later in following)
        if heading.blocks or has_sub_headings:
            return
        if heading.title.endswith(("?", "؟", "？")):
            problem, expected = f"the question “{heading.title}” has no answer", "its answer under it"
        else:
            problem, expected = f"nothing under the heading “{heading.title}”", "text or sub-headings under it"
        raise CorpusError(self.path, heading.line, problem, expected)

    def _anchor(self, heading: Heading, lines: dict[str, int]) -> str:
        anchor = slug(heading.title) if heading.anchor is None else heading.anchor
        if not _ANCHOR.fullmatch(anchor):
            problem = f"“{anchor}” cannot be the anchor of “{heading.title}”"
            raise CorpusError(self.path, heading.line, problem, "letters, digits and hyphens, as in {#worn-shoes}")
        if anchor in lines:
            problem = f"duplicate anchor “{anchor}” (first on line {lines[anchor]})"
            raise CorpusError(self.path, heading.line, problem, "an anchor of its own, as in {#worn-shoes-2}")
        return anchor

    # ---- references

    def _references(self) -> tuple[Reference, ...]:
        defined: dict[str, Footnote] = {}
        for note in self._parsed.footnotes:
            if not regex.fullmatch("[1-9][0-9]{0,5}", note.label):
                problem = f"footnote [^{note.label}] has no number"
                raise CorpusError(self.path, note.line, problem, "a number, as in [^15]")
            if note.label in defined:
                problem = f"footnote [^{note.label}] is defined twice (first on line {defined[note.label].line})"
                raise CorpusError(self.path, note.line, problem, "a number of its own")
            if not note.block.text:
                raise CorpusError(self.path, note.line, f"footnote [^{note.label}] is empty", "the reference")
            defined[note.label] = note
        for use in self._parsed.footnote_uses:
            if use.label not in defined:
                problem = f"footnote [^{use.label}] is used but not defined"
                raise CorpusError(self.path, use.line, problem, f"a line [^{use.label}]: … at the end of the file")
        return tuple(sorted((_reference(note) for note in defined.values()), key=lambda reference: reference.number))


def _reference(note: Footnote) -> Reference:
    """The last link is the reference's address; an address written out is not part of its words."""
    text = note.block.text
    links = [mark for mark in note.block.marks if mark.kind == "link"]
    if not links:
        return Reference(int(note.label), text, None)
    last = links[-1]
    if text[last.start : last.end] == last.target and text[last.end :].strip(" .") == "":
        text = text[: last.start].rstrip()
    return Reference(int(note.label), text, last.target)
