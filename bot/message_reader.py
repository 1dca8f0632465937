"""What people type, read as the words that patterns are written with.

Floor 2: knows `analysis`, `kept`, `letters` and `message`.
"""

import re
from collections.abc import Callable

from bot.analysis import Analyzer, fold, words_and_gaps
from bot.kept import Kept
from bot.letters import plain
from bot.message import EXACTLY, Message, parted

_ENDS_SENTENCE = re.compile(r"[.!?;\n।؟？！。]")
_ASKS = re.compile(r"[?؟？]")
_PAUSES = re.compile(r"[,،:()\[\]–—]|\s-+\s")
_FEW = 3

_Row = tuple[str, str, str]
"""A word as patterns see it, its form, and what was typed for it: as in `Message`."""

_POINT: _Row = (".", "", "")
_QUESTION: _Row = ("?", ".", "")

# What phone staff and doctors write.
_WITH_SLASH = {
    "c/o": "complains of", "h/o": "history of", "w/": "with ", "w/o": "without", "w/out": "without", "y/o": "year old",
}  # fmt: skip
_SLASHED = re.compile(r"\b(?:c/o|h/o|w/out|w/o|y/o|w/(?=\s|\w))(?:(?<=/)|\b)", re.IGNORECASE)

# What people type for words that patterns are written with: too short to be mended, or two words in one.
_WRITTEN_OUT = {
    "2day": "today", "2moro": "tomorrow", "2morrow": "tomorrow", "2nite": "tonight", "2nt": "tonight", "b4": "before",
    "bak": "back", "bck": "back", "bk": "back", "blk": "black", "btwn": "between", "chst": "chest", "cn": "can",
    "cud": "could", "cudnt": "couldnt", "dnt": "dont", "fel": "feel", "fr": "for", "frm": "from", "gud": "good",
    "hav": "have", "havnt": "havent", "hes": "he is", "hrt": "hurt", "hrts": "hurts", "hve": "have", "hvnt": "havent",
    "ibu": "ibuprofen", "id": "i would", "im": "i am", "itd": "it would", "its": "it is", "iv": "i have",
    "ive": "i have", "jst": "just", "lng": "long", "lyk": "like", "m": "am", "med": "medicine", "meds": "medicine",
    "mgs": "mg", "milligram": "mg", "milligrams": "mg", "mins": "minutes", "mnth": "month", "mny": "many",
    "msg": "message", "mth": "month", "mths": "months", "nd": "and", "nite": "night", "no1": "no one", "nw": "now",
    "ok": "okay", "pcm": "paracetamol", "pls": "please", "preggers": "pregnant", "prego": "pregnant", "rite": "right",
    "rly": "really", "shes": "she is", "sum": "some", "tab": "tablet", "tabs": "tablets", "theyre": "they are",
    "thru": "through", "tk": "take", "tke": "take", "tmr": "tomorrow", "tmrw": "tomorrow", "tok": "took", "w": "with",
    "wanna": "want to", "wats": "what is", "wen": "when", "whats": "what is", "wiv": "with", "wnt": "want",
    "wot": "what", "wrk": "work", "yo": "year old", "yr": "year", "yrd": "year old", "yrs": "years",
}  # fmt: skip


class MessageReader:
    """Reads messages of one language. Built once, then only read."""

    def __init__(self, analyzer: Analyzer, mend: Callable[[str], tuple[str, ...]]) -> None:
        """``mend`` gives the words that a misspelt one is meant for, and none for one that is to be left alone."""
        self._analyzer = analyzer
        self._mend = mend
        self._rows = Kept(self._read_word)

    def read(self, text: str) -> Message:
        """The words of ``text``: undisguised, written out, mended, folded and stemmed; no word is dropped."""
        text = plain(text)
        if "/" in text:
            text = _SLASHED.sub(lambda found: _WITH_SLASH[found[0].casefold()], text)
        typed, gaps = words_and_gaps(text)
        rows, pauses, edge = [_POINT], 0, 0
        for at, gap in enumerate(gaps, 1):
            rows += self._rows[typed[at - 1]]
            if gap == " " and at < len(typed):  # as most
                continue
            if at == len(typed) or _ends_sentence(gap, typed[at - 1], typed[at], len(rows) - 1 - edge):
                edge = len(rows)
                rows.append(_QUESTION if _ASKS.search(gap) else _POINT)
            elif _PAUSES.search(gap):
                pauses |= 1 << len(rows)
        words, forms, typed_for = zip(*rows, strict=True)
        return Message(words, forms, typed_for, pauses)

    def _read_word(self, typed: str) -> tuple[_Row, ...]:
        """Each word that a typed one stands for."""
        forms = self._forms(fold(typed, self._analyzer.language))
        return tuple((self._analyzer.stem(form), EXACTLY + form, typed) for form in forms)

    def _forms(self, folded: str) -> list[str]:
        """The words that a typed one stands for: ``400mg`` is two, and so is ``i'm``."""
        parts = parted(folded) if folded not in _WRITTEN_OUT else (folded,)
        written = [word for part in parts for word in _WRITTEN_OUT.get(part, part).split()]
        return [mended for word in written for mended in self._mend(word) or (word,)]


def _ends_sentence(gap: str, before: str, after: str, words: int) -> bool:
    """Whether a sentence of so many ``words`` ends with the ``gap`` between the words ``before`` and ``after`` it.

    The point of a figure such as 38.5 ends none, nor does a new line after a word or two.
    """
    if gap == "." and before[-1].isdecimal() and after[0].isdecimal():
        return False
    return bool(_ENDS_SENTENCE.search(gap)) and (words >= _FEW or not gap.isspace())
