"""Safety messages with a few rules of the tests' own: each step of the engine, and each filter with and without it."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.likeness import FRAGMENT
from bot.model import Escalation, Raised, SafetyRule, SafetyRules, Translation
from bot.safety import Safety
from bot.safety_rules import SHIPPED, load_safety_rules

FILTERS = {
    "negations": "no\nnot\nnever\nwithout\ndo not think i have",
    "negated_after": "none .\nno .",
    "symptom_negations": "no control\nnot only",
    "clause_ends": "but\n, i|my\nand i|cannot|my",
    "new_subjects": "my chest",
    "education": ". what|why|is|can",
    "persons": "i\nmy\nhis",
    "hypothetical": "what if",
    "past": "years ago\nlast year",
    "recent": "today\nnow\nagain",
    "resolved": "all gone",
    "story": "my coach\nin a film",
    "idioms": "killing me\nheat pack",
}


def rule(rule_id: str, level: str = "emergency", **fields: object) -> SafetyRule:
    defaults = {
        "title": rule_id,
        "placement": "replace",
        "heading": f"Act: {rule_id}",
        "message": ("Go.",),
        "phones": (),
    }
    return SafetyRule(rule_id=rule_id, level=level, **{**defaults, **fields})  # type: ignore[arg-type]


RULES = SafetyRules(
    source=Path("safety.toml"),
    lists={"legs": "leg, both legs", "numb": "numb, tingling, no feeling, asleep", "cannot": "cannot, cant, can not"},
    groups={"back pain": "backache\nback + pain|hurt"},
    filters=FILTERS,
    rules=(
        rule("bladder", signs="<cannot> + pee", ignores=frozenset({"resolved"})),
        rule("chest", signs="chest + pain|hurt"),
        rule("crisis", signs="killing <numb>\nkilling me|myself", ignores=frozenset({"education"})),
        rule(
            "fever",
            "urgent",
            together=(("<back pain>", "fever\nhot"),),
            escalates=(Escalation("confused", "emergency", "Call now"),),
            unless="hay fever",
        ),
        rule("leg", "soon", signs="<legs> + <numb>", translations=(Translation("bn", "পা + অবশ", "পা", ("যান",)),)),
    ),
)
SAFETY = Safety(RULES)


def ids(text: str, *context: str, safety: Safety = SAFETY) -> list[str]:
    return [one.rule.rule_id for one in safety.raised(text, context)]


def first(text: str, *context: str) -> Raised:
    return SAFETY.raised(text, context)[0]


# ---- what raises a rule


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("I cannot pee", ["bladder"]),
        ("pee? I cannot", []),  # another sentence
        ("peeing is something he just can't do", ["bladder"]),
        ("CHEST PAIN", ["chest"]),
        ("chesst pain", ["chest"]),  # mended towards the words of the rules
        ("my leg is tingling", ["leg"]),
        ("backache. and a fever", ["fever"]),
        ("my back hurts and I feel hot", ["fever"]),  # the group stands for its patterns
        ("a fever", []),
        ("my chest hurts and I cannot pee, my legs are numb", ["bladder", "chest", "leg"]),
        ("lovely run today", []),
        ("", []),
        ("আমার পা অবশ", ["leg"]),
    ],
)
def test_what_raises_which_rules_the_most_urgent_first(text: str, raised: list[str]) -> None:
    assert ids(text) == raised


def test_a_raised_rule_says_its_level_its_heading_and_the_words_that_raised_it() -> None:
    raised = first("Since today I can’t even pee!")

    assert (raised.level, raised.heading, raised.matched) == ("emergency", "Act: bladder", ("can’t even pee",))
    assert (raised.new, raised.language) == (True, None)


def test_a_sign_in_another_language_says_which() -> None:
    assert first("আমার পা অবশ").language == "bn"


def test_a_second_sign_escalates_with_a_heading_of_its_own() -> None:
    assert (first("backache and fever").level, first("backache and fever").heading) == ("urgent", "Act: fever")

    escalated = first("backache, fever, and he is confused")

    assert (escalated.level, escalated.heading) == ("emergency", "Call now")
    assert "confused" in escalated.matched


def test_what_takes_back_the_escalating_sign_leaves_the_rule() -> None:
    assert first("backache, fever, not confused").level == "urgent"


def test_a_look_alike_keeps_the_rule_away_from_its_sentence_only() -> None:
    assert ids("backache since the hay fever season") == []
    assert ids("backache. It is not my hay fever. I am hot") == ["fever"]
    assert ids("backache, no hay fever, but a fever") == ["fever"]  # a look-alike that is not there is none


def test_misspelt_disguised_and_split_letters_are_seen_through() -> None:
    for text in (
        "i саnnоt рее",
        "ｃａｎｎｏｔ pee",
        "can\u200bnot p\u200dee",
        "c a n n o t   p e e",
        "CANNOT🚑PEE",
        "c4nn0t p33",
    ):
        assert ids(text) == ["bladder"], text


# ---- what takes a sign back: with the filter and without it


@pytest.mark.parametrize(
    ("name", "text", "raised_without"),
    [
        ("negations", "no chest pain", "chest"),
        ("negations", "without any trouble, numbness or chest pain", "chest"),
        ("negations", "I do not think I have chest pain", "chest"),
        ("negations", "my chest is not hurting", "chest"),
        ("negated_after", "chest pain: none", "chest"),
        ("education", "what is chest pain", "chest"),
        ("hypothetical", "what if I get chest pain", "chest"),
        ("past", "I had chest pain ten years ago", "chest"),
        ("resolved", "my chest hurt, it is all gone", "chest"),
        ("story", "my coach says chest pain is common", "chest"),
        ("idioms", "this hill is killing me", "crisis"),
    ],
)
def test_a_filter_takes_a_sign_back_and_without_it_the_rule_is_raised(
    name: str, text: str, raised_without: str
) -> None:
    without = Safety(replace(RULES, filters={**FILTERS, name: ""}))

    assert ids(text) == []
    assert ids(text, safety=without) == [raised_without]


@pytest.mark.parametrize(
    ("name", "text", "raised"),
    [
        ("symptom_negations", "no control, numb leg", "leg"),
        ("symptom_negations", "not only numb, my leg hurts", "leg"),
        ("clause_ends", "no fever but chest pain", "chest"),
        ("clause_ends", "no cough, my leg is numb", "leg"),
        ("new_subjects", "no cough my chest hurts", "chest"),
        ("clause_ends", "I hurt my ankle years ago and cannot pee", "bladder"),
        ("persons", "is it normal that my chest hurts", "chest"),
        ("recent", "chest pain as last year, now again", "chest"),
    ],
)
def test_a_trap_is_not_taken_back_and_without_what_protects_it_it_would_be(name: str, text: str, raised: str) -> None:
    without = Safety(replace(RULES, filters={**FILTERS, name: ""}))

    assert ids(text) == [raised]
    assert ids(text, safety=without) == []


def test_a_rule_may_ignore_a_filter() -> None:
    assert ids("I cannot pee, or it is all gone") == ["bladder"]
    assert ids("why is my life killing me") == []  # an idiom
    assert ids("is killing myself a sin") == ["crisis"]


def test_a_negation_reaches_so_far_and_no_further() -> None:
    assert ids("no one two three four five six chest pain") == []
    assert ids("no one two three four five six seven chest pain") == ["chest"]


def test_of_an_emergency_only_its_own_clause_takes_back_of_others_the_sentence() -> None:
    assert ids("ten years ago I ran, and my chest hurts") == ["chest"]
    assert ids("ten years ago I ran, and my leg is numb") == []


def test_what_is_past_reaches_over_the_comma_after_it() -> None:
    assert ids("Years ago, my chest hurt") == []
    assert ids("Years ago, my ankle hurt, my chest hurts") == ["chest"]


def test_a_negation_of_the_pattern_s_own_is_none_of_the_sign() -> None:
    assert ids("there is no feeling at all in the leg") == ["leg"]
    assert ids("the leg has no bit of tingling") == []


def test_a_sign_that_starts_the_question_itself_is_no_question() -> None:
    assert ids("can not pee since dawn") == ["bladder"]


def test_an_idiom_is_blanked_and_the_rest_still_counts() -> None:
    assert ids("my back is killing me and I cannot pee") == ["bladder"]
    assert ids("with the heat pack my back hurts and is hot") == ["fever"]


# ---- earlier messages


def test_earlier_messages_count_and_it_is_known_whether_the_new_one_does() -> None:
    assert ids("I have a fever", "my back hurts") == ["fever"]
    assert first("I have a fever", "my back hurts").new
    assert not first("which shoes?", "I cannot pee").new
    assert first("I cannot pee", "I cannot pee").new


def test_a_fragment_goes_on_with_the_sentence_before_it() -> None:
    assert ids("are numb", "my legs") == ["leg"]
    assert first("are numb", "my legs").new


def test_what_is_no_fragment_does_not() -> None:
    long = "my legs " + "and " * FRAGMENT
    assert ids("numb " + "so " * FRAGMENT, long) == []


def test_two_messages_raise_a_rule_once_at_its_highest_level() -> None:
    raised = SAFETY.raised("confused", ["backache and fever"])

    assert [(one.rule.rule_id, one.level) for one in raised] == [("fever", "emergency")]


# ---- time


@pytest.mark.parametrize(
    "text",
    [
        "no " * 166,
        "numb " * 100,
        "cant pee " * 55,
        "no chest pain " * 35,
        "chest and pain " * 33,
        "my " * 166,
        "both legs numb, " * 31,
        "what if " * 62,
        "a b c d e " * 50,
        "ﷺ" * 500,
        "😀" * 500,
        "e" + "\u0301" * 499,
        "?!" * 250,
        "pee can not " * 41,
    ],
)
def test_no_message_takes_long(text: str) -> None:
    shipped = _shipped()
    shipped.raised(text)  # what is remembered of words is part of how it works

    best = min(_seconds(shipped, text) for _ in range(5))

    assert best < 0.005 * _slowness()


def _seconds(safety: Safety, text: str) -> float:
    started = time.thread_time()
    safety.raised(text)
    return time.thread_time() - started


_CACHE: list[Safety] = []


def _shipped() -> Safety:
    if not _CACHE:
        _CACHE.append(Safety(load_safety_rules(SHIPPED)))
    return _CACHE[0]


def _slowness() -> float:
    """How much slower than idle this machine is now, by a piece of work that takes 5 ms on it when idle."""
    started = time.thread_time()
    sum(at * at for at in range(100_000))
    return max(1.0, (time.thread_time() - started) / 0.005)
