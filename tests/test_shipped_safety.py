"""The safety rules that come with Citewell: complete, readable, and as good as README says."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.safety import HELD_OUT
from bot.answering import Answerer
from bot.model import LEVELS, SafetyRule, SafetyRules
from bot.rehearsal import Outcome, run
from bot.safety import Safety
from bot.safety_rules import MAX_LINES, SHIPPED, load_safety_rules
from bot.safety_tests import read_safety_tests
from tests.conftest import ROOT

RULES: SafetyRules = load_safety_rules(SHIPPED)
BY_LEVEL = {
    "emergency": """self_harm cauda_equina chest_breath_collapse aortic stroke_signs major_trauma heat_illness overdose
    severe_reaction rhabdo pregnancy_urgent""".split(),
    "urgent": "infection cancer_signs fracture_risk leg_weakness leg_clot urine_blood back_pain_urgent".split(),
    "soon": "medicine_safety pregnancy child bone_stress leg_symptoms inflammatory persistent_severe".split(),
}
ACCEPTANCE = ROOT / "benchmarks" / "safety_acceptance.jsonl"

every_rule = pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.rule_id)


def test_all_categories_are_there_in_order_of_urgency() -> None:
    assert [(rule.rule_id, rule.level) for rule in RULES.rules] == [
        (rule_id, level) for level in LEVELS for rule_id in BY_LEVEL[level]
    ]


@every_rule
def test_a_card_is_short_plain_and_promises_nothing(rule: SafetyRule) -> None:
    lines = [rule.heading, *rule.message]
    text = " ".join(line if line[-1] in ".?!" else f"{line}." for line in lines)

    assert len(rule.message) <= MAX_LINES
    assert max(len(line.split()) for line in lines) <= 20
    assert _grade(text) <= 6
    assert not re.search(r"(?i)triage|you have|don.t worry|you are fine|no warning signs|suicide", text)


@every_rule
def test_a_card_says_whom_to_call_and_where_to_go(rule: SafetyRule) -> None:
    text = " ".join((rule.heading, *rule.message)).lower()

    assert rule.phones
    if rule.level == "emergency":
        assert "emergency" in rule.phones
        assert "clinic" not in rule.phones
        assert "hospital" in text
        assert rule.placement == "replace"


@every_rule
def test_a_card_is_in_bangla_too_and_marked_as_awaiting_a_native_reviewer(rule: SafetyRule) -> None:
    (bangla,) = rule.translations

    assert bangla.language == "bn"
    assert bangla.heading
    assert bangla.message
    assert bangla.signs


def test_what_is_not_reviewed_is_marked() -> None:
    text = (SHIPPED / "safety.toml").read_text("utf-8")

    assert "NOT YET REVIEWED BY A CLINICIAN" in text
    assert text.count("[rule.in_language.bn] # awaiting a native reviewer") == len(RULES.rules)


def test_medicine_is_withheld_where_it_may_not_fit() -> None:
    withholding = {rule.rule_id for rule in RULES.rules if "medicine" in rule.withholds}

    assert {"medicine_safety", "pregnancy", "child"} <= withholding
    assert {rule.rule_id for rule in RULES.rules if rule.placement == "after"} == {"persistent_severe"}


def test_the_rules_alone_pass_their_tests_but_for_the_gaps_that_are_marked(answerer: Answerer) -> None:
    tests = answerer.corpus.safety_tests[::9]

    outcomes = run(Safety(RULES).raised, tests)

    assert len(outcomes) > 500
    assert [str(one) for one in outcomes if not one.passed and not one.test.gap] == []


def _figures(answerer: Answerer, path: Path) -> dict[str, float]:
    outcomes: list[Outcome] = run(answerer.raised, list(read_safety_tests(path)))
    due = [one for one in outcomes if one.test.level]
    emergencies = [one for one in due if one.test.level == "emergency"]
    quiet = [one for one in outcomes if not one.test.level]
    return {
        "emergency": sum(one.passed for one in emergencies) / len(emergencies),
        "any": sum(bool(one.raised) for one in due) / len(due),
        "level": sum(one.passed for one in due) / len(due),
        "false emergency": sum(one.level == "emergency" for one in quiet) / len(quiet),
        "false": sum(bool(one.raised) for one in quiet) / len(quiet),
    }


def test_messages_set_aside_are_recognised_as_well_as_readme_says(answerer: Answerer) -> None:
    acceptance, held_out = _figures(answerer, ACCEPTANCE), _figures(answerer, HELD_OUT)

    assert (acceptance["emergency"], acceptance["any"], acceptance["level"]) >= (0.97, 0.93, 0.93)
    assert acceptance["any"] >= 0.93
    assert acceptance["level"] >= 0.93
    assert acceptance["false emergency"] <= 0.01
    assert acceptance["false"] <= 0.04
    assert held_out["emergency"] >= 0.93
    assert held_out["false emergency"] <= 0.03


def test_what_was_set_aside_is_no_example(answerer: Answerer) -> None:
    learned = {" ".join(re.findall(r"\w+", test.text.lower())) for test in answerer.corpus.safety_tests}
    aside = [json.loads(line)["text"] for path in (HELD_OUT, ACCEPTANCE) for line in path.open(encoding="utf-8")]

    assert len(aside) > 1_300
    assert [text for text in aside if " ".join(re.findall(r"\w+", text.lower())) in learned] == []


def _grade(text: str) -> float:
    """Flesch-Kincaid, with syllables counted as groups of vowels."""
    words = re.findall(r"[A-Za-z’']+", text)
    sentences = max(1, len(re.findall(r"[.!?]", text)))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_the_grade_counts_as_it_should() -> None:
    assert _grade("The cat sat on the mat.") < 1
    assert _grade("Considerable physiological abnormalities necessitate hospitalisation immediately.") > 15
