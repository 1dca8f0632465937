"""Patterns of words: what each way of writing them finds."""

import pytest

from bot.analysis import Analyzer
from bot.patterns import MessageReader, Pattern, phrases_of, words_of
from bot.personal import shipped_rules
from bot.spelling import Speller

ENGLISH = Analyzer("en")
LISTS = phrases_of({"fruit": "apple, passion fruit", "sweet thing": "<fruit>, honey"})


def find(pattern: str, text: str) -> str | None:
    reader = MessageReader(ENGLISH, Speller(["paracetamol"], "en").mend)
    return Pattern(pattern, LISTS, ENGLISH).find(reader.read(text))


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("take", "Taking it", "Taking"),
        ("take", "mistake", None),
        ("can|may i", "so MAY I?", "MAY I"),
        ("how much of? it", "how much it", "how much it"),
        ("how much of|the? it", "how much the it", "how much the it"),
        ("how much of? it", "how much of of it", None),
        ("eat .. <fruit>", "eat a ripe passion fruit", "eat a ripe passion fruit"),
        ("eat .. <fruit>", "eat a very ripe apple", None),
        ("eat ... <fruit>", "eat one two three four five six apples", "eat one two three four five six apples"),
        ("eat ... <fruit>", "eat one two three four five six seven apples", None),
        ("<sweet thing>|salt", "some Apples", "Apples"),
        ("<sweet thing>|salt", "some honey", "honey"),
        ("<sweet thing>|salt", "some salt", "salt"),
        ("<fruit>? pie", "apple pie", "apple pie"),
        ("<fruit>? pie", "a pie", "pie"),
        ("is it .", "what is it", "is it"),
        ("is it .", "is it so", None),
        ("it .|please", "is it, please", "it please"),
        ("it .|please", "is it?", "it"),
        (". it", "is it", None),
        (". it", "So. It is", "It"),
        ("it ?", "is it?", "it"),
        ("it ?", "is it.", None),
        ("?", "Really?", ""),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, text: str, found: str | None) -> None:
    assert find(pattern, text) == found


def test_a_gap_does_not_reach_into_the_next_sentence() -> None:
    assert find("can ... apple", "can you eat an apple") == "can you eat an apple"
    assert find("can ... apple", "I can. You eat an apple") is None


def test_short_forms_are_written_out_figures_parted_and_misspelt_words_mended() -> None:
    assert find("i am", "so I'm here") == "I'm"
    assert find("400 mg", "take 400mg") == "400mg"
    assert find("paracetamol", "no paracitamol left") == "paracitamol"


def test_the_wording_of_a_message_is_its_words_and_nothing_else() -> None:
    reader = MessageReader(ENGLISH, lambda _: ())

    assert reader.read("Is it OK? Taking").wording == reader.read("is it ok,take!").wording
    assert reader.read("is it").wording != reader.read("it is").wording


def test_a_part_without_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="no word"):
        Pattern("a|?|b", LISTS, ENGLISH)
    with pytest.raises(KeyError, match="vegetable"):
        Pattern("<vegetable>", LISTS, ENGLISH)


def test_every_phrase_of_the_shipped_rules_finds_itself_as_people_type_it() -> None:
    rules = shipped_rules()
    vocabulary = phrases_of(rules.lists)
    written = [rules.urgent, *(part for rule in rules.rule for part in (*rule.needs, rule.unless))]
    reader = MessageReader(ENGLISH, Speller(words_of(written, vocabulary), "en").mend)
    words = {word for part in written for word in part.replace("|", " ").replace("?", " ").split()}
    phrases = {phrase for of_list in vocabulary.values() for phrase in of_list} | {
        word for word in words if word.strip(".").isalnum()
    }

    assert len(phrases) > 500
    assert [one for one in sorted(phrases) if Pattern(one, {}, ENGLISH).find(reader.read(one)) is None] == []
