"""What people are told about what is kept of what they type, made from the settings. Knows `bot.wording` only.

`web.journal` does what is said here; a test holds the two together.
"""

from typing import Literal

from bot import wording

Kept = Literal["off", "counts", "questions"]
"""What is kept of questions: nothing; which answer was shown, without words; questions, too, redacted."""

_BANGLA_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


def privacy(kept: Kept, days: int, language: str | None) -> str:
    """Beside every field that a visitor types into.

    >>> privacy("off", 30, "en")
    'Please do not type names, phone numbers or other people’s details. We do not keep what you type.'
    """
    return _said(
        {"off": wording.PRIVACY, "counts": wording.PRIVACY_COUNTS, "questions": wording.PRIVACY_QUESTIONS}[kept],
        days,
        language,
    )


def scope(kept: Kept, language: str | None) -> str:
    """What this is, and who reads what is typed."""
    return wording.said(wording.SCOPE_READ if kept == "questions" else wording.SCOPE, language)


def comment_hint(kept: Kept, days: int, language: str | None) -> str | None:
    """Beside the field for a comment; ``None`` where comments are not kept, so that nobody is asked for one."""
    return _said(wording.COMMENT_HINT, days, language) if kept == "questions" else None


def desk_line(kept: Kept, days: int, language: str | None = None) -> str:
    """Beside the field at the desk: what is kept of a look-up, and what Alt+N keeps."""
    return _said(
        {"off": wording.DESK_OFF, "counts": wording.DESK_COUNTS, "questions": wording.DESK_QUESTIONS}[kept],
        days,
        language,
    )


def _said(sentence: str, days: int, language: str | None) -> str:
    """``sentence`` in ``language`` with how long words are kept."""
    translated = wording.said(sentence, language)
    if translated == sentence:
        return sentence.format(days="1 day" if days == 1 else f"{days} days")
    return translated.format(days=str(days).translate(_BANGLA_DIGITS) + " দিন")
