"""Known questions that go on from what has been typed so far. Floor 3: knows `analysis` and `model`."""

from collections.abc import Sequence

from bot.analysis import Analyzer, fold, tokenize
from bot.model import Passage

_QUESTION_MARKS = ("?", "؟", "？")


class Suggester:
    """The headings of one corpus, to be completed. Built once, then only read."""

    def __init__(self, passages: Sequence[Passage], analyzer: Analyzer) -> None:
        """Take each heading once: questions first, then other headings, each in corpus order."""
        titles = list(dict.fromkeys(passage.title for passage in passages))
        self._language = analyzer.language
        ordered = sorted(titles, key=lambda title: not is_question(title))
        self._titles = [(title, self._words(title)) for title in ordered]

    def suggest(self, typed: str, limit: int) -> tuple[str, ...]:
        """Up to ``limit`` headings that have every word typed, the last of which may be unfinished."""
        words = self._words(typed)
        if not words:
            return ()
        *whole, last = words
        found = (
            title
            for title, of_title in self._titles
            if set(whole) <= set(of_title) and any(word.startswith(last) for word in of_title)
        )
        return tuple(title for title, _ in zip(found, range(limit), strict=False))

    def questions(self, limit: int) -> tuple[str, ...]:
        """The first ``limit`` headings that are questions."""
        return tuple(title for title, _ in self._titles if is_question(title))[:limit]

    def _words(self, text: str) -> list[str]:
        return [fold(text[start:end], self._language) for start, end in tokenize(text)]


def is_question(title: str) -> bool:
    """Whether a heading asks something, as in an FAQ."""
    return title.endswith(_QUESTION_MARKS)
