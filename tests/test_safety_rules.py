"""``safety.toml`` in: what is read, and what is refused with file, rule and key."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.corpus import load_corpus
from bot.errors import CorpusError
from bot.model import Escalation, SafetyRule, Translation
from bot.safety import Safety
from bot.safety_rules import FILE, MAX_LINES, SHIPPED, load_safety_rules

WriteCorpus = Callable[..., Path]

PAGE = "# A\n\n## B\n\nC.\n"
CARD = 'title = "A"\nlevel = "urgent"\nheading = "Go"\nmessage = ["Now."]\n'
RULE = f'[[rule]]\nid = "a"\n{CARD}signs = "pee"\n'


def test_every_key_is_read(write_corpus: WriteCorpus) -> None:
    text = (
        'version = 3\n[lists]\nlegs = "leg, both legs"\n[groups]\n"back pain" = "back + pain"\n'
        '[filters]\npast = "ago"\n'
        '[[rule]]\nid = "a_1"\ntitle = "T"\nlevel = "soon"\nplacement = "after"\nheading = "H"\nmessage = ["1", "2"]\n'
        'phones = ["clinic", "advice"]\nsigns = "x\\ny"\ntogether = [["p", "q"]]\nunless = "z"\n'
        'escalates = [{signs = "e", level = "emergency", heading = "E"}]\n'
        'ignores = ["past"]\nwithholds = ["medicine"]\n'
        '[rule.in_language.bn]\nsigns = "অ"\nheading = "ক"\nmessage = ["খ"]\n'
    )

    rules = load_safety_rules(write_corpus({FILE: text}))

    assert (rules.lists, rules.groups) == ({"legs": "leg, both legs"}, {"back pain": "back + pain"})
    assert {name: lines for name, lines in rules.filters.items() if lines} == {"past": "ago"}
    assert rules.rules == (
        SafetyRule(
            rule_id="a_1",
            title="T",
            level="soon",
            placement="after",
            heading="H",
            message=("1", "2"),
            phones=("clinic", "advice"),
            signs="x\ny",
            together=(("p", "q"),),
            unless="z",
            escalates=(Escalation("e", "emergency", "E"),),
            ignores=frozenset({"past"}),
            withholds=frozenset({"medicine"}),
            translations=(Translation("bn", "অ", "ক", ("খ",)),),
        ),
    )


@pytest.mark.parametrize(("level", "placement"), [("emergency", "replace"), ("urgent", "before"), ("soon", "before")])
def test_where_a_card_stands_follows_from_its_level(write_corpus: WriteCorpus, level: str, placement: str) -> None:
    (rule,) = load_safety_rules(write_corpus({FILE: "version = 1\n" + RULE.replace("urgent", level)})).rules

    assert rule.placement == placement


def test_a_folder_without_the_file_gets_the_rules_that_come_with_citewell(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"page.md": PAGE})

    assert load_corpus(folder).safety == load_safety_rules(SHIPPED)
    assert load_safety_rules(folder).source == SHIPPED / FILE


def test_safety_messages_are_switched_off_by_an_explicit_line_only(write_corpus: WriteCorpus) -> None:
    assert load_corpus(write_corpus({"page.md": PAGE, "clinic.toml": "safety_messages = false\n"})).safety is None


REFUSED = {
    # what is wrong: (content, what the error names)
    "no version": (RULE, "version is missing"),
    "an unknown key": (f'version = 1\n{RULE}colour = "red"\n', "rule.0.colour"),
    "an unknown level": ("version = 1\n" + RULE.replace("urgent", "red"), "rule.0.level = 'red'"),
    "no card": ('version = 1\n[[rule]]\nid = "a"\nsigns = "pee"\n', "rule.0.title is missing"),
    "too many lines": (
        "version = 1\n" + RULE.replace('["Now."]', str(["x"] * (MAX_LINES + 1)).replace("'", '"')),
        "rule.0.message",
    ),
    "no line": ("version = 1\n" + RULE.replace('["Now."]', "[]"), "rule.0.message"),
    "nothing to raise it": (f'version = 1\n[[rule]]\nid = "a"\n{CARD}', "signs or together in the rule a"),
    "a combination of one": (f'version = 1\n{RULE}together = [["p"]]\n', "rule.0.together.0"),
    "a filter that there is not": (f'version = 1\n{RULE}ignores = ["pest"]\n', "pest is none"),
    "a number for a phone": (f'version = 1\n{RULE}phones = ["999"]\n', "rule.0.phones.0"),
    "an id twice": (f"version = 1\n{RULE}{RULE}", "a stands twice"),
    "an id with blanks": ("version = 1\n" + RULE.replace('"a"', '"a b"'), "rule.0.id = 'a b'"),
    "half a translated card": (f'version = 1\n{RULE}[rule.in_language.bn]\nheading = "ক"\n', "heading and message"),
    "no TOML": ("version = ", "cannot be read as TOML"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_broken_file_is_refused_and_named(write_corpus: WriteCorpus, case: str) -> None:
    content, named = REFUSED[case]
    folder = write_corpus({FILE: content})

    with pytest.raises(CorpusError) as refused:
        load_safety_rules(folder)

    assert str(refused.value).startswith(f"{folder / FILE}: ")
    assert named in str(refused.value)
    assert "; expected " in str(refused.value)


UNREADABLE = {
    # what is wrong: (content, what the error names)
    "a list that there is not": (
        f"version = 1\n{RULE.replace('pee', '<wee>')}",
        ("rule “a”, signs: <wee> is the name of no list", "not “<wee>”"),
    ),
    "a list in a list": ('version = 1\n[lists]\na = "<b>"\nb = "x"\n', ("[lists] use <b>",)),
    "no word": (f'version = 1\n{RULE}unless = "! ?"\n', ("rule “a”, unless:",)),
    "a list without its end": (
        f"version = 1\n{RULE.replace('pee', 'pee|<wee')}",
        ("rule “a”, signs: “<” means nothing",),
    ),
    "a bracket": (f"version = 1\n{RULE.replace('pee', 'pee (wee)')}", ("rule “a”, signs: “(” means nothing",)),
    "half a pair": (f"version = 1\n{RULE.replace('pee', 'pee +')}", ("rule “a”, signs: “pee +”",)),
    "what is found anywhere": (f"version = 1\n{RULE.replace('pee', 'pee?')}", ("rule “a”, signs: “pee?”",)),
    "a need": (f'version = 1\n{RULE}together = [["p", "<q>"]]\n', ("rule “a”, together: <q>",)),
    "an escalation": (
        f'version = 1\n{RULE}escalates = [{{signs = "<q>", level = "emergency", heading = "E"}}]\n',
        ("rule “a”, escalates: <q>",),
    ),
    "another language": (f'version = 1\n{RULE}[rule.in_language.bn]\nsigns = "<q>"\n', ("in_language.bn: <q>",)),
    "a filter": (f'version = 1\n[filters]\npast = "<q>"\n{RULE}', ("[filters] past: <q>",)),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_pattern_that_cannot_be_read_is_refused_with_file_rule_and_key(write_corpus: WriteCorpus, case: str) -> None:
    content, named = UNREADABLE[case]
    folder = write_corpus({FILE: content})

    with pytest.raises(CorpusError) as refused:
        Safety(load_safety_rules(folder))

    assert str(refused.value).startswith(f"{folder / FILE}: ")
    assert all(one in str(refused.value) for one in named)


def test_rules_that_were_loaded_twice_say_the_same_and_others_do_not() -> None:
    rules = load_safety_rules(SHIPPED)

    assert rules.say_the_same_as(pickle.loads(pickle.dumps(rules)))  # noqa: S301 - our own
    assert not rules.say_the_same_as(replace(rules, rules=rules.rules[1:]))
    assert not rules.say_the_same_as(replace(rules, source=Path("elsewhere")))
