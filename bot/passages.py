"""Documents in, passages out: one a section, a long one cut at sentence ends. Floor 2: knows `model` and `sentences`.

No word is lost and none stands twice; a passage's id depends on its own section alone.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from bot.model import Block, Document, Passage, Section
from bot.sentences import sentences

MAX_WORDS = 120
"""The longest passage, in words between white space, unless a single sentence is longer."""

_PART = "~"  # stands in no anchor of a section


def passages_of(documents: Iterable[Document]) -> tuple[Passage, ...]:
    """All passages of ``documents``, in reading order; a heading without text of its own has none."""
    return tuple(
        passage for document in documents for section in document.sections for passage in _cut(document, section)
    )


def section_anchor(passage: Passage) -> str:
    """The anchor of the section that ``passage`` is, or is a part of."""
    return passage.anchor.partition(_PART)[0]


def ways_to_ask(passage: Passage) -> tuple[str, ...]:
    """The heading and what else people ask for; where nobody has written that down, the passage's own sentences."""
    return (passage.title, *(passage.also_asked or (sentence.text for _, sentence in sentences(passage.blocks))))


def count_words(text: str) -> int:
    """Words of ``text`` between white space."""
    return len(text.split())


def _cut(document: Document, section: Section) -> Iterable[Passage]:
    references = {str(reference.number): reference for reference in document.references}
    for number, blocks in enumerate(_parts(section.blocks), start=1):
        anchor = section.anchor if number == 1 else f"{section.anchor}{_PART}{number}"
        text = " ".join(block.text for block in blocks)
        used = {mark.target for block in blocks for mark in block.marks if mark.kind == "footnote"}
        yield Passage(
            passage_id=f"{document.doc_id}#{anchor}",
            doc_id=document.doc_id,
            anchor=anchor,
            title=section.title,
            path=section.path,
            text=text,
            blocks=tuple(blocks),
            references=tuple(reference for label, reference in references.items() if label in used),
            classes=section.classes,
            content_hash=sha256(text.encode()).hexdigest(),
            also_asked=section.also_asked,
            notes=section.notes,
        )


def _parts(blocks: tuple[Block, ...]) -> list[list[Block]]:
    """The section's blocks in parts of about equal length, none above `MAX_WORDS` where sentence ends allow it."""
    total = sum(count_words(block.text) for block in blocks)
    if total <= MAX_WORDS:
        return [list(blocks)] if blocks else []
    parts: list[list[tuple[int, Block]]] = [[]]
    filled, left = 0, total
    target = _target(left)
    for at, sentence in sentences(blocks):
        words = count_words(sentence.text)
        # A part ends before the sentence that would take it further beyond its share than the part now falls short.
        if parts[-1] and (filled + words > MAX_WORDS or filled + words / 2 > target):
            parts.append([])
            filled, target = 0, _target(left)
        parts[-1].append((at, sentence))
        filled += words
        left -= words
    return [_rejoined(part) for part in parts]


def _target(left: int) -> float:
    """Words for the next part, when ``left`` are to be shared out in as few parts as can hold them."""
    return left / math.ceil(left / MAX_WORDS)


def _rejoined(sentences: list[tuple[int, Block]]) -> list[Block]:
    """Sentences that came from one block as one block again."""
    joined: dict[int, Block] = {}
    for at, sentence in sentences:
        joined[at] = _appended(joined[at], sentence) if at in joined else sentence
    return list(joined.values())


def _appended(block: Block, sentence: Block) -> Block:
    shift = len(block.text) + 1
    moved = tuple(replace(mark, start=mark.start + shift, end=mark.end + shift) for mark in sentence.marks)
    return replace(block, text=f"{block.text} {sentence.text}", marks=block.marks + moved)
