"""A second opinion from the wording: what it raises, what it keeps quiet, and when it says nothing."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from bot.analysis import Analyzer
from bot.likeness import FEW, MIN_EXAMPLES, Example, Examples
from bot.message import Message
from bot.message_reader import MessageReader
from bot.model import Escalation, Level, SafetyRule, SafetyRules, SafetyTest
from bot.safety import Safety

READER = MessageReader(Analyzer("en"), lambda _: ())


def rule(rule_id: str, level: Level, signs: str, **fields: object) -> SafetyRule:
    card = {"title": rule_id, "placement": "before", "heading": rule_id, "message": ("Go.",), "phones": ()}
    return SafetyRule(rule_id=rule_id, level=level, signs=signs, **{**card, **fields})  # type: ignore[arg-type]


RULES = SafetyRules(
    source=Path("safety.toml"),
    rules=(
        rule("chest", "emergency", "chest + pain"),
        rule("fever", "urgent", "fever", escalates=(Escalation("confused", "emergency", "Call now"),)),
        rule("leg", "soon", "leg + numb"),
    ),
)


def pack_of(rule_id: str | None, level: Level | None, *rows: str) -> list[SafetyTest]:
    """As many examples as it takes, of all ways to combine the words of the rows."""
    texts = [" ".join(words) for words in product(*map(str.split, rows))]
    return [SafetyTest(Path("x"), 0, text, (), rule_id, level) for text in texts][: MIN_EXAMPLES + 10]


PACK = [
    *pack_of("chest", "emergency", "awful heavy dull", "gripping weight", "across on under", "his her the my", "ribs"),
    *pack_of("leg", "soon", "my his her the", "calf shin ankle", "tingles fizzes buzzes", "nightly daily"),
    *pack_of(None, None, "which what whose any", "shoes socks laces", "suit fit match", "runners beginners"),
]  # fmt: skip
SAFETY = Safety(RULES, PACK)
BY_RULES = Safety(RULES)


def ids(safety: Safety, text: str, *context: str) -> list[tuple[str, str]]:
    return [(one.rule.rule_id, one.level) for one in safety.raised(text, context)]


def test_what_no_rule_foresaw_is_raised_by_its_wording() -> None:
    text = "a heavy weight gripping across his ribs"

    assert ids(BY_RULES, text) == []
    assert ids(SAFETY, text) == [("chest", "emergency")]
    (raised,) = SAFETY.raised(text)
    assert raised.likeness is not None
    assert raised.likeness > 1
    assert (raised.matched, raised.new) == ((), True)


def test_a_lesser_message_is_raised_by_its_wording_too() -> None:
    assert ids(SAFETY, "his shin buzzes and tingles daily") == [("leg", "soon")]


def test_what_is_worded_like_nothing_urgent_stays_quiet() -> None:
    text = "which laces and socks suit runners whose leg was numb"

    assert ids(BY_RULES, text) == [("leg", "soon")]
    assert ids(SAFETY, text) == []


def test_wording_between_the_two_leaves_it_to_the_rules() -> None:
    assert ids(SAFETY, "there is chest pain when sneezing loudly") == [("chest", "emergency")]
    assert ids(SAFETY, "tomorrow it rains in the mountains") == []


def test_few_words_are_left_to_the_rules() -> None:
    assert FEW == 4
    assert ids(SAFETY, "heavy gripping ribs") == []
    assert ids(SAFETY, "heavy 1 2 3 x y ribs") == []


def test_earlier_messages_count_but_are_not_new() -> None:
    (raised,) = SAFETY.raised("which socks are there now", ["a heavy weight gripping across his ribs"])

    assert (raised.rule.rule_id, raised.new) == ("chest", False)


def test_a_fragment_is_read_with_what_it_goes_on_from() -> None:
    assert ids(SAFETY, "across his ribs", "heavy gripping weight") == [("chest", "emergency")]


@pytest.mark.parametrize("left_out", ["chest", "leg", None])
def test_with_too_few_examples_of_a_kind_the_rules_alone_decide(left_out: str | None) -> None:
    few = [test for test in PACK if test.rule != left_out]
    some = [test for test in PACK if test.rule == left_out][: MIN_EXAMPLES - 1]

    assert ids(Safety(RULES, [*few, *some]), "a heavy weight gripping across his ribs") == []


def test_examples_of_rules_that_there_are_not_are_left_out() -> None:
    strange = [replace(test, rule="stroke") for test in PACK if test.rule == "chest"]

    assert ids(Safety(RULES, [*PACK, *strange]), "a heavy weight gripping across his ribs") == [("chest", "emergency")]
    assert (
        ids(Safety(RULES, [test for test in PACK if test.rule != "chest"] + strange), "a heavy weight gripping ribs")
        == []
    )


def test_examples_of_an_escalated_rule_raise_it_under_the_heading_of_that_level() -> None:
    escalated = [replace(test, rule="fever") for test in PACK if test.rule == "chest"]
    safety = Safety(RULES, [*escalated, *(test for test in PACK if test.rule != "chest")])

    (raised,) = safety.raised("a heavy weight gripping across his ribs")

    assert (raised.rule.rule_id, raised.level, raised.heading) == ("fever", "emergency", "Call now")


def test_questions_of_the_content_are_examples_of_what_is_quiet() -> None:
    text = "his shin buzzes and tingles daily"
    rows = ("why how when", "does will", "his my", "shin calf", "tingle buzz", "daily nightly")
    quiet = [" ".join(words) for words in product(*map(str.split, rows))]

    assert ids(SAFETY, text) == [("leg", "soon")]
    assert ids(Safety(RULES, PACK, quiet), text) == []


def test_likeness_is_zero_where_no_word_is_known() -> None:
    def message(text: str) -> Message:
        return Message(tuple(text.split()), tuple(text.split()), tuple(text.split()))

    kinds: list[tuple[str, str | None, Level | None]]
    kinds = [("a b", "r", "emergency"), ("c d", "s", "soon"), ("e f", None, None)]
    examples = Examples([Example(message(text), rule_id, level) for text, rule_id, level in kinds * 2])
    unknown, alike = examples.likeness(message("x y")), examples.likeness(message("a b"))

    assert (unknown.alert, unknown.emergency, unknown.level) == (0.0, 0.0, 0.0)
    assert examples.alert(message("x y")) == 0.0
    assert examples.alert(message("a b x")) == pytest.approx(examples.likeness(message("a b x")).alert)
    assert min(alike.alert, alike.emergency, alike.level) > 0
    assert (examples.emergency_rule(alike), examples.lesser_rule(alike)) == ("r", "s")
