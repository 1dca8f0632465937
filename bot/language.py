"""Is a question in a language that can be read? Floor 3: knows `analysis` and `spelling`."""

import regex

from bot.analysis import words
from bot.spelling import Speller

OTHER_LETTERS = 0.2
"""The share of letters of another script from which a message is in another language (clinical guidance: 20 %)."""

KNOWN_WORDS = 0.5
"""The least share of known words in a message of `FEW` words or more; chosen: who spells badly knows the short ones."""

FEW = 4

_LETTER = regex.compile(r"\p{L}")
_LATIN = regex.compile(r"\p{Latin}")


def is_other_language(text: str, speller: Speller) -> bool:
    """Whether ``text`` is in another language than ``speller``'s, which is written in Latin letters."""
    if not text.isascii() and _other_letters(text) > OTHER_LETTERS:
        return True
    known = [known for word in words(text) if (known := speller.known[word]) is not None]
    return len(known) >= FEW and sum(known) / len(known) < KNOWN_WORDS


def _other_letters(text: str) -> float:
    """The share of letters that are not Latin."""
    letters = len(_LETTER.findall(text))
    return 1 - len(_LATIN.findall(text)) / letters if letters else 0.0
