"""Words in, terms out: the same steps for passages and for questions. Floor 1: knows `kept` and `model`.

The steps, each a small function: tokenize → fold → drop stop words → stem.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Set
from functools import cache, lru_cache
from typing import Any

import regex

from bot.kept import Kept
from bot.model import Token

# A word starts with a letter or a digit and goes on with letters, digits, combining marks (the vowel signs of Bengali,
# Hindi, Tamil …, which Python's \w breaks at) and the two invisible joiners that some scripts spell with.
# An apostrophe belongs to it between letters.
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}\u200c\u200d]*(?:['’ʼ＇][\p{L}\p{M}]+)*")
# The same for text in ASCII, as most is: Python's own engine takes a quarter of the time, but knows no \p{…}.
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z]+)*")
_APOSTROPHES = regex.compile(r"['’ʼ＇]")
_JOINERS = regex.compile(r"[\u200c\u200d]")
_LATIN_DIACRITICS = regex.compile(r"(?<=\p{Script=Latin}\p{Mn}*)\p{Mn}")

# ISO 639-1 → Snowball. A language that is not here is indexed unstemmed.
_SNOWBALL = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish",
}  # fmt: skip

# Words that carry no topic. What, why, how, when, where, who, which and should are NOT among them: in an FAQ they tell
# questions about the same thing apart.
_STOP_WORDS = {
    "en": frozenset(
        """a am an and are as at be been being but by can could did do does doing for from had has have having he her
        hers herself him himself his i if in into is it its itself just may me might mine my myself of on or our ours
        ourselves she shall so than that the their theirs them themselves then there these they this those to too us
        very was we were will with would you your yours yourself yourselves
        im ive id ill youre youve hes shes theyre thats whats""".split()
    )
}

REMEMBERED = 16_384
"""Words of which folding and stem are remembered: bounded, so that no visitor can fill the memory with made-up ones."""

_QUESTION_WORDS = {"en": frozenset("how what when where which who whom whose why".split())}


def tokenize(text: str) -> list[tuple[int, int]]:
    """Start and end of every word of ``text``, in order.

    >>> tokenize("Worn-out shoes?")
    [(0, 4), (5, 8), (9, 14)]
    """
    if text.isascii():
        return list(map(re.Match.span, _ASCII_WORD.finditer(text)))
    return [match.span() for match in _WORD.finditer(text)]


def words(text: str) -> list[str]:
    """Every word of ``text``, in order: quicker than `tokenize` where nobody asks for the places.

    >>> words("Worn-out shoes?")
    ['Worn', 'out', 'shoes']
    """
    return (_ASCII_WORD if text.isascii() else _WORD).findall(text)


@lru_cache(maxsize=REMEMBERED)
def fold(word: str, language: str) -> str:
    """One spelling for all ways to write a word: case, width, ligatures, apostrophes; in English also accents.

    >>> fold("Runner’s", "en"), fold("DON'T", "en"), fold("ﬁtness", "en"), fold("Café", "en"), fold("Café", "fr")
    ('runner', 'dont', 'fitness', 'cafe', 'café')
    """
    word = _JOINERS.sub("", unicodedata.normalize("NFKC", word).casefold())
    if language == "en":
        word = _APOSTROPHES.sub("'", word).removesuffix("'s")
        word = unicodedata.normalize("NFC", _LATIN_DIACRITICS.sub("", unicodedata.normalize("NFD", word)))
    return _APOSTROPHES.sub("", word)


def _stem_anew(language: str) -> Callable[[str], str]:
    """What stems words of ``language``."""

    @lru_cache(maxsize=REMEMBERED)
    def stem(word: str) -> str:
        return _stemmer(language)(word)

    return stem


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    # Late: the package takes longer to load than an answerer, and the words of most questions have been stemmed before.
    from nltk.stem.snowball import SnowballStemmer  # noqa: PLC0415 - see above

    snowball = _SNOWBALL.get(language)
    return SnowballStemmer(snowball).stem if snowball else str


def words_and_gaps(text: str) -> tuple[list[str], list[str]]:
    """Every word of ``text``, in order, and what stands after each, up to the next or the end.

    >>> words_and_gaps("(Worn-out shoes?)")
    (['Worn', 'out', 'shoes'], ['-', ' ', '?)'])
    """
    word = _ASCII_WORD if text.isascii() else _WORD
    return word.findall(text), word.split(text)[1:]


class Analyzer:
    """Turns text of one language into terms. Built once, then only read."""

    def __init__(self, language: str = "en") -> None:
        """Prepare for ``language``, such as ``bn`` or ``en-GB``; words of an unknown one are folded, not stemmed."""
        self.language = language.partition("-")[0].lower()
        self._stop_words = _STOP_WORDS.get(self.language, frozenset())
        self._stems: dict[str, str] = {}
        self._stem_anew = _stem_anew(self.language)
        self._terms = Kept(self._term_of)
        self.content = Kept(self.tokens)
        """The tokens of the clinic's own texts, to be asked for nothing else."""
        self._question_terms = frozenset(map(self._stem, _QUESTION_WORDS.get(self.language, ())))

    def __getstate__(self) -> Mapping[str, Any]:
        """What is kept: with the stems of the words that the content and its examples have."""
        return vars(self) | {"_stem_anew": None}

    def __setstate__(self, kept: Mapping[str, Any]) -> None:
        vars(self).update(kept)
        self._stem_anew = _stem_anew(self.language)

    def _stem(self, word: str) -> str:
        """The first words are remembered for good: they are those of the content, which come again most."""
        stem = self._stems.get(word)
        if stem is None:
            stem = self._stem_anew(word)
            if len(self._stems) < REMEMBERED:
                self._stems[word] = stem
        return stem

    def is_question_word(self, term: str) -> bool:
        """Whether ``term`` is that of "why", "how" or the like: it asks, and names nothing."""
        return term in self._question_terms

    def term(self, word: str) -> str:
        """The term that a folded word is indexed under; empty for a stop word."""
        return "" if word in self._stop_words else self._stem(word)

    def stem(self, word: str) -> str:
        """The folded word without its ending; a stop word, of which nothing would be left, as it is."""
        return self.term(word) or word

    def tokens(self, text: str) -> list[Token]:
        """The indexed words of ``text`` with their places in it, stop words left out."""
        return [Token(term, start, end) for start, end in tokenize(text) if (term := self._terms[text[start:end]])]

    def terms(self, text: str) -> list[str]:
        """The terms of ``text`` in order, repeats included.

        >>> Analyzer("en").terms("How do worn-out shoes hurt the runner’s back?")
        ['how', 'worn', 'out', 'shoe', 'hurt', 'runner', 'back']
        """
        return [term for word in words(text) if (term := self._terms[word])]

    def _term_of(self, typed: str) -> str:
        return self.term(fold(typed, self.language))


def highlights(text: str, terms: Set[str], analyzer: Analyzer) -> tuple[tuple[int, int], ...]:
    """Start and end of every word of ``text``, which is the clinic's, that is indexed under one of ``terms``."""
    return tuple([(token.start, token.end) for token in analyzer.content[text] if token.term in terms])
