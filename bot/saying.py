"""What phone staff read out of a passage: its sentence that meets the question.

Floor 2: knows `analysis`, `kept`, `model` and `sentences`.

Word for word, and whole where leaving something out could do harm. A sentence that leans on the one before, or that the
next one takes back, brings it along; a list's item brings the sentence above the list. The words that show this are
English; a sentence in another language stands alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import regex

from bot.analysis import Analyzer, highlights
from bot.kept import Kept
from bot.model import Block, BlockKind, Passage
from bot.sentences import sentence_spans

MOST_WORDS = 45
"""About as much as is said in one breath of twenty seconds: chosen, not measured."""

SHORT = 2
"""So many sentences are said whole."""

WHOLE = frozenset({"medicine"})
"""Classes of sections that are said whole: the warning may stand in the last sentence."""

_STARTS_LEANING = regex.compile(
    r"""(?xi)
    (?:it|its|they|their|them|this|that|these|those|but|so|also|then|however|and|or|nor|even|neither|otherwise|instead
       |in\ one)\b
    |(?:do|go|call)\ (?:so|too|the\ same|sooner|today)\b
    |the\ (?:study|survey|review|trial|paper)\b
    |(?:in|for|on|to|with|before|after|when|if|most\ of|some\ of|tablets\ of)\ (?:\S+\ ){0,3}?(?:it|they|these|those)\b
    |.*\bof\ (?:them|these|those)\b
    """
)
_SENTENCES = Kept(sentence_spans)  # of the clinic's texts: to find them takes longer than all the rest of a look-up
_TAKES_BACK = regex.compile(r"(?i)(?:but|however|yet|even so|except|unless|do not|only)\b")


@dataclass(frozen=True, slots=True)
class Saying:
    """What to read out: ``spans`` of the passage's text, joined by a space; ``highlights`` count in ``text``.

    ``whole`` says that it is the whole passage.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    highlights: tuple[tuple[int, int], ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Sentence:
    """``text`` stands at ``start`` of the passage; ``opens`` says that it is the first of its block."""

    text: str
    start: int
    kind: BlockKind
    opens: bool

    @property
    def words(self) -> int:
        return len(self.text.split())


def say(passage: Passage, words: Sequence[Mapping[str, float]], analyzer: Analyzer, *, whole: bool = False) -> Saying:
    """The sentences of ``passage`` that carry most of the question's ``words``, each the worth of its terms.

    A word counts by the best of its terms that stands in the sentence; ties go to the earlier sentence, and so does a
    passage whose text has none of them. ``whole`` asks for all of it.
    """
    read = _sentences(passage.blocks)
    if whole or passage.classes & WHOLE or len(read) <= SHORT:
        chosen = list(range(len(read)))
    else:
        chosen = _with_what_they_need(read, _best(read, words, analyzer))
    spans = _joined([(read[at].start, read[at].start + len(read[at].text)) for at in chosen])
    text = " ".join(passage.text[start:end] for start, end in spans)
    terms = {term for word in words for term in word}
    return Saying(text, spans, highlights(text, terms, analyzer), whole=len(chosen) == len(read))


def _sentences(blocks: Iterable[Block]) -> list[_Sentence]:
    """All sentences, with their places in the blocks' text joined by single spaces."""
    found, offset = [], 0
    for block in blocks:
        found += [
            _Sentence(block.text[start:end], offset + start, block.kind, opens=start == 0)
            for start, end in _SENTENCES[block.text]
        ]
        offset += len(block.text) + 1
    return found


def _best(read: Sequence[_Sentence], words: Sequence[Mapping[str, float]], analyzer: Analyzer) -> int:
    def worth(at: int) -> float:
        terms = {token.term for token in analyzer.content[read[at].text]}
        return sum(max((value for term, value in word.items() if term in terms), default=0.0) for word in words)

    return max(range(len(read)), key=worth)  # the first of several


def _with_what_they_need(read: Sequence[_Sentence], best: int) -> list[int]:
    """``best`` with what it leans on, and with what takes it back; beyond one neighbour only within the limit."""
    chosen = [best]
    while (before := _leans_on(read, chosen[0])) is not None:
        if len(chosen) > 1 and sum(read[at].words for at in (before, *chosen)) > MOST_WORDS:
            break
        chosen.insert(0, before)
    after = best + 1
    if after < len(read) and not read[after].opens and _TAKES_BACK.match(read[after].text):
        chosen.append(after)
    return chosen


def _leans_on(read: Sequence[_Sentence], at: int) -> int | None:
    """The sentence without which this one makes no sense, if there is one: of a list's item, the one above the list."""
    sentence = read[at]
    if sentence.kind == "li" and sentence.opens:
        return next((above for above in range(at - 1, -1, -1) if read[above].kind != "li"), None)
    if at and _STARTS_LEANING.match(sentence.text):
        return at - 1
    return None


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Neighbours as one stretch."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        goes_on = found and found[-1][1] + 1 == start
        found.append((found.pop()[0] if goes_on else start, end))
    return tuple(found)
