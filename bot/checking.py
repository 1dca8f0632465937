"""What deserves a look in content that loads.

Floor 6: knows `answering`, `model`, `quoting`, `rehearsal`, `rulebook`, `safety_rules`
and `safety_tests`.

The files one by one were checked where they were loaded; here is what only the whole shows, and the calendar.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from bot import wording
from bot.answering import HELP_DOCUMENT, Answerer
from bot.model import Clinic, SafetyRules
from bot.quoting import is_overdue
from bot.rehearsal import Outcome
from bot.rulebook import LANGUAGE
from bot.safety_rules import SHIPPED
from bot.safety_tests import FOLDER


def warnings(answerer: Answerer, outcomes: Sequence[Outcome], today: date) -> Iterator[str]:
    """A line for each; ``outcomes`` are those of the corpus's safety tests."""
    yield from answerer.corpus.warnings
    for document in answerer.corpus.documents:
        if is_overdue(document, today):
            yield f"“{document.title}” was due for review on {document.next_review}"
    if answerer.help is None:
        yield f"no document {HELP_DOCUMENT}.md: answers carry no link “{wording.HELP_TITLE}”"
    yield from _about_safety(answerer, outcomes)


def _about_safety(answerer: Answerer, outcomes: Sequence[Outcome]) -> Iterator[str]:
    corpus = answerer.corpus
    if corpus.safety is None:
        yield "safety_messages = false in clinic.toml: urgent symptoms are answered like any question"
        return
    if (language := corpus.clinic.languages[0].partition("-")[0]) != LANGUAGE:
        yield f"safety messages are recognised in English; the content is in “{language}”"
    yield from _numbers_missing(corpus.clinic, corpus.safety)
    if not outcomes and corpus.safety.source.parent != SHIPPED:
        yield f"no safety tests: messages that must and must not raise a safety message, in {FOLDER}/"
    known = {rule.rule_id for rule in corpus.safety.rules}
    for one in outcomes:
        where = f"{one.test.path}:{one.test.line}"
        if one.test.rule is not None and one.test.rule not in known:
            yield f"{where}: “{one.test.rule}” is the id of no rule"
        if one.test.gap and one.passed:
            yield f"{where}: passes now; take “gap” away"


def _numbers_missing(clinic: Clinic, rules: SafetyRules) -> Iterator[str]:
    """What safety messages call for and the clinic's own country has no number for."""
    numbers = clinic.phones.get(clinic.country or "", ())
    there = frozenset[str]().union(*(line.uses for line in numbers))
    for use in sorted({use for rule in rules.rules for use in rule.phones} - there - {"clinic"}):
        if numbers:
            yield f"clinic.toml has no number for “{use}” in {clinic.country}: safety messages name it"
