"""A question becomes an `Answer`. Floor 5: knows everything below it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from bot import cards, quoting, showing, wording
from bot.analysis import Analyzer, highlights
from bot.conversation import FollowUpReader
from bot.grouping import Group, group
from bot.index import Index, known_questions
from bot.judging import Judge
from bot.looking_up import Desk, DeskRow, LookUp, further_down
from bot.model import (
    Corpus,
    Finding,
    FixedWording,
    Hit,
    Judgment,
    Passage,
    Raised,
    SafetyTest,
    Topic,
)
from bot.passages import passages_of
from bot.personal import PersonalQuestions
from bot.quoting import SOURCES
from bot.reading import QuestionReader
from bot.reply import Alert, Answer, Contact, FoundPassage, HelpLink
from bot.safety import Safety
from bot.suggesting import Suggester
from bot.topics import topics_elsewhere

HELP_DOCUMENT = "when-to-get-help"
"""The document behind "Signs you need help now"; a corpus without it has no such link."""

_IN_ANOTHER_LANGUAGE = FixedWording(
    "language", "another language", (), f"{wording.OTHER_LANGUAGE}\n{wording.OTHER_LANGUAGE_BANGLA}"
)


class Answerer:
    """Answers from one corpus. Immutable once built: new content means a new one, swapped by one assignment."""

    def __init__(self, corpus: Corpus, *, elsewhere: Sequence[Topic] | None = None) -> None:
        """Cut ``corpus`` into passages and index them.

        ``elsewhere`` are questions that a typical corpus does not answer, those that come with Citewell if not given.
        """
        self.corpus = corpus
        self.passages = passages_of(corpus.documents)
        self.help = _help_link(corpus)
        self.contact = _contact(corpus)
        self._documents = {document.doc_id: document for document in corpus.documents}
        self._alternatives = {
            passage.passage_id: quoting.alternative(passage, self._documents[passage.doc_id])
            for passage in self.passages
        }
        self._analyzer = Analyzer(corpus.clinic.languages[0])
        self._reader = QuestionReader(_texts(self.passages), corpus.lexicon, self._analyzer)
        if elsewhere is None:
            elsewhere = topics_elsewhere(self._analyzer.language)
        self._index = Index(
            self.passages, self._analyzer, known_questions((*corpus.not_covered, *elsewhere), self._analyzer)
        )
        self._safety = self._safety_of(corpus, elsewhere)
        self._judge = Judge(self._index, self._analyzer, corpus.not_covered, corpus.weights)
        self._follow_ups = FollowUpReader(self._index, self._analyzer)
        self._desk = Desk(self._index, self._analyzer, corpus.documents, corpus.weights, said_whole={HELP_DOCUMENT})
        self._suggester = Suggester(self.passages, self._analyzer)
        self.safety_rules = frozenset(rule.rule_id for rule in corpus.safety.rules) if corpus.safety else frozenset()
        self._personal = PersonalQuestions(_ways_to_ask(self.passages), self._analyzer)
        self.safety_tests_name = _name_of(corpus.safety_tests)
        """What the safety tests say, wherever they stand: the same in two answerers where the tests are."""

    def __getstate__(self) -> Mapping[str, Any]:
        """What is kept: all to answer with, without what it was learned from and nobody asks for again."""
        return vars(self) | {"corpus": replace(self.corpus, lexicon=(), safety_tests=())}

    def answer(
        self,
        question: str,
        *,
        context: Sequence[str] = (),
        today: date | None = None,
        country: str | None = None,
        acknowledged: Collection[str] = (),
    ) -> Answer:
        """The safety message that ``question`` raises, and the passage that answers it, or fixed wording; no exception.

        ``context`` is what the visitor wrote before, oldest first; ``today`` decides whether a review is overdue,
        without it none is called so; ``country`` picks the numbers to call; ``acknowledged`` are the ids of the safety
        rules that the visitor answered with "I am not in an emergency".
        """
        found = self.find(question, context=context, limit=showing.MAX_ALTERNATIVES + 1)
        raised = cards.standing(found.raised, acknowledged)
        alert = cards.alert_of(raised, self.corpus.clinic, country=country, acknowledged=acknowledged)
        alone = showing.stands_alone(alert)
        shown = showing.without(found, cards.withheld(raised))
        best = shown.hits[0] if shown.judgment.kind == "answer" and not alone else None
        others = () if alone else showing.others(shown)
        return Answer(
            kind="none" if alone else shown.judgment.kind,
            passage=quoting.quoted(best.passage, found.query.terms, self._analyzer) if best else None,
            citation=quoting.citation(best.passage, self._documents[best.passage.doc_id], today) if best else None,
            message=None if alone else showing.message(shown),
            confidence=0.0 if alone else shown.judgment.confidence,
            alternatives=tuple(self._alternatives[hit.passage.passage_id] for hit in others),
            disclaimer=self.corpus.clinic.disclaimer,
            help=self.help,
            contact=None if alone else self.contact,
            corpus_version=self.corpus.version,
            alert=alert,
            raised=found.raised[0].rule.rule_id if found.raised else None,
            fixed=None if alone else showing.sort(shown),
        )

    @property
    def terms(self) -> int:
        """How many different terms are indexed."""
        return self._index.terms

    def alert(self, message: str, *, country: str | None = None) -> Alert | None:
        """The safety message for something that is not to be answered: a refused message, a search."""
        return cards.alert_of(self.raised(message), self.corpus.clinic, country=country)

    def search(self, question: str, *, limit: int = 10, today: date | None = None) -> tuple[FoundPassage, ...]:
        """Up to ``limit`` passages that share a term with ``question``, best first, each with its source."""
        found = self._found(question, limit=limit)
        return tuple(
            FoundPassage(
                id=hit.passage.passage_id,
                title=hit.passage.title,
                text=hit.passage.text,
                score=hit.score,
                confidence=self._judge.judge(found.query, [hit]).confidence,
                highlights=highlights(hit.passage.text, found.query.terms, self._analyzer),
                citation=quoting.citation(hit.passage, self._documents[hit.passage.doc_id], today),
            )
            for hit in found.hits
        )

    def look_up(
        self,
        question: str,
        *,
        doc_id: str | None = None,
        limit: int = 10,
        today: date | None = None,
        acknowledged: Collection[str] = (),
    ) -> LookUp:
        """What phone staff see of ``question``: up to ``limit`` rows, and what a visitor would get.

        The rows are the best hits, of one document if ``doc_id`` names it. Where a visitor would be answered, the first
        of all rows is the passage that answers. ``acknowledged`` is as for `answer`.
        """
        found = self.find(question, limit=limit)
        alert = cards.alert_of(found.raised, self.corpus.clinic, acknowledged=acknowledged)
        alone = showing.stands_alone(alert)
        withheld = cards.withheld(found.raised)
        shown = showing.without(found, withheld)
        kind = "none" if alone else shown.judgment.kind
        hits = found.hits if doc_id is None else self._index.search(found.query, limit, doc_id=doc_id)
        return LookUp(
            kind=kind,
            answered=shown.hits[0].passage.passage_id if kind == "answer" else None,
            fixed=None if alone else shown.fixed,
            message=None if alone else showing.message(shown),
            alert=alert,
            caller=cards.for_the_caller(alert, found.raised) if alert else None,
            alone=alone,
            rows=tuple(self._row(hit, found, withheld, today) for hit in hits),
            corpus_version=self.corpus.version,
        )

    def _row(self, hit: Hit, found: Finding, withheld: Collection[str], today: date | None) -> DeskRow:
        if hit.passage.classes & frozenset(withheld):
            return self._desk.withheld(hit.passage)
        best = found.hits[0]
        first = hit.passage.passage_id == best.passage.passage_id
        # With fixed wording no passage answers, so there is nothing to be sure of.
        confidence = 0.0 if found.fixed else self._judge.judge(found.query, [hit]).confidence
        if not first:
            confidence = further_down(confidence, hit, best)
        return self._desk.row(found.query, hit, confidence, first=first, today=today)

    def suggest(self, typed: str, *, limit: int = 7) -> tuple[str, ...]:
        """Known questions and headings that go on from ``typed``."""
        return self._suggester.suggest(typed, limit)

    def group(self, questions: Sequence[str]) -> tuple[Group, ...]:
        """``questions`` in groups of similar wording, the largest first."""
        return group(
            questions, self._reader.read, self._index.having, len(self.passages), language=self._analyzer.language
        )

    def start_questions(self, *, limit: int = 4) -> tuple[str, ...]:
        """What to offer before anyone has asked: the clinic's choice, or else the first questions of the corpus."""
        chosen = self.corpus.clinic.start_questions
        by_id: dict[str, Passage] = {passage.passage_id: passage for passage in self.passages}
        if chosen:
            return tuple(by_id[passage_id].title for passage_id in chosen if passage_id in by_id)
        return self._suggester.questions(limit)

    def find(self, question: str, *, context: Sequence[str] = (), limit: int | None = None) -> Finding:
        """The question after analysis, its hits with what each term added, and the judgment with its reasons.

        Where it is a follow-up, the query has words of ``context``, earlier messages, oldest first.
        """
        return self._found(question, context, limit, self.raised(question, context))

    def _found(
        self,
        question: str,
        context: Sequence[str] = (),
        limit: int | None = None,
        raised: tuple[Raised, ...] = (),
    ) -> Finding:
        """What `find` gives, with the safety rules that are ``raised``."""
        earlier = (self._reader.read(message) for message in context)  # read only where they are needed
        query = self._reader.read(question)
        if context:
            query = self._follow_ups.read(query, earlier)
        hits = self._index.search(query, limit)
        fixed = self._personal.recognise(question)
        judgment = Judgment("none", 0.0) if fixed else self._judge.judge(query, hits)
        if judgment.kind != "answer" and not fixed and self._reader.is_other_language(question):
            fixed, judgment = _IN_ANOTHER_LANGUAGE, Judgment("none", 0.0)
        return Finding(query, tuple(hits), judgment, fixed, raised)

    def _safety_of(self, corpus: Corpus, elsewhere: Iterable[Topic]) -> Safety | None:
        """What people ask of ordinary passages, and of other things, are examples of what is not urgent."""
        if corpus.safety is None:
            return None
        ordinary = (passage for passage in self.passages if passage.doc_id != HELP_DOCUMENT)
        outside = (question for topic in elsewhere for question in topic.questions)
        return Safety(corpus.safety, corpus.safety_tests, (*_ways_to_ask(ordinary), *outside))

    def raised(self, message: str, context: Sequence[str] = ()) -> tuple[Raised, ...]:
        """The safety rules that ``message`` raises with the ``context`` before it, most urgent first."""
        return self._safety.raised(message, context) if self._safety else ()

    def raised_by_test(self, test: SafetyTest) -> tuple[Raised, ...]:
        """As `raised`, for one of the corpus's safety tests; quicker where the same rules were asked of it before."""
        return self._safety.raised_by_test(test) if self._safety else ()


def _name_of(tests: Iterable[SafetyTest]) -> str:
    said = [(test.text, test.context, test.rule, test.level, test.gap) for test in tests]
    return sha256(repr(said).encode("utf-8", "surrogateescape")).hexdigest()


def _texts(passages: Iterable[Passage]) -> Iterator[str]:
    """All words that can be found."""
    for passage in passages:
        yield from (passage.title, passage.text, *passage.also_asked)


def _ways_to_ask(passages: Iterable[Passage]) -> Iterator[str]:
    """The questions that the clinic itself wrote its passages for."""
    for passage in passages:
        yield from (passage.title, *passage.also_asked)


def _help_link(corpus: Corpus) -> HelpLink | None:
    if all(document.doc_id != HELP_DOCUMENT for document in corpus.documents):
        return None
    return HelpLink(wording.HELP_TITLE, SOURCES + HELP_DOCUMENT)


def _contact(corpus: Corpus) -> Contact | None:
    clinic = corpus.clinic
    return Contact(clinic.name, clinic.phone) if clinic.phone else None
