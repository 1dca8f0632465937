"""Words in, an address within a page out. Floor 0: imports nothing of ours."""

import unicodedata

import regex

_BETWEEN_WORDS = regex.compile(r"[^\p{L}\p{N}\p{M}]+")


def slug(text: str) -> str:
    """The anchor made from a heading, or a document's id from its file name; empty where there is no letter or digit.

    >>> slug("Worn-out shoes: what now?"), slug("পিঠে ব্যথা")
    ('worn-out-shoes-what-now', 'পিঠে-ব্যথা')
    """
    return _BETWEEN_WORDS.sub("-", unicodedata.normalize("NFC", text).casefold()).strip("-")
