"""What a question wants to know: why, how to prevent, how to treat … Floor 2: knows `analysis` and `kept`.

Passages on the same thing share all its nouns; what tells them apart is how people ask. Every way to ask and every
question is searched also by its intents, terms of their own beside its words. The patterns stand in intents.toml; they
are English, and a question in another language has none.
"""

import tomllib
from collections.abc import Set
from importlib.resources import files

import regex

from bot.analysis import fold, tokenize
from bot.kept import Kept

MARK = "?"
"""What an intent's term begins with: no word does."""


def _patterns() -> dict[str, regex.Pattern[str]]:
    content = tomllib.loads(files("bot").joinpath("intents.toml").read_text("utf-8"))
    lists = {f"<{name}>": f"(?:{'|'.join(words.split())})" for name, words in content["lists"].items()}

    def compiled(lines: str) -> regex.Pattern[str]:
        for name, words in lists.items():
            lines = lines.replace(name, words)
        return regex.compile(rf"\b(?:{'|'.join(lines.splitlines())})\b")

    return {MARK + name: compiled(lines) for name, lines in content["intents"].items()}


_INTENTS = _patterns()


def _begun(word: str) -> frozenset[str]:
    """The intents whose patterns may go on from ``word``, or are it."""
    return frozenset(term for term, pattern in _INTENTS.items() if pattern.match(f"{word} ", partial=True))


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
    words = [fold(text[start:end], language) for start, end in tokenize(text)]
    folded = " ".join(words)
    likely: Set[str] = _INTENTS.keys()
    if folded.isascii():  # in other scripts a pattern may begin within a word
        likely = frozenset[str]().union(*[_BEGUN[word] for word in words])
    return tuple([term for term, pattern in _INTENTS.items() if term in likely and pattern.search(folded)])
