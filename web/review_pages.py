"""What editors see and do in the review: numbers, open questions, what would change, what was decided.

A question stands in no address: a group is named by the random id of one of its turns. Nothing is published but by the
button under the page that shows what would change.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from flask import Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.answering import Answerer
from bot.editing import without_unseen
from bot.quoting import snippet, source_url
from web import decisions
from web.charts import SORTS, charts
from web.clock import today
from web.content import Content
from web.database import Database
from web.decisions import MARKS, Decision, Table
from web.inputs import check_text, normalized
from web.journal import Journal
from web.problems import DESK
from web.publishing import Build, Outdated, Proposal, Publisher
from web.questions import OpenGroup, Queue, group_with
from web.security import with_widget
from web.spreadsheet import BYTE_ORDER_MARK, csv_line
from web.statistics import PERIODS, statistics
from web.trial import Failed, reply

PAGE = 20
"""Groups on a page."""

CANDIDATES = 5
"""Passages that are offered for a question."""

MOST_ASKED = 1000
"""Questions of the journal, the newest, that are asked before a change and after it; chosen: it takes seconds."""

DECIDED = "This question is not on the list any more: somebody has decided about it, or its time is over."
NOT_SHOWN = "It is not known which questions you were shown, so nothing was decided. Please open the question again."
ADDED = "Published. From now on visitors get what you were shown."
NOTED = "Noted."
TAKEN_BACK = "Undone. The questions are on the list again."
LINE_GONE = "Undone. The line was not in the file any more, so the file stays as it is."
NOTES = {"added": ADDED, "noted": NOTED, "undone": TAKEN_BACK, "gone": LINE_GONE}

CHANNELS = {
    "widget": "In the chat on a website",
    "page": "On the page of questions",
    "api": "By another program",
    "desk": "By another program, for the desk",
}
_ALL = "all"
_PERIODS = (*((str(days), f"{days} days") for days in PERIODS), (_ALL, "All"))
_USUAL = "30"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read a passage."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, and how sure Citewell is of it, in words."""

    id: str
    title: str
    sure: str
    text: str


class Pages:
    """What is at each address."""

    def __init__(self, content: Content, folder: Path, journal: Journal, database: Database, *, build: Build) -> None:
        self._content = content
        self._journal = journal
        self._database = database
        self._folder = folder
        self._publisher = Publisher(content, database, folder, build=build)
        self._queue = Queue()

    def show(self, name: str, **values: str | int) -> AnyResponse:
        """The page of that name, of those below; where a change cannot be made, the one that says why."""
        try:
            page: AnyResponse = getattr(self, name)(**values)
        except Failed as error:
            return self._failed(error)
        return page

    # ---- numbers

    def numbers(self) -> Response:
        """Charts and tables of a period."""
        period = request.args.get("days", _USUAL)
        if period not in dict(_PERIODS):
            abort(404)
        with self._database.begin(reading=True) as connection:
            found = statistics(connection, today=today(), days=None if period == _ALL else int(period))
        return self._page(
            "numbers.html",
            statistics=found,
            charts=charts(found),
            periods=_PERIODS,
            period=period,
            sorts=SORTS,
            channels=CHANNELS,
        )

    def export(self) -> Response:
        """The numbers of each day, or the questions that are kept, for a spreadsheet."""
        table = next((one for one in get_args(Table) if one == request.args.get("table")), None)
        if table is None or (table == "questions" and not self._may_read):
            abort(404)
        with self._database.begin(reading=True) as connection:
            columns, rows = decisions.exported(connection, table)
            lines = [csv_line(row) for row in (columns, *rows)]
        name = f'attachment; filename="citewell-{table}-{today()}.csv"'
        headers = {"Content-Disposition": name}
        body = BYTE_ORDER_MARK + "".join(f"{line}\n" for line in lines)
        return Response(body, content_type="text/csv; charset=utf-8", headers=headers)

    # ---- open questions

    def questions(self) -> Response:
        """The groups, some on each page."""
        found = self._groups()
        pages = max(1, -(-len(found) // PAGE))
        number = request.args.get("page", 1, int)
        if not 1 <= number <= pages:
            abort(404)
        start = (number - 1) * PAGE
        groups = found[start : start + PAGE]
        return self._page("questions.html", groups=groups, page=number, pages=pages, start=start + 1)

    def group(self, turn_id: str) -> Response:
        """One group, and what can be done about it."""
        found, answerer = self._group(turn_id), self._answerer
        return self._page(
            "group.html",
            group=found,
            suggested=without_unseen(found.question),
            now=reply(answerer, (found.question,)),
            candidates=_candidates(answerer, found.question),
            passages=answerer.passages,
            writable=os.access(self._folder, os.W_OK),
        )

    def rehearse(self, turn_id: str) -> Response:
        """What a new way to ask would change."""
        found = self._group(turn_id)
        _shown(found)
        return self._rehearsal(found, _proposal())

    def publish(self, turn_id: str) -> AnyResponse:
        """Publish what a rehearsal showed; where that is not what would happen any more, show it anew."""
        found, proposal, version = self._group(turn_id), _proposal(), request.form.get("version", "")
        try:
            self._publisher.publish(proposal, version=version, by=g.staff.name, turn_ids=_shown(found))
        except Outdated as error:
            return self._rehearsal(found, proposal, note=str(error))
        return _to_decisions("added")

    # ---- decisions

    def decide(self, turn_id: str) -> AnyResponse:
        """Take a group off the list."""
        action = next((one for one in MARKS if one == request.form.get("action")), None)
        if action is None:
            abort(400)
        turn_ids = _shown(self._group(turn_id))
        with self._database.begin() as connection:
            decisions.keep(connection, Decision(day=today(), action=action, by=g.staff.name), turn_ids)
        return _to_decisions("noted")

    def decisions(self) -> Response:
        """All that hold."""
        with self._database.begin(reading=True) as connection:
            found = tuple(decisions.decided(connection))
        if not self._may_read:
            found = tuple(one.without_words() for one in found)
        return self._page("decisions.html", decided=found, note=NOTES.get(request.args.get("note", "")))

    def undo(self, decision_id: int) -> AnyResponse:
        """Take a decision back."""
        return _to_decisions("undone" if self._publisher.undo(decision_id) else "gone")

    def _failed(self, error: Failed) -> Response:
        """Why nothing was done."""
        turn_id = None if str(error) == DECIDED else (request.view_args or {}).get("turn_id")
        return self._page("refused.html", 409, said=str(error), details=error.details, turn_id=turn_id)

    # ---- what they share

    @property
    def _answerer(self) -> Answerer:
        return self._content.current.answerer

    @property
    def _may_read(self) -> bool:
        """Whether words may be read; those from before the setting was changed may not, though still there."""
        return self._journal.kept == "questions"

    def _groups(self) -> Sequence[OpenGroup]:
        if not self._may_read:
            return ()
        with self._database.begin(reading=True) as connection:
            turns = decisions.open_turns(connection)
        return self._queue.groups(self._answerer, turns)

    def _group(self, turn_id: str) -> OpenGroup:
        found = group_with(self._groups(), turn_id)
        if found is None:
            raise Failed(DECIDED)
        return found

    def _rehearsal(self, group: OpenGroup, proposal: Proposal, note: str | None = None) -> Response:
        with self._database.begin(reading=True) as connection:
            kept = decisions.kept_questions(connection, MOST_ASKED)
        rehearsal = self._publisher.rehearse(proposal, kept)
        status, shown = 409 if note else 200, " ".join(_shown(group))
        return self._page("rehearsal.html", status, group=group, rehearsal=rehearsal, shown=shown, note=note)

    def _page(self, template: str, status: int = 200, /, **values: object) -> Response:
        page = render_template(
            f"desk/{template}",
            kept=self._journal.kept,
            days=self._journal.days,
            staff=g.staff,
            console=DESK,
            places=_places(self._answerer),
            broken=self._content.notice,
            **values,
        )
        response = with_widget(page)
        response.status_code = status
        return response


def _to_decisions(note: str) -> AnyResponse:
    return redirect(url_for("review.decisions", note=note), 303)


def _proposal() -> Proposal:
    """What the form proposes; raises `Failed` for words that no visitor could send."""
    phrasing = " ".join(normalized(request.form.get("phrasing", "")).split())
    if wrong := check_text(phrasing):
        message = f"The way to ask {wrong}."
        raise Failed(message)
    return Proposal(phrasing, request.form.get("passage") or request.form.get("other", ""))


def _shown(group: OpenGroup) -> tuple[str, ...]:
    """The turns of ``group`` that the form's page had: one that came in since was not looked at, and stays open."""
    shown = frozenset(request.form.get("shown", "").split())
    turn_ids = tuple(turn_id for turn_id in group.turn_ids if turn_id in shown)
    if not turn_ids:
        raise Failed(NOT_SHOWN)
    return turn_ids


def _places(answerer: Answerer) -> Mapping[str, Place]:
    documents = {document.doc_id: document for document in answerer.corpus.documents}
    return {
        passage.passage_id: Place(passage.title, source_url(passage, documents[passage.doc_id]))
        for passage in answerer.passages
    }


def _candidates(answerer: Answerer, question: str) -> Sequence[Candidate]:
    return [
        Candidate(row.id, row.title, row.certainty, snippet(row.text))
        for row in answerer.look_up(question, limit=CANDIDATES).rows
    ]
