"""A new way to ask, published and undone: in the content's file, in what is served, in the list of decisions.

The file is put back where a later step fails. One change is made at a time, in all processes that share the folder.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TypeVar

import bot
from bot.answering import Answerer
from bot.corpus import document_path
from bot.editing import with_way_to_ask, without_way_to_ask
from bot.errors import CorpusError, PhrasingError
from bot.model import Passage
from web import decisions, trial
from web.clock import today as today_here
from web.content import Content, told
from web.database import Database
from web.decisions import Decision
from web.prepared import Interrupted
from web.trial import Asked, Edit, Effect, Failed, QuestionSet, Trial
from web.writing import NotWritten, locked, replace

BUSY = (
    "Another change is being checked or published, perhaps the one that you sent just now. "
    "Please look at the decisions in a minute, and try again if it is not there."
)
CHANGED = "The content was changed meanwhile. Please look at the change again before you publish it."
URGENT = (
    "These words raise a safety message. What is urgent must never become a way to ask for a passage, "
    "so this cannot be added."
)
NOT_ADDED = "This cannot be added as a way to ask."
NO_PASSAGE = "This passage is not in the content any more."
NOT_LOADED = "The changed content could not be loaded, so nothing was changed. Please try again."
NOT_READ = "The file of the content cannot be read."
TEXT_GONE = "The words of this decision were deleted when their time was over. Take the line out of the file by hand."
UNDONE_ALREADY = "This decision is not there any more."

_REMEMBERED = 32  # contents that passed: more than people look at at a time

_LOG = logging.getLogger(__name__)

Kept = TypeVar("Kept")

Build = Callable[[Path], Answerer]


class Outdated(Failed):
    """What was shown is not what would happen any more."""

    def __init__(self, details: Sequence[str] = ()) -> None:
        super().__init__(CHANGED, details)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question that is to become a way to ask for a passage."""

    phrasing: str
    passage_id: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What publishing ``proposal`` would do; nothing is done yet."""

    proposal: Proposal
    passage: Passage
    trial: Trial
    effect: Effect


class Publisher:
    """Makes changes of the content in ``folder`` that ``content`` serves."""

    def __init__(
        self,
        content: Content,
        database: Database,
        folder: Path,
        *,
        build: Build = bot.build,
        today: Callable[[], date] = today_here,
    ) -> None:
        """``build`` makes an answerer of the content in ``folder``."""
        self._content = content
        self._database = database
        self._folder = folder
        self._build = build
        self._today = today
        self._one = Lock()
        self._passed: dict[str, None] = {}
        """Versions of the content that passed all checks here, oldest first."""
        self._asked: tuple[str, Asked] = ("", {})
        """A version of the content, and what it says to each question: it need not be asked for each change."""

    def rehearse(self, proposal: Proposal, kept: Sequence[str]) -> Rehearsal:
        """What publishing would change, also of the journal's questions ``kept``. Raises `Failed`."""
        with self._alone():
            served = self._content.current.answerer
            passage = _allowed(proposal, served)
            edit = self._added(proposal, passage)
            found, changed = trial.tried(self._folder, edit, served, self._today())
            self._remember(found.version)
            kept = (proposal.phrasing, *kept)
            questions = trial.question_set(self._folder, changed, kept)
            before = self._before(served, questions, kept)
            effect = trial.effect(proposal.phrasing, questions, before, trial.asked(changed, questions))
            return Rehearsal(proposal, passage, found, effect)

    def publish(self, proposal: Proposal, *, version: str, by: str, turn_ids: Sequence[str]) -> int:
        """Publish what a rehearsal showed, ``version`` being that of its trial; the decision's number.

        Raises `Failed`, with nothing changed, where the outcome would be another, and `Unavailable`, with nothing
        changed, where the decision cannot be kept.
        """
        with self._alone():
            served = self._content.current.answerer
            edit = self._added(proposal, _allowed(proposal, served))
            self._check(edit, served, version)
            decision = Decision(
                day=self._today(),
                action="phrasing",
                by=by,
                passage_id=proposal.passage_id,
                file=edit.file,
                phrasing=proposal.phrasing,
            )
            return self._carry_out(edit, version, lambda: self._keep(decision, turn_ids))

    def undo(self, decision_id: int) -> bool:
        """Take a decision back; ``False`` where its line was no longer there. Raises as `publish` does."""
        decision = self._decision(decision_id)
        if decision.action != "phrasing":
            self._take_back(decision_id)
            return True
        with self._alone():
            edit = self._removed(decision)
            if edit is None:
                self._take_back(decision_id)
                return False
            found, _ = trial.tried(self._folder, edit, self._content.current.answerer, self._today())
            self._carry_out(edit, found.version, lambda: self._take_back(decision_id))
            return True

    # ---- decisions

    def _keep(self, decision: Decision, turn_ids: Sequence[str]) -> int:
        with self._database.begin() as connection:
            return decisions.keep(connection, decision, turn_ids)

    def _take_back(self, decision_id: int) -> None:
        with self._database.begin() as connection:
            decisions.take_back(connection, decision_id)

    def _decision(self, decision_id: int) -> Decision:
        with self._database.begin(reading=True) as connection:
            decision = decisions.decision(connection, decision_id)
        if decision is None or decision.undone:
            raise Failed(UNDONE_ALREADY)
        return decision

    # ---- the change

    def _added(self, proposal: Proposal, passage: Passage) -> Edit:
        path, before = self._file(passage.doc_id)
        anchor, corpus = _anchor(passage.passage_id), self._content.current.answerer.corpus
        try:
            after = with_way_to_ask(before.decode(), path, anchor, proposal.phrasing, corpus=corpus)
        except UnicodeDecodeError:
            raise Failed(trial.WRONG_ALREADY) from None
        except PhrasingError as error:
            raise Failed(NOT_ADDED, [str(error)]) from None
        except CorpusError as error:
            raise Failed(NOT_ADDED, [trial.said(error)]) from None
        return Edit(path.name, before, after.encode())

    def _removed(self, decision: Decision) -> Edit | None:
        """The change that takes the line out; ``None`` where it is there no more."""
        if decision.phrasing is None or decision.passage_id is None:
            raise Failed(TEXT_GONE)
        path, before = self._file(decision.passage_id.partition("#")[0])
        try:
            after = without_way_to_ask(before.decode(), path, _anchor(decision.passage_id), decision.phrasing)
        except UnicodeDecodeError:
            raise Failed(trial.WRONG_ALREADY) from None
        except (PhrasingError, CorpusError):
            trial.refuse_wrong(self._folder)  # where it can be loaded, only the line is missing
            return None
        return Edit(path.name, before, after.encode())

    def _file(self, doc_id: str) -> tuple[Path, bytes]:
        try:
            path = document_path(self._folder, doc_id)
            if path is None:
                raise Failed(NO_PASSAGE)
            return path, path.read_bytes()
        except OSError as error:
            raise Failed(NOT_READ, [str(error.strerror)]) from None

    # ---- checks and effects

    def _check(self, edit: Edit, served: Answerer, version: str) -> None:
        """All checks, unless exactly this content has passed them here; `Failed` where it is not what was shown."""
        if trial.version_after(self._folder, edit) != version:
            raise Outdated
        if version not in self._passed:
            trial.tried(self._folder, edit, served, self._today())
            self._remember(version)

    def _remember(self, version: str) -> None:
        self._passed[version] = None
        while len(self._passed) > _REMEMBERED:
            del self._passed[next(iter(self._passed))]

    def _before(self, served: Answerer, questions: QuestionSet, kept: Sequence[str]) -> Asked:
        """What is served now says to each question; the content's own are asked once for each state of it.

        Replies to those that are ``kept`` are not remembered: their words have a time after which they are gone.
        """
        version, known = self._asked
        replies = trial.asked(served, questions, known if version == served.corpus.version else {})
        own = {one: reply for one, reply in replies.items() if one[-1] not in kept}
        self._asked = served.corpus.version, own
        return replies

    def _carry_out(self, edit: Edit, version: str, write_down: Callable[[], Kept]) -> Kept:
        """Write the file, serve what stands in the folder then; the file is put back where anything fails.

        In a thread that Python waits for before it ends, unlike those that answer: a process that is told to end ends
        this first, so that nothing stands in the content that no decision tells of.
        """
        with ThreadPoolExecutor(1) as waited_for:
            return waited_for.submit(self._change, edit, version, write_down).result()

    def _change(self, edit: Edit, version: str, write_down: Callable[[], Kept]) -> Kept:
        path = self._folder / edit.file
        replace(path, edit.before, edit.after)
        try:
            answerer = self._built()
            if answerer.corpus.version != version:
                raise Outdated
            kept = write_down()
        except BaseException:
            with suppress(NotWritten):  # raised where somebody has written there since: theirs stays
                replace(path, edit.after, edit.before)
            raise
        self._content.swap(answerer)
        _LOG.info("An editor changed the content in the review: %s.", told(answerer))
        return kept

    def _built(self) -> Answerer:
        try:
            return self._build(self._folder)
        except Interrupted as error:
            raise Failed(NOT_LOADED, [trial.said(error)]) from None
        except CorpusError as error:
            raise Outdated([trial.said(error)]) from None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One change at a time: in this process, and in all that share the folder."""
        if not self._one.acquire(blocking=False):
            raise Failed(BUSY)
        try:
            with locked(self._folder) as got:
                if not got:
                    raise Failed(BUSY)
                yield
        except NotWritten as error:
            raise Failed(str(error)) from None
        finally:
            self._one.release()


def _allowed(proposal: Proposal, served: Answerer) -> Passage:
    """The passage that the proposal is for."""
    passage = next((one for one in served.passages if one.passage_id == proposal.passage_id), None)
    if passage is None:
        raise Failed(NO_PASSAGE)
    if served.raised(proposal.phrasing):
        raise Failed(URGENT)
    return passage


def _anchor(passage_id: str) -> str:
    """The anchor of the section; parts of a long one have a number behind it."""
    return passage_id.partition("#")[2].partition("~")[0]
