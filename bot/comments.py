"""What editors leave in the comments under a heading: ways to ask, notes for staff. Floor 3: knows `markdown`.

Both are lists with a first line that names them, one entry a line; every other comment is nobody's business.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import regex

from bot.errors import CorpusError
from bot.markdown import Comment, Heading


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that may stand in comments: ``named`` are its first lines without the colon, in small letters.

    A comment whose first line is ``like`` one, and is none, is a slip, and would be lost without a word.
    """

    named: frozenset[str]
    like: regex.Pattern[str]
    expected: str


ALSO_ASKED = Listing(
    named=frozenset({"also asked"}),
    like=regex.compile("also asked"),
    expected="a line “also asked:”, then one way to ask per line, in a comment of its own under a heading with text",
)
STAFF_NOTES = Listing(
    named=frozenset({"staff note", "staff notes"}),
    like=regex.compile(r"staff[\s_-]*note|notes? (?:for|to) (?:the )?staff"),
    expected="a line “staff note:”, then one note per line, in a comment of its own under a heading with text",
)


def listed(heading: Heading, listing: Listing, path: Path) -> tuple[str, ...]:
    """The entries of the comments under ``heading`` that are this ``listing``, each once.

    Raises `CorpusError` for a comment that only looks like one, or that stands where it would be lost.
    """
    found: dict[str, None] = {}
    for comment in heading.comments:
        first, *entries = rows(comment.text)
        if not listing.like.match(first.casefold()):
            continue
        if not is_listing(comment, listing) or not comment.alone or not heading.blocks:
            problem = f"cannot read the comment “{first}” under “{heading.title}”"
            raise CorpusError(path, comment.line, problem, listing.expected)
        found.update(dict.fromkeys(entry(row) for row in entries if row))
    return tuple(found)


def refuse_above(comments: Iterable[Comment], path: Path) -> None:
    """Raises `CorpusError` for a list above the first heading, which belongs to no section."""
    for comment in comments:
        first = rows(comment.text)[0]
        for listing in (ALSO_ASKED, STAFF_NOTES):
            if listing.like.match(first.casefold()):
                problem = f"the comment “{first}” stands above the first heading"
                raise CorpusError(path, comment.line, problem, listing.expected)


def is_listing(comment: Comment, listing: Listing) -> bool:
    """Whether the first line of ``comment`` names ``listing``, and nothing else."""
    return rows(comment.text)[0].casefold().rstrip(" :") in listing.named


def rows(text: str) -> list[str]:
    """The lines of a comment, white space folded; at least one."""
    return [" ".join(row.split()) for row in text.strip().splitlines()] or [""]


def entry(row: str) -> str:
    """A folded line as the entry that it is: who writes a list with hyphens means the same."""
    return row.removeprefix("- ")
