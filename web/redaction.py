"""Takes out of a text what says who somebody is, before it is kept. Imports nothing of ours.

It knows forms: telephone numbers, e-mail addresses, links, long numbers, dates with a year, and names after the words
that announce one. It cannot know what has no form: a bare name ("Rahim says I should run"), a street, a place of work,
a nickname, a rare story that only one person has. So the visitor is asked not to write such things, and what is kept
is deleted after some days. It errs on the side of taking out too much, but leaves medicine alone: "400 mg", "10 km".
"""

import re
from collections.abc import Iterator

from phonenumbers import PhoneNumberMatcher

PHONE = "[phone]"
EMAIL = "[email]"
LINK = "[link]"
NUMBER = "[number]"
DATE = "[date]"
NAME = "[name]"

REGIONS = ("BD", "IN", "GB", "US")
"""Whose telephone numbers are known without the ``+`` and the country's number."""

MAX_TRIES = 100
"""Of the search for telephone numbers, which bounds its time; what it leaves is a long number still."""

# Every quantifier below either ends at the first character that does not fit, or gives nothing back (`++`): a text of
# n characters takes time in proportion to n.
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]++@[\w-]++(?:\.[\w-]++)*")
_LINK = re.compile(
    r"(?:https?://|www\.)\S++"
    r"|(?<![\w@.-])(?:[\w-]++\.)++(?:(?:com|org|net|edu|gov)(?:\.[a-z]{2})?|info|io|co\.uk|nhs\.uk|ac\.uk|co\.in)\b(?:/\S*+)?"
    r"|(?<!\w)@\w{2,}+",
    re.IGNORECASE,
)

_BETWEEN = r"[\s.()\-‐-―]{0,3}"
_RANGE = rf"(?:\d{{3}}|(?:19|20)\d\d)\s?[-–]\s?(?:\d{{3}}|(?:19|20)\d\d)(?!{_BETWEEN}\d)"  # 300-500 m, 2025-2026
_DIGITS = re.compile(rf"(?<!\d)(?!{_RANGE})\+?\(?\d(?:{_BETWEEN}\d){{5,}}")
_TAX_NUMBER = re.compile(r"\b[a-z]{5}\d{4}[a-z]\b", re.IGNORECASE)  # India's PAN
_SIX_DIGITS = re.compile(r"(?:\d\D*+){6}")

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|জানুয়ারি|ফেব্রুয়ারি|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_GAP = r"[\s.,/\-]{0,3}"
_YEAR = r"(?:\d{4}|['’]?\d{2})"
_DASH = r"\s?[/.\-]\s?"
_NUMERIC_DATE = rf"(?:\d{{4}}{_DASH}\d\d?{_DASH}\d\d?|\d\d?{_DASH}\d\d?{_DASH}(?:\d{{4}}|\d{{2}}))(?![/.\-]?\d)"
_WRITTEN_DATE = rf"{_DAY}{_GAP}(?:of\s)?{_MONTH}{_GAP}{_YEAR}(?!\d)|{_MONTH}{_GAP}{_DAY}{_GAP}\d{{4}}(?!\d)"
_DATE = re.compile(rf"(?<!\d)(?<!\d[/.\-])(?:{_NUMERIC_DATE}|{_WRITTEN_DATE})", re.IGNORECASE)
_BORN = re.compile(
    r"(?P<before>(?:\bborn|\bd\.?o\.?b\b\.?|\bdate of birth|\bbirth\s?da(?:y|te)|জন্ম(?:\s?তারিখ)?|जन्म(?:\s?तिथि)?)"
    r"(?:\s?(?:on|in|is|was|the|[:=\-])){0,3}\s{0,3})"
    rf"(?:{_NUMERIC_DATE}|{_DAY}{_GAP}(?:of\s)?{_MONTH}\b|{_MONTH}{_GAP}\d{{4}}|{_MONTH}{_GAP}{_DAY}|\d{{4}}(?!\d))",
    re.IGNORECASE,
)

# A word of a name: letters of any script with their marks, hyphens, apostrophes. `\w` would break Bangla's vowel signs.
_STOPS = (
    r"and|i|im|i'm|i’m|my|me|from|but|with|have|has|had|is|am|are|was|who|age|aged|here|speaking|calling|the|a|an|in|at"
    r"|on|of|to|for|so|can|what|how|why|when|where|do|does|should|not|because|আমি|আমার|এবং|ও|হল|হলো|থেকে|है|और|मैं|मेरा|मेरी"
)
_LETTERS = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09d7]|['’.-](?=\w))*+"
_WORD = rf"(?!(?:{_STOPS})(?![^\W\d_]|['’]))(?i:{_LETTERS})"
_BIG_WORD = rf"(?=[A-Z]){_LETTERS}"
_TITLE = r"(?:mr|mrs|ms|miss|mx|dr|doctor|prof|professor|md|mohd|smt|shri|sri|sir|begum|জনাব|ডা|ড|श्री|डॉ)\b\.?\s{1,3}"
_SAID_NAME = re.compile(
    r"(?P<before>(?:\bmy\s(?:full\s|first\s|last\s)?name(?:\s?is|['’]?s|\s?[:=])|\bi(?:\sam|['’]?m)\scalled|\bname\s?[:=]"
    r"|\b(?:amar|mera)\s(?:naam|nam|name)|আমার\sনাম|मेरा\sनाम)\s{0,3})"
    rf"{_WORD}(?:\s{{1,2}}{_WORD}){{0,2}}",
    re.IGNORECASE,
)
_SPEAKING = re.compile(
    rf"(?P<before>\bthis\sis\s){_WORD}(?:\s{_WORD}){{0,2}}(?=\s(?:speaking|calling|on\sthe\s(?:line|phone))\b)",
    re.IGNORECASE,
)
_HERE = re.compile(rf"(?P<before>\b[Tt]his\sis\s){_BIG_WORD}(?:\s{_BIG_WORD}){{0,2}}(?=,?\s(?:here|from)\b)")
_I_AM_TITLE = re.compile(rf"(?P<before>\b(?:i\sam|i['’]?m|this\sis)\s(?:{_TITLE})){_WORD}(?:\s{_WORD})?", re.IGNORECASE)
_TITLED = re.compile(rf"(?P<before>\b(?i:{_TITLE})){_BIG_WORD}(?:\s{_BIG_WORD}){{0,2}}")

_BEFORE_PHONES = ((_LINK, LINK), (_EMAIL, EMAIL), (_BORN, DATE), (_DATE, DATE))
_AFTER_PHONES = (
    (_DIGITS, NUMBER),
    (_TAX_NUMBER, NUMBER),
    *((names, NAME) for names in (_SAID_NAME, _SPEAKING, _HERE, _I_AM_TITLE, _TITLED)),
)


def redact(text: str) -> str:
    """``text`` with a word in brackets for each of these; redacted again, it stays as it is.

    >>> redact("I'm Dr Rahman, call 01712-345678. Is 400 mg fine after 10 km?")
    "I'm Dr [name], call [phone]. Is 400 mg fine after 10 km?"
    """
    while (redacted := _redact_once(text)) != text:
        text = redacted
    return text


def _redact_once(text: str) -> str:
    for pattern, word in _BEFORE_PHONES:
        text = _put(word, pattern, text)
    text = _without_phones(text)
    for pattern, word in _AFTER_PHONES:
        text = _put(word, pattern, text)
    return text


def _put(word: str, pattern: re.Pattern[str], text: str) -> str:
    """``word`` for what ``pattern`` finds, but for what it calls ``before``."""
    return pattern.sub(lambda found: (found.groupdict().get("before") or "") + word, text)


def _without_phones(text: str) -> str:
    if not _SIX_DIGITS.search(text):  # most questions
        return text
    parts, end = [], 0
    for start, stop in _united(sorted(_phones(text))):
        parts += [text[end:start], PHONE]
        end = stop
    return "".join([*parts, text[end:]])


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for region in REGIONS:
        yield from ((found.start, found.end) for found in PhoneNumberMatcher(text, region, max_tries=MAX_TRIES))


def _united(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches that overlap, as one; ``spans`` are sorted."""
    start = stop = -1
    for next_start, next_stop in spans:
        if next_start >= stop:
            if stop > start:
                yield start, stop
            start, stop = next_start, next_stop
        stop = max(stop, next_stop)
    if stop > start:
        yield start, stop
