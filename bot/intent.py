"""What a question wants to know: why, how to prevent, how to treat … Floor 2: knows `analysis` and `kept`.

Passages on the same thing share all its nouns; what tells them apart is how people ask. Every way to ask and every
question is searched also by its intents, terms of their own beside its words. The patterns stand in intents.toml; they
are English, and a question in another language has none.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from importlib.resources import files

import regex

from bot.analysis import fold, words
from bot.kept import Kept

MARK = "?"
"""What an intent's term begins with: no word does."""


def _patterns() -> dict[str, regex.Pattern[str]]:
    content = tomllib.loads(files("bot").joinpath("intents.toml").read_text("utf-8"))
    lists = {f"<{name}>": f"(?:{'|'.join(listed.split())})" for name, listed in content["lists"].items()}

    def compiled(lines: str) -> regex.Pattern[str]:
        for name, listed in lists.items():
            lines = lines.replace(name, listed)
        return regex.compile(rf"\b(?:{'|'.join(lines.splitlines())})\b")

    return {MARK + name: compiled(lines) for name, lines in content["intents"].items()}


_INTENTS = _patterns()


def _by_letter(letter: str) -> tuple[str, ...]:
    """The intents whose patterns may begin with ``letter``."""
    return tuple([term for term, pattern in _INTENTS.items() if pattern.match(letter, partial=True)])


def _begun(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The intents that ``word`` shows by itself, and those whose patterns may go on from it."""
    begun = [term for term in _BY_LETTER[word[:1]] if _INTENTS[term].match(f"{word} ", partial=True)]
    shown = [term for term in begun if _INTENTS[term].match(f"{word} ")]
    return tuple(shown), tuple([term for term in begun if term not in shown])


def _matching(term: str) -> Callable[[str, int], object]:
    """Python's own engine, of ASCII: it takes half of the time, but knows nothing of what may go on."""
    return re.compile(_INTENTS[term].pattern, re.ASCII).match


_BY_LETTER = Kept(_by_letter)
_MATCHING = Kept(_matching)
_BEGUN = Kept(_begun)


def intents(text: str, language: str) -> tuple[str, ...]:
    """The terms for what ``text`` wants to know, each once.

    >>> intents("How do I stop my back hurting?", "en")
    ('?prevent', '?how to')
    >>> intents("আমার কোমরে ব্যথা কেন?", "bn")
    ()
    """
    if language != "en":
        return ()
    return intents_of([fold(word, language) for word in words(text)])


def intents_of(folded: Sequence[str]) -> tuple[str, ...]:
    """As `intents`, of words in English that are folded."""
    text = " ".join(folded)
    if not text.isascii():  # in other scripts a pattern may begin within a word
        return tuple([term for term, pattern in _INTENTS.items() if pattern.search(text)])
    wanted: set[str] = set()
    start = 0
    for word in folded:
        shown, begun = _BEGUN[word]
        wanted.update(shown)
        for term in begun:
            if term not in wanted and _MATCHING[term](text, start):
                wanted.add(term)
        start += len(word) + 1
    return tuple([term for term in _INTENTS if term in wanted])
