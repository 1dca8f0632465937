"""Words that nobody knows, mended to words that the corpus has. Floor 2: knows `analysis` and `kept`.

Candidates come from the corpus alone, so a mended word can always be found; a general dictionary only guards the words
that it knows ("need" is never taken for "knee"). Distances are Damerau-Levenshtein's, by SymSpell.

Source: https://github.com/mammothb/symspellpy and its English dictionary of 82,765 words.
"""

from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from itertools import accumulate
from typing import Any
from zlib import crc32

from symspellpy import SymSpell, Verbosity
from symspellpy.abstract_distance_comparer import AbstractDistanceComparer
from symspellpy.editdistance import DamerauOsa, DistanceAlgorithm, EditDistance

from bot.analysis import fold, words
from bot.kept import Kept

MIN_LENGTH = 4
"""Shorter words are left alone: at three letters nearly every word is one slip away from another."""

GUARDED_FROM = 40_000
"""The least count of a guarded word in the general dictionary ("the" has 23 thousand million): rarer ones, such as
"shoos", are mostly slips."""

_TWO_SLIPS_FROM = 6  # letters from which two slips are mended: chosen
_DICTIONARY = "frequency_dictionary_en_82_765.txt"

# Short forms of messages that no dictionary of slips can mend. Only those that are no word of their own.
_SHORT_FORMS = {
    "abt": "about", "aftr": "after", "bck": "back", "bcoz": "because", "bcz": "because", "bk": "back", "coz":
    "because", "cuz": "because", "doc": "doctor", "dr": "doctor", "evry": "every", "hlp": "help", "hv": "have",
    "hw": "how", "n": "and", "pls": "please", "plz": "please", "ppl": "people", "prob": "problem", "probs":
    "problems", "r": "are", "shd": "should", "shld": "should", "shud": "should", "shuld": "should", "u": "you",
    "ur": "your", "wat": "what", "wen": "when", "whn": "when", "wht": "what", "wk": "week", "wks": "weeks", "wt":
    "what", "wud": "would", "y": "why",
}  # fmt: skip

# The dictionary has them only with their apostrophe, which folding drops.
_CONTRACTIONS = frozenset(
    """arent cant couldnt didnt doesnt dont hadnt hasnt havent hes ill im isnt ive lets mustnt neednt shes shouldnt
    thats theres theyre theyve wasnt wed werent weve whats wheres whos wont wouldnt youd youll youre youve""".split()
)


class _Distance(AbstractDistanceComparer):  # type: ignore[misc] # the package has no types
    """Damerau-Levenshtein's, of which each call has its own: the package's keeps its rows between calls.

    Two threads that ask at the same time would write into each other's, and get wrong distances or an IndexError.
    """

    def distance(self, string_1: str, string_2: str, max_distance: int) -> int:
        return DamerauOsa().distance(string_1, string_2, max_distance)  # type: ignore[no-any-return]


class Speller:
    """Mends words of one language to the vocabulary of one corpus. Built once, then only read."""

    def __init__(self, texts: Iterable[str], language: str, *, slips: int = 2) -> None:
        """Learn the words of ``texts``. Only English has a general dictionary and short forms.

        Up to ``slips``, 1 or 2, are mended in long words.
        """
        self._slips = slips
        self.language = language
        self.known = Kept(self._is_known)
        """Whether a word as typed is one of the language or of the corpus or a short form; None for none of letters."""
        self._counts: dict[str, int] = {}
        for text in texts:
            for typed in words(text):
                word = fold(typed, language)
                self._counts[word] = self._counts.get(word, 0) + 1
        self._general: Container[str] = _general_words() if language == "en" else frozenset()
        self._short_forms = _SHORT_FORMS if language == "en" else {}
        self._symspell = _Dictionary(
            max_dictionary_edit_distance=slips,
            prefix_length=7,
            distance_comparer=EditDistance(DistanceAlgorithm.USER_PROVIDED, _Distance()),
        )
        for word, count in self._counts.items():
            if len(word) >= MIN_LENGTH - 1:
                self._symspell.create_dictionary_entry(word, count)
        self._symspell.finish()

    def mend(self, word: str) -> tuple[str, ...]:
        """What the folded ``word`` may be meant for: one word, two that were run together, none if it is left alone."""
        if word in self._short_forms:
            return (self._short_forms[word],)
        if word in self._counts:
            return ()
        if word in self._general or len(word) < MIN_LENGTH or not word.isalpha():
            return ()
        found = self._nearest(word, 1) or self._parted(word)  # "backpain" is no slip of "backpack"
        return found or (self._nearest(word, 2) if len(word) >= _TWO_SLIPS_FROM and self._slips > 1 else ())

    def _is_known(self, typed: str) -> bool | None:
        word = fold(typed, self.language)
        if not word.isalpha():
            return None
        return word in self._counts or word in self._general or word in self._short_forms

    def _nearest(self, word: str, slips: int) -> tuple[str, ...]:
        found = self._symspell.lookup(word, Verbosity.CLOSEST, max_edit_distance=slips)
        # Two slips and another first letter is mostly another word.
        likely = (item.term for item in found if item.distance == 1 or item.term[0] == word[0])
        return tuple(term for term, _ in zip(likely, range(1), strict=False))

    def _parted(self, word: str) -> tuple[str, ...]:
        places = range(MIN_LENGTH - 1, len(word) - MIN_LENGTH + 2)
        parted = ((word[:at], word[at:]) for at in places)
        return next(((head, tail) for head, tail in parted if head in self._counts and tail in self._counts), ())


class _Dictionary(SymSpell):  # type: ignore[misc] # the package has no types
    """SymSpell's own, lean once it is finished: what it looks words up in takes most of an answerer's memory."""

    def finish(self) -> None:
        """Nothing is added after this."""
        self._deletes: Any = _Spellings(self._deletes)


class _Spellings:
    """The words by what is left of them without a letter or two, in rows of numbers instead of 130,000 lists.

    Two spellings may have the same checksum: SymSpell expects as much of its own table, and measures each word.
    """

    def __init__(self, words_by_spelling: Mapping[str, Iterable[str]]) -> None:
        rows: dict[int, list[str]] = {}
        for spelling, having in words_by_spelling.items():
            rows.setdefault(_checksum(spelling), []).extend(having)
        numbers: dict[str, int] = {}
        for having in rows.values():
            for word in having:
                numbers.setdefault(word, len(numbers))
        ordered = sorted(rows)
        self._words = tuple(numbers)
        self._checksums = array("I", ordered)
        self._ends = array("I", accumulate((len(rows[checksum]) for checksum in ordered), initial=0))
        self._numbers = array("I", (numbers[word] for checksum in ordered for word in rows[checksum]))

    def __contains__(self, spelling: str) -> bool:
        checksum = _checksum(spelling)
        row = bisect_left(self._checksums, checksum)
        return row < len(self._checksums) and self._checksums[row] == checksum

    def __getitem__(self, spelling: str) -> list[str]:
        """Those of a spelling that is contained."""
        row = bisect_left(self._checksums, _checksum(spelling))
        return [self._words[number] for number in self._numbers[self._ends[row] : self._ends[row + 1]]]


def _checksum(spelling: str) -> int:
    """The same in every process, unlike Python's own hash."""
    return crc32(spelling.encode("utf-8", "surrogatepass"))


class _Words:
    """Whether a word is one of many thousands; held as checksums, which take a tenth of the words' own memory."""

    def __init__(self, words: Iterable[str]) -> None:
        self._checksums = array("Q", sorted({_long_checksum(word) for word in words}))

    def __contains__(self, word: object) -> bool:
        checksum = _long_checksum(str(word))
        row = bisect_left(self._checksums, checksum)
        return row < len(self._checksums) and self._checksums[row] == checksum


def _long_checksum(word: str) -> int:
    """So long that no two words have the same."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


@cache
def _general_words() -> _Words:
    text = files("symspellpy").joinpath(_DICTIONARY).read_text("utf-8-sig")
    counts = (line.partition(" ") for line in text.splitlines())
    return _Words(_CONTRACTIONS.union(word for word, _, count in counts if int(count) >= GUARDED_FROM))
