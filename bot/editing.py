"""One way to ask into a document's text, or out of it, and nothing else touched: text in, text out.

Floor 5: knows `analysis`, `comments`, `commonmark`, `documents`, `errors`, `markdown` and `model`.

Text is taken as it was decoded, its line ends as they are. Each edit ends with reading the whole document anew: what
would read otherwise than was meant is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import regex

from bot.analysis import Analyzer
from bot.comments import ALSO_ASKED, entry, is_listing
from bot.commonmark import PARSER
from bot.documents import read_document
from bot.errors import CorpusError, PhrasingError
from bot.markdown import parse_markdown
from bot.model import Corpus, Document, Section

MOST = 500
"""Code points of a way to ask: as many as a question may have."""

_OPENING, _CLOSING = "<!--", "-->"
_END = regex.compile(r"\r\n|\r|\n")  # the ends of lines that Markdown knows
_BLANKS = regex.compile(r"[ \t]*")
_ENDS_BEFORE = regex.compile(r"(?:(?:\r\n|\r|\n)[ \t]*){1,2}$")
_REST_OF_LINE = regex.compile(r"[ \t]*(?=[\r\n]|\Z)")
_CONTROL = regex.compile(r"[\p{Cc}\p{Cs}\u2028\u2029]")
_UNSEEN = regex.compile(r"(?V1)[[\p{Cf}\U000E0000-\U000E007F]--[\u200C\u200D]]")  # Bangla is written with these two
_BOM = "\ufeff"
_LINE_OF_WORDS = f"one line of plain words, {MOST} characters at most"
_NO_TEXT = frozenset({"html_block", "footnote_reference_open", "front_matter"})


def with_way_to_ask(markdown: str, path: Path, anchor: str, phrasing: str, *, corpus: Corpus) -> str:
    """``markdown``, the content of ``path``, with ``phrasing`` as the last way to ask of its section ``anchor``.

    White space in ``phrasing`` is folded. Raises `PhrasingError` for one that cannot be a line of its own, and for one
    that this text or another document of ``corpus`` lists; `CorpusError` where there is no such section, or where the
    document could not be read with it.
    """
    body = markdown.removeprefix(_BOM)
    phrasing = _line(phrasing)
    before = _read(body, path)
    section = _section(before, anchor, path)
    _refuse_listed(phrasing, [before, *(one for one in corpus.documents if one.doc_id != before.doc_id)], corpus)
    comments = _listings(body, section, path)
    place, text = _last_line(body, comments[-1], phrasing) if comments else _comment(body, section, path, phrasing)
    after = body[:place] + text + body[place:]
    _refuse_other(_read(after, path), before, section, (*section.also_asked, phrasing), path)
    return markdown[: len(markdown) - len(body)] + after


def without_unseen(phrasing: str) -> str:
    r"""``phrasing`` without the characters that nobody sees, which `with_way_to_ask` refuses.

    >>> without_unseen("why\u202e rest")
    'why rest'
    """
    return _UNSEEN.sub("", phrasing)


def without_way_to_ask(markdown: str, path: Path, anchor: str, phrasing: str) -> str:
    """``markdown`` without the line of ``phrasing`` under the section ``anchor``; a comment left empty goes with it.

    Raises `PhrasingError` where the section does not list it, `CorpusError` as `with_way_to_ask` does.
    """
    body = markdown.removeprefix(_BOM)
    phrasing = " ".join(phrasing.split())
    before = _read(body, path)
    section = _section(before, anchor, path)
    if phrasing not in section.also_asked:
        problem = "the section does not list this way to ask"
        raise PhrasingError(problem, "one that stands there, word for word")
    after = body
    for comment in reversed(_listings(body, section, path)):  # from the end, so that earlier places stay
        after = _without(after, comment, phrasing)
    left = tuple(way for way in section.also_asked if way != phrasing)
    _refuse_other(_read(after, path), before, section, left, path)
    return markdown[: len(markdown) - len(body)] + after


# ---- what may be added, and what must come out


def _line(phrasing: str) -> str:
    """``phrasing``, white space folded."""
    line = " ".join(phrasing.split())
    if problem := _problem(phrasing, line):
        raise PhrasingError(problem, _LINE_OF_WORDS)
    return line


def _problem(phrasing: str, line: str) -> str | None:
    """Why ``phrasing``, folded the ``line``, cannot be a line of a comment."""
    if _CONTROL.search(phrasing.replace("\t", " ")):
        return "a line break or another control character"
    if _UNSEEN.search(phrasing):
        return "a character that nobody sees, such as one that turns the writing round"
    if len(line) > MOST:
        return f"{len(line)} characters"
    if "--" in line:
        return "two hyphens in a row, which can end a comment"
    return "a hyphen in front, as in a list" if entry(line) != line else None


def _refuse_listed(phrasing: str, documents: Iterable[Document], corpus: Corpus) -> None:
    """Small words, endings, case and punctuation aside, as the index takes two questions for the same."""
    terms = _analyzer(corpus.clinic.languages[0]).terms
    asked = terms(phrasing)
    if not asked:
        problem = "no word that can be searched"
        raise PhrasingError(problem, _LINE_OF_WORDS)
    for document in documents:
        for section in document.sections:
            if any(terms(way) == asked for way in (section.title, *section.also_asked)):
                problem = f"{document.doc_id}#{section.anchor} (“{section.title}”) lists this question already"
                raise PhrasingError(problem, "a question that no section lists")


@cache  # it remembers the words that it has stemmed
def _analyzer(language: str) -> Analyzer:
    return Analyzer(language)


def _read(body: str, path: Path) -> Document:
    document, _ = read_document(body, path, "en")  # the language of a file that names none matters to nobody here
    return document


def _section(document: Document, anchor: str, path: Path) -> Section:
    for section in document.sections:
        if section.anchor == anchor:
            return section
    anchors = ", ".join(section.anchor for section in document.sections)
    raise CorpusError(path, None, f"no section “{anchor}”", f"one of {anchors}")


def _refuse_other(after: Document, before: Document, section: Section, ways: tuple[str, ...], path: Path) -> None:
    """Raises `CorpusError` unless ``after`` is ``before`` with these ways to ask of ``section``; lines may move."""
    changed = (replace(one, also_asked=ways) if one == section else one for one in before.sections)
    meant = replace(before, sections=tuple(replace(one, line=0) for one in changed))
    if replace(after, sections=tuple(replace(one, line=0) for one in after.sections)) != meant:
        problem = f"the ways to ask of “{section.title}” cannot be changed here"
        raise CorpusError(path, section.line, problem, "a change by hand, in a text editor")


# ---- where it stands


@dataclass(frozen=True, slots=True)
class _Span:
    """``start`` and ``end`` of a comment, or of a line, in the text."""

    start: int
    end: int


def _lines(body: str, within: _Span | None = None) -> list[_Span]:
    """The lines of the text, without their ends; the first and the last may be cut by the ends of ``within``."""
    start, end = (within.start, within.end) if within else (0, len(body))
    ends = [match.span() for match in _END.finditer(body, start, end)]
    return [_Span(begin, stop) for (_, begin), (stop, _) in pairwise([(start, start), *ends, (end, end)])]


def _listings(body: str, section: Section, path: Path) -> list[_Span]:
    """The comments under the section's heading that list ways to ask, each without its ``-->``."""
    headings = parse_markdown(body, path).headings
    comments = [comment for heading in headings if heading.line == section.line for comment in heading.comments]
    lines = _lines(body)
    found, at = [], 0
    for comment in comments:
        start = body.index(_OPENING, max(at, lines[comment.line - 1].start))
        at = body.index(_CLOSING, start)
        if is_listing(comment, ALSO_ASKED):
            found.append(_Span(start, at))
    return found


def _last_line(body: str, comment: _Span, phrasing: str) -> tuple[int, str]:
    """The place behind the comment's last line with words, and the new line, set in like that one."""
    last = [line for line in _lines(body, comment) if body[line.start : line.end].strip()][-1]
    ends_before_closing = last.end < comment.end
    place = last.end if ends_before_closing else last.start + len(body[last.start : last.end].rstrip())
    begin = max(line.start for line in _lines(body) if line.start <= last.start)
    return place, _end(body, comment.start) + _blanks(body, begin) + phrasing


def _comment(body: str, section: Section, path: Path, phrasing: str) -> tuple[int, str]:
    """The place behind the section's text, and a comment of its own."""
    lines = _lines(body)
    number = _text_ends(body, section, path)
    while not body[lines[number - 1].start : lines[number - 1].end].strip():  # a list takes the blank line behind it
        number -= 1
    end = _end(body, lines[number - 1].start)
    return lines[number - 1].end, end * 2 + end.join((f"{_OPENING} also asked:", phrasing, _CLOSING))


def _text_ends(body: str, section: Section, path: Path) -> int:
    """The number of the last line of the section's text; sources at the end of a file are none."""
    blocks = [token for token in PARSER.parse(body) if token.level == 0 and token.nesting >= 0 and token.map]
    inside, last = False, 0
    for token in blocks:
        start, end = token.map or (0, 0)
        if token.type == "heading_open":
            inside = start + 1 == section.line
        elif inside and token.type not in _NO_TEXT:
            last = end
    if not last:
        problem = f"“{section.title}” can have no ways to ask"
        raise CorpusError(path, section.line, problem, "a heading with text of its own under it")
    return last


def _without(body: str, comment: _Span, phrasing: str) -> str:
    """The text without the comment's lines that are ``phrasing``, or without the comment, if it has no others."""
    first, *lines = _lines(body, comment)
    ways = [line for line in lines if body[line.start : line.end].strip()]
    cut = [line for line in ways if entry(" ".join(body[line.start : line.end].split())) == phrasing]
    if len(cut) == len(ways):
        return _without_comment(body, comment)
    for line in reversed(cut):
        before = max(one.end for one in (first, *lines) if one.end < line.start)
        end = line.end if line.end < comment.end else line.start + len(body[line.start : line.end].rstrip())
        body = body[:before] + body[end:]
    return body


def _without_comment(body: str, comment: _Span) -> str:
    """With the empty line above it, where it has its lines to itself."""
    start, end = comment.start, comment.end + len(_CLOSING)
    above, rest = _ENDS_BEFORE.search(body, 0, start), _REST_OF_LINE.match(body, end)
    if above and rest:
        start, end = above.start(), rest.end()
    return body[:start] + body[end:]


def _end(body: str, at: int) -> str:
    """The end of the line at ``at``; the text's first one, where that is its last line."""
    found = _END.search(body, at) or _END.search(body)
    return str(found[0]) if found else "\n"


def _blanks(body: str, at: int) -> str:
    found = _BLANKS.match(body, at)
    return str(found[0]) if found else ""
