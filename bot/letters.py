"""Disguised writing made plain: what a person sees is what rules should see. Floor 1: imports nothing of ours.

Letters of other scripts that look like Latin ones, letters with something invisible or a picture between them, letters
typed one by one: filters are dodged so, and so are our safety rules, if only by a keyboard with a will of its own.
Source of the look-alikes: https://www.unicode.org/Public/security/latest/confusables.txt, those of Cyrillic and Greek.
"""

import re
import unicodedata

import regex

_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХԁаеіјѕорсухһӏԛԝгпвтмкнΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεινορτυχκωıɑɡɩ０ℓ",
    "ABESIJKMHOPCTYXdaeijsopcyxhlqwrnbtmkhABEZHIKMNOPTYXaeivoptuxkwiagi0l",
)
_INVISIBLE = regex.compile(r"[\p{Cf}\p{Cc}\u115f\u1160\u3164\u034f\uFE00-\uFE0F--[\t\n\r\u200c\u200d]]", regex.VERSION1)
_JOINER = regex.compile(r"(?<=\p{Latin})[\u200c\u200d]+")
_MARKS = regex.compile(r"(?<=\p{Latin}\p{Mn}*)[\p{Mn}\p{Me}]+|[\p{Me}\u0334-\u0338]+")
_PICTURES = regex.compile(r"[\p{So}\p{Sk}\p{Co}]+")
_WITHIN_LETTERS = regex.compile(r"(?<![\p{L}\p{N}'’])(?:\p{Latin}{1,2}[\p{So}\p{Sk}*_~^|]+)+\p{Latin}{1,12}(?![\p{L}])")
_ONE_BY_ONE = regex.compile(r"(?<![\p{L}\p{N}'’])\p{Latin}([ .\-_*·])(?:\p{Latin}\1){1,29}\p{Latin}(?![\p{L}\p{N}'’])")
_DIGITS_FOR_LETTERS = regex.compile(r"(?<![\p{L}\p{N}])\p{Latin}+[013457@$][\p{Latin}013457@$]+|(?<=\p{Latin})0")
_LETTERS_FOR_DIGITS = str.maketrans("013457@$", "oieastas")
_DRAWN_OUT = regex.compile(r"(\p{Latin})\1{2,}")
_NOT_LETTER = regex.compile(r"[^\p{Latin}]+")

MOST = 2
"""How many letters a sign may stand for on average: one may stand for 18, and a message of them would take long."""


# What nearly all messages are written in: ASCII, or that with the quotes and dashes of phones, less what is taken out.
_USUAL = re.compile(r"[\t\n\r -_a-~‘’“”–—]*")
# What that may hide: signs and figures for letters or between them, letters drawn out or one by one. One after the
# other, since one pattern would try all four at every letter.
_SUSPECT = tuple(
    map(
        re.compile,
        (
            r"[*_~^|@$\x00-\x08\x0b\x0c\x0e-\x1f]",
            r"[0-9](?<=[A-Za-z].)",
            r"([A-Za-z])\1\1",
            r"\b[A-Za-z][ .\-][A-Za-z][ .\-]",
        ),
    )
)


def plain(text: str) -> str:
    """``text`` as it looks, in letters that rules are written with.

    >>> plain("I саn't p\u200be\u200be"), plain("Ｌｅｇｓ are num🙂b"), plain("c a n t   p e e"), plain("so baaaad")
    ("I can't pee", 'Legs are num b', 'cant   pee', 'so baad')
    """
    if (text.isascii() or _USUAL.fullmatch(text)) and not any(suspect.search(text) for suspect in _SUSPECT):
        return text
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))[: MOST * len(text)]
    text = _JOINER.sub("", text).translate(_LOOK_ALIKES)
    text = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))
    text = _WITHIN_LETTERS.sub(lambda found: _NOT_LETTER.sub("", found[0]), text)
    text = _ONE_BY_ONE.sub(lambda found: _NOT_LETTER.sub("", found[0]), text)
    text = _DIGITS_FOR_LETTERS.sub(lambda found: found[0].translate(_LETTERS_FOR_DIGITS), text)
    return _DRAWN_OUT.sub(r"\1\1", _PICTURES.sub(" ", text))
