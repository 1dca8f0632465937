"""Text in, its sentences out. Floor 1: knows `model` and `punkt`.

No word is lost and none stands twice: a sentence goes up to the next one's first word.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from bot.model import Block


@cache
def _tokenizer() -> Callable[[str], Iterator[tuple[int, int]]]:
    # Late: it loads all of nltk, which takes longer than an answer from content that was cut before.
    from bot.punkt import sentence_tokenizer  # noqa: PLC0415 - see above

    spans: Callable[[str], Iterator[tuple[int, int]]] = sentence_tokenizer().span_tokenize
    return spans


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence of ``text``, the space behind it left out.

    >>> sentence_spans("Run less. Ask Dr. Roy.")
    [(0, 9), (10, 22)]
    """
    spans = _tokenizer()(text)
    starts = [start for start, _ in spans if start == 0 or text[start - 1].isspace()]
    ends = [*starts[1:], len(text)]
    return [(start, start + len(text[start:end].rstrip())) for start, end in zip(starts, ends, strict=True)]


def sentences(blocks: Iterable[Block]) -> Iterator[tuple[int, Block]]:
    """Every sentence as a block of its own, with the number of the block that it comes from."""
    for at, block in enumerate(blocks):
        for start, end in sentence_spans(block.text):
            yield at, _slice(block, start, end)


def _slice(block: Block, start: int, end: int) -> Block:
    """``block.text[start:end]``; a footnote between two sentences stays with the first."""
    marks = tuple(
        replace(mark, start=max(mark.start, start) - start, end=min(mark.end, end) - start)
        for mark in block.marks
        if (mark.start < end and mark.end > start)
        or (mark.start == mark.end and (start < mark.end <= end or start == mark.end == 0))
    )
    return Block(block.kind, block.text[start:end], marks, block.ordinal if start == 0 else None)
