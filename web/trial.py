"""A change of one content file, tried out before it is made: the checks of a hand edit, and which answers change.

Knows nothing of how a change comes about, nor of publishing it (`web.publishing`). Nothing is written here: the content
is loaded as if the file held the change.
"""

import difflib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot import checking, measures
from bot.answering import Answerer
from bot.corpus import load_corpus
from bot.errors import CitewellError, CorpusError, FileError, JudgedError
from bot.judged import JudgedQuestion, load_judged
from bot.model import AnswerKind, Corpus, Raised, SafetyTest
from bot.rehearsal import Outcome
from bot.safety import Safety
from web.inputs import MAX_CONTEXT, check_text

QUESTIONS = "questions.jsonl"
"""Judged questions that belong to the content; may be missing."""

WRONG = "With this change the content cannot be loaded."
WRONG_ALREADY = "The content has a mistake already, so nothing can be published."
UNREADABLE = "The folder with the content cannot be read."
UNSAFE = "With this change a safety test fails, so it cannot be published."

_Raising = Callable[[SafetyTest], tuple[Raised, ...]]
_LINE = re.compile(r":[0-9]+: ")


class Failed(CitewellError):  # noqa: N818 - says what happened
    """The changed content must not be published; says why, in words for an editor."""

    def __init__(self, said: str, details: Iterable[str] = ()) -> None:
        super().__init__(said)
        self.details = tuple(details)
        """A line for each thing that is wrong."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A file of the content's folder, and its bytes before and after."""

    file: str
    before: bytes
    after: bytes

    @property
    def held(self) -> Mapping[str, bytes]:
        """What the file will hold, as `bot.corpus.load_corpus` takes it."""
        return {self.file: self.after}

    @property
    def diff(self) -> tuple[str, ...]:
        """The change line by line, each with its sign: the unified format, without line ends."""
        old, new = (
            content.decode().replace("\r\n", "\n").removesuffix("\n").split("\n")
            for content in (self.before, self.after)
        )
        return tuple(difflib.unified_diff(old, new, self.file, self.file, lineterm=""))


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question gets: a passage where ``kind`` is "answer"; ``rule`` is that of the first safety message."""

    kind: AnswerKind
    passage_id: str | None
    rule: str | None


Asked = Mapping[tuple[str, ...], Reply]
"""What each question gets; the messages before it stand before it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that gets something else than before."""

    question: str
    before: Reply
    after: Reply


@dataclass(frozen=True, slots=True)
class Rights:
    """Of ``judged`` questions, how many get what they should that did not before, and the other way round."""

    judged: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What an edit does. ``version`` names exactly the content that would be served.

    ``warnings`` are those that there were not before. ``other_edits`` says that the folder has more changes that are
    not served yet.
    """

    edit: Edit
    version: str
    warnings: tuple[str, ...]
    other_edits: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """Which answers an edit changes, of how many questions that were ``asked``.

    ``itself`` is what it does to the question that it is made for; ``problem`` says why judged questions were left out.
    """

    itself: Changed
    asked: int
    changed: tuple[Changed, ...]
    rights: Rights | None
    problem: str | None


def tried(folder: Path, edit: Edit, served: Answerer, today: date) -> tuple[Trial, Answerer]:
    """The checks of a hand edit, and the answerer of the changed content.

    Raises `Failed` for content that cannot be loaded, and where a safety test fails that does not with ``served``.
    """
    before = _loaded(folder, {}, WRONG_ALREADY)
    answerer = Answerer(_loaded(folder, edit.held, WRONG))
    _test_safety(served, answerer, folder)
    warnings = tuple(_new_warnings(served, answerer, folder, today))
    other_edits = before.version != served.corpus.version
    return Trial(edit, answerer.corpus.version, warnings, other_edits), answerer


def version_after(folder: Path, edit: Edit) -> str:
    """The version of the content with this edit. Raises `Failed` where it cannot be loaded."""
    return _loaded(folder, edit.held, WRONG).version


def refuse_wrong(folder: Path) -> None:
    """Raise `Failed` for content that cannot be loaded as it stands."""
    _loaded(folder, {}, WRONG_ALREADY)


def said(error: FileError) -> str:
    """The error with the name of the file alone: an editor need not know where the server keeps it."""
    return str(error).replace(str(error.path), error.path.name)


def _loaded(folder: Path, held: Mapping[str, bytes], otherwise: str) -> Corpus:
    """The content; raises `Failed` that says ``otherwise`` and what is wrong."""
    try:
        return load_corpus(folder, edited=held)
    except CorpusError as error:
        raise Failed(otherwise, [said(error)]) from None
    except OSError as error:
        raise Failed(UNREADABLE, [os.strerror(error.errno or 0)]) from None


# ---- safety


def _test_safety(served: Answerer, changed: Answerer, folder: Path) -> None:
    """As ``citewell check`` does, the clinic's own tests by the rules alone; and as visitors are met, by all there is.

    What people ask of a passage is an example of what is not urgent: a new way to ask could make a message lose its
    card even though no rule changed.
    """
    tests = [test for test in changed.corpus.safety_tests if test.path.is_relative_to(folder)]
    failing = _newly_failing(served.raised_by_test, changed.raised_by_test, tests)
    old, new = served.corpus.safety, changed.corpus.safety
    if old and new and not old.say_the_same_as(new):  # the same rules alone say what they said
        by_rules = _newly_failing(Safety(old).raised_by_test, Safety(new).raised_by_test, tests)
        failing += [one for one in by_rules if not one.test.gap]
    if failing:
        raise Failed(UNSAFE, [str(one).replace(f"{folder}/", "") for one in failing])


def _newly_failing(before: _Raising, after: _Raising, tests: Sequence[SafetyTest]) -> list[Outcome]:
    failing = [one for test in tests if not (one := Outcome(test, after(test))).passed]
    return [one for one in failing if Outcome(one.test, before(one.test)).passed]


def _new_warnings(served: Answerer, changed: Answerer, folder: Path, today: date) -> Iterator[str]:
    """Those of ``changed``, with the file's name alone; one whose line only moved is none."""
    old = {_LINE.sub(": ", warning) for warning in checking.warnings(served, (), today)}
    for warning in checking.warnings(changed, (), today):
        if _LINE.sub(": ", warning) not in old:
            yield warning.replace(f"{folder}/", "")


# ---- which answers change


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """What is asked before and after: each question once, the messages before it standing before it.

    ``problem`` says what is wrong with the judged questions, which are left out then.
    """

    messages: tuple[tuple[str, ...], ...]
    judged: tuple[JudgedQuestion, ...]
    problem: str | None


def question_set(folder: Path, changed: Answerer, kept: Iterable[str]) -> QuestionSet:
    """The judged questions, what is not covered, all headings, and the questions ``kept`` in the journal."""
    judged, problem = _judged(folder / QUESTIONS, changed)
    messages = [(*one.context, one.question) for one in judged]
    messages += [(question,) for topic in changed.corpus.not_covered for question in topic.questions]
    messages += [(passage.title,) for passage in changed.passages]
    messages += [(question,) for question in kept]
    return QuestionSet(tuple(dict.fromkeys(messages)), judged, problem)


def asked(answerer: Answerer, questions: QuestionSet, known: Asked | None = None) -> Asked:
    """What each question gets; those that are ``known`` are not asked again."""
    known = known or {}
    return {one: known.get(one) or reply(answerer, one) for one in questions.messages}


def effect(question: str, questions: QuestionSet, before: Asked, after: Asked) -> Effect:
    """What changes for ``question``, which is one of ``questions``, and for the others."""
    others = [one for one in questions.messages if one != (question,)]
    return Effect(
        itself=Changed(question, before[question,], after[question,]),
        asked=len(questions.messages),
        changed=tuple(Changed(one[-1], before[one], after[one]) for one in others if before[one] != after[one]),
        rights=_rights(questions.judged, before, after) if questions.judged else None,
        problem=questions.problem,
    )


def _judged(path: Path, answerer: Answerer) -> tuple[tuple[JudgedQuestion, ...], str | None]:
    """The judged questions, none where there is no such file; and what is wrong with them."""
    if not path.exists():
        return (), None
    passage_ids = {passage.passage_id for passage in answerer.passages}
    try:
        return load_judged([path], passage_ids=passage_ids, check=check_text, max_context=MAX_CONTEXT), None
    except JudgedError as error:
        return (), said(error)


def reply(answerer: Answerer, messages: tuple[str, ...]) -> Reply:
    """What ``answerer`` says to the last of ``messages`` after those before it."""
    answer = answerer.answer(messages[-1], context=messages[:-1])
    return Reply(
        answer.kind,
        answer.passage.id if answer.passage else None,
        answer.alert.rule if answer.alert else None,
    )


def _rights(judged: Iterable[JudgedQuestion], before: Asked, after: Asked) -> Rights:
    pairs = [(_is_right(one, before), _is_right(one, after)) for one in judged]
    return Rights(
        judged=len(pairs),
        gained=sum(now and not earlier for earlier, now in pairs),
        lost=sum(earlier and not now for earlier, now in pairs),
    )


def _is_right(judged: JudgedQuestion, replies: Asked) -> bool:
    passage_id = replies[(*judged.context, judged.question)].passage_id
    answered = judged.gold.get(passage_id, 0) if passage_id else None
    return measures.right_action(answered, answerable=bool(judged.gold))
