"""Lists of questions by topic: what questions about something else sound like.

Floor 2: knows `errors`, `model`, `textfile` and `versions`.

A list has one question a line; a line that starts with ``#`` names the topic of those that follow.
"""

from importlib.resources import files
from pathlib import Path

from bot import versions
from bot.errors import CorpusError
from bot.model import Topic
from bot.textfile import read_text

FILE = versions.NOT_COVERED
MAX_QUESTION = 500
"""The longest line, in code points: nobody can ask more."""

_BUNDLED = "off_topic.txt"
_UNNAMED = "other"


def load_not_covered(folder: Path) -> tuple[Topic, ...]:
    """What the clinic says its content does not answer: ``not-covered.txt`` in ``folder``, none without such a file.

    Raises `CorpusError` for a file that is no text and for a line that is too long.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    text = read_text(path)
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line.strip()) > MAX_QUESTION:
            raise CorpusError(path, number, f"{len(line.strip())} characters", f"a question of at most {MAX_QUESTION}")
    return topics_in(text)


def topics_elsewhere(language: str) -> tuple[Topic, ...]:
    """Some 500 questions to a clinic that a typical article does not answer; in English only, none for others."""
    if language.partition("-")[0].lower() != "en":
        return ()
    return topics_in(files("bot").joinpath(_BUNDLED).read_text("utf-8"))


def topics_in(text: str) -> tuple[Topic, ...]:
    r"""The topics of a list, in its order; blank lines count nothing, and neither does a topic without questions.

    >>> topics_in("# fees\nhow much is it\n\n# hours")
    (Topic(name='fees', questions=('how much is it',)),)
    """
    topics: dict[str, list[str]] = {}
    name = _UNNAMED
    for line in map(str.strip, text.splitlines()):
        if line.startswith("#"):
            name = line.lstrip("# ") or _UNNAMED
        elif line:
            topics.setdefault(name, []).append(line)
    return tuple(Topic(name, tuple(questions)) for name, questions in topics.items())
