"""What `ask` and `calibrate` say on a terminal. Floor 7: knows `calibration`, `model`, `reply` and `wording`."""

import textwrap
from collections.abc import Iterator

from bot import wording
from bot.calibration import Calibration
from bot.model import Concept, Finding, Judgment, Raised
from bot.reply import Alert, Answer, Card, Citation


def reply_text(answer: Answer, width: int) -> str:
    """The reply in lines of up to ``width`` characters."""
    return "\n\n".join(_paragraphs(answer, width))


def _paragraphs(answer: Answer, width: int) -> Iterator[str]:
    if answer.alert and answer.alert.placement != "after":
        yield from _cards(answer.alert, width)
    yield from _content(answer, width)
    if answer.alert and answer.alert.placement == "after":
        yield from _cards(answer.alert, width)
    yield _wrapped(answer.disclaimer, width)
    if answer.help:
        yield _wrapped(f"{answer.help.title}: {answer.help.url}", width)


def _cards(alert: Alert, width: int) -> Iterator[str]:
    cards: list[Alert | Card] = [alert, *alert.also]
    for card in cards:
        lines = [f"[{wording.LEVELS[card.level]}] {card.heading}", *card.message.splitlines()]
        lines += [f"{phone.label}: {phone.tel}" for phone in card.phones]
        yield "\n".join(_wrapped(line, width, "! ") for line in lines)


def _content(answer: Answer, width: int) -> Iterator[str]:
    if answer.passage and answer.citation:
        yield _wrapped(answer.passage.title, width)
        for block in answer.passage.blocks:
            yield _wrapped(f"{'- ' * (block.kind == 'li')}{block.text}", width, "  ")
        yield _source(answer.citation, width)
    if answer.message:
        yield "\n".join(_wrapped(line, width) for line in answer.message.splitlines())
    if answer.kind == "suggestions":
        yield "\n".join(_wrapped(f"- {other.title}", width) for other in answer.alternatives)
    if answer.contact and answer.kind == "none":
        yield _wrapped(f"{answer.contact.name}: {answer.contact.phone}", width)


def _source(citation: Citation, width: int) -> str:
    reviewed = f"reviewed {citation.reviewed}" if citation.reviewed else wording.NOT_REVIEWED
    standing = "; ".join(filter(None, [citation.author, reviewed, "review overdue" * citation.overdue]))
    indent = " " * len("Source: ")
    lines = [_wrapped(f"Source: {citation.document} › {citation.section}", width)]
    lines += [_wrapped(citation.url, width, indent), _wrapped(standing, width, indent)]
    lines += [
        _wrapped(" ".join(filter(None, [f"[{reference.number}]", reference.text, reference.url])), width, indent)
        for reference in citation.references
    ]
    return "\n".join(lines)


def explanation(found: Finding, width: int) -> str:
    """Why this answer or none: the judgment, what was searched for each word, and what each added to the hits."""
    query = found.query
    lines = [f"Safety message: {one.rule.rule_id}, {one.level} ({_why(one)})" for one in found.raised]
    if found.fixed:
        said = f" ({' + '.join(found.fixed.matched)})" if found.fixed.matched else ""
        lines += [f"Fixed wording: {found.fixed.sort}, {found.fixed.rule}{said}"]
    else:
        lines += [f"Judged: {found.judgment.kind}, confidence {found.judgment.confidence:.2f}"]
        lines += _reasons(found.judgment, width)
    lines += ["Searched:" if query.concepts else "Searched: nothing, there is no word of content in the question"]
    lines += [
        f"  {concept.word}: {_terms(concept)}{', borrowed from an earlier message' * concept.borrowed}"
        for concept in query.concepts
    ]
    for hit in found.hits:
        lines += [f"{hit.score:8.3f}  {hit.passage.passage_id}  coverage {hit.coverage:.2f}"]
        lines += [
            f"{added.score:12.3f}  {added.word} → {added.term} in {added.field}"
            for added in sorted(hit.contributions, key=lambda added: -added.score)
        ]
    return "\n".join(lines)


def _why(raised: Raised) -> str:
    """The words that raised a rule, or that its wording alone did."""
    if raised.likeness is None:
        return " + ".join(raised.matched)
    return f"worded like its examples, {raised.likeness:.2f}"


def _reasons(judgment: Judgment, width: int) -> Iterator[str]:
    """Each reason with what it adds to the log-odds."""
    for reason in judgment.reasons:
        said = f"{reason.name} {reason.seen:.2f}" + f": {reason.detail}" * bool(reason.detail)
        yield textwrap.fill(said, width, initial_indent=f"{reason.added:+8.2f}  ", subsequent_indent=" " * 10)


def _terms(concept: Concept) -> str:
    return ", ".join(f"{term} × {weight * concept.weight:.2g}" for term, weight in concept.terms.items())


def calibration_text(calibration: Calibration) -> str:
    """The fit and its held-out figures."""
    others = calibration.questions - calibration.answered
    lines = [
        f"{calibration.answered} ways to ask, each held out while it was asked, and {others} questions on other",
        "topics, each topic held out; the figures are of questions that the weights were not fitted on.",
        "",
        f"AUROC {calibration.auroc:.3f}",
        f"of the content's own questions shown a passage: {calibration.shown:.3f}",
        f"of the others not shown one: {calibration.refused:.3f}",
        "",
        "confidence  answered here  questions",
    ]
    lines += [f"{one.confidence:10.2f}  {one.right:13.2f}  {one.count:9}" for one in calibration.reliability]
    return "\n".join(lines)


def weights_toml(calibration: Calibration) -> str:
    """The fitted weights as a ``judging.toml``."""
    weights = calibration.weights
    lines = [
        "# How Citewell weighs what it sees of a question; fitted by `citewell calibrate`. Without this file, or",
        "# without a line of it, the weights that come with Citewell hold.",
        f"words = {weights.words}",
        f"nearest = {weights.nearest}",
        f"coverage = {weights.coverage}",
        f"start = {weights.start}",
        "",
        "# From which confidence a passage is shown, and from which some are suggested.",
        f"answer_from = {weights.answer_from}",
        f"suggest_from = {weights.suggest_from}",
    ]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int, indent: str = "") -> str:
    return textwrap.fill(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
