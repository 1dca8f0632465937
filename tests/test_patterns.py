"""Patterns of words: what each way of writing them finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis import Analyzer
from bot.message import joined
from bot.message_reader import MessageReader
from bot.pattern_book import PatternBook, Shortlist, phrases_of, words_of
from bot.patterns import NEAR
from bot.personal import shipped_rules
from bot.spelling import Speller

ENGLISH = Analyzer("en")
PLAIN = Analyzer("xx")
LISTS = phrases_of({"fruit": "apple, passion fruit", "sweet thing": "<fruit>, honey"})


def find(pattern: str, text: str) -> str | None:
    reader = MessageReader(ENGLISH, Speller(["paracetamol"], "en").mend)
    return found_in(reader, pattern, text)


def found_in(reader: MessageReader, pattern: str, text: str) -> str | None:
    book = PatternBook(LISTS, ENGLISH)
    ready = book.pattern(pattern)
    sighting = book.look(reader.read(text))
    span = sighting.find(ready)
    return None if span is None else sighting.message.typed_at(span)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("take", "Taking it", "Taking"),
        ("take", "mistake", None),
        ("=legs", "my Legs hurt", "Legs"),
        ("72 year old complains of", "72 y/o c/o pain", "72 year old complains of"),
        ("ran without it", "ran w/o it", "ran without it"),
        ("with his back", "w/ his back", "with his back"),
        ("apple + apple|honey + honey", "honey on an apple", None),  # three things, not two
        ("=legs", "my leg hurts", None),
        ("leg", "my legs hurt", "legs"),
        ("both|=two_legs gone", "two legs gone", "two legs gone"),
        ("my =legs|foot", "my feet", None),
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
        (", so", "it hurts, so I rest", "so"),
        (", so", "it hurts so I rest", None),
        (", so", "it hurts (so I rest)", "so"),
        ("apple + honey", "honey on an apple", "honey on an apple"),
        ("apple + honey", "apple then honey", "apple then honey"),
        ("apple + honey", "honey. apple", None),
        ("apple + honey + salt", "honey with salt on an apple", "honey with salt on an apple"),
        ("apple + honey + salt", "honey on an apple", None),
        ("ripe apple + the? honey", "a honey for the ripe apple", "honey for the ripe apple"),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, text: str, found: str | None) -> None:
    assert find(pattern, text) == found


def test_a_gap_does_not_reach_into_the_next_sentence() -> None:
    assert find("can ... apple", "can you eat an apple") == "can you eat an apple"
    assert find("can ... apple", "I can. You eat an apple") is None


def test_two_rows_stand_near_each_other_up_to_so_many_words() -> None:
    within, beyond = " and" * NEAR, " and" * (NEAR + 1)

    assert find("apple + honey", f"apple{within} honey") is not None
    assert find("apple + honey", f"honey{within} apple") is not None
    assert find("apple + honey", f"apple{beyond} honey") is None
    assert find("apple + honey", f"honey{beyond} apple") is None


def test_the_point_of_a_figure_ends_no_sentence() -> None:
    assert find("38 5", "at 38.5 now") == "38 5"
    assert find("at .. now", "at 38.5 now") == "at 38 5 now"
    assert find("38 . 5", "it was 38. 5 times") == "38 5"


def test_a_new_line_after_a_word_or_two_ends_no_sentence() -> None:
    assert find("cant pee", "can't\npee") == "can't pee"
    assert find("day cant", "a long day\ncan't pee") is None


def test_messages_are_joined_with_or_without_the_edge_between_them() -> None:
    book, reader = PatternBook({}, ENGLISH), MessageReader(ENGLISH, lambda _: ())
    parts = [reader.read("my legs"), reader.read("went, numb")]
    legs, pause = book.pattern("leg went numb"), book.pattern("went , numb")

    assert book.look(joined(parts)).find(legs) is None
    assert book.look(joined(parts, running_on=True)).find(legs) is not None
    assert book.look(joined(parts)).find(pause) is not None
    assert book.look(joined(parts, running_on=True)).find(pause) is not None
    assert joined(parts[:1]) == joined(parts[:1], running_on=True) == parts[0]


def test_blanked_words_keep_their_places() -> None:
    book, reader = PatternBook({}, ENGLISH), MessageReader(ENGLISH, lambda _: ())
    message = reader.read("Kill the lights. Now")
    blanked = message.without([(0, 3)])
    kill, lights = book.pattern("kill"), book.pattern("light . now")

    assert book.look(message).find(kill) == (1, 2)
    assert book.look(blanked).find(kill) is None
    assert book.look(blanked).find(lights) == (3, 6)
    assert blanked.typed_at((1, 4)) == "Kill the lights"


def test_short_forms_are_written_out_figures_parted_and_misspelt_words_mended() -> None:
    assert find("i am", "so I'm here") == "I'm"
    assert find("400 mg", "take 400mg") == "400mg"
    assert find("paracetamol", "no paracitamol left") == "paracitamol"


def test_the_wording_of_a_message_is_its_words_and_nothing_else() -> None:
    reader = MessageReader(ENGLISH, lambda _: ())

    assert reader.read("Is it OK? Taking").wording == reader.read("is it ok,take!").wording
    assert reader.read("is it").wording != reader.read("it is").wording


def test_a_part_without_a_word_is_refused() -> None:
    book = PatternBook(LISTS, ENGLISH)
    for written in ("a|?|b", "..", "a +", "+ a", ","):
        with pytest.raises(ValueError, match="word"):
            book.pattern(written)
    with pytest.raises(KeyError, match="vegetable"):
        book.pattern("<vegetable>")


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
    assert [one for one in sorted(phrases) if found_in(reader, one, one) is None] == []


WORDS = "a b c . ?"
PATTERNS = (
    "a",
    "a b",
    "a .. =c",
    "b + c|d",
    "b_c|a .. d",
    ". a",
    "c .",
    "b? c",
    ". b? ... d",
    "a ? b",
    "a_b|b_c|c_a|b_a_c|c_b|a_a",
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=14), st.sets(st.integers(0, 13), max_size=4))
def test_what_was_found_without_some_words_is_what_is_found_where_they_are_blanked(
    words: list[str], blanked: set[int]
) -> None:
    book = PatternBook({}, PLAIN)
    patterns = [book.pattern(written) for written in PATTERNS]
    message = MessageReader(PLAIN, lambda _: ()).read(" ".join(words))
    spans = [(at, at + 1) for at in blanked if at < len(message.words)]

    without = book.look(message).without(spans) if spans else book.look(message)

    anew = book.look(message.without(spans))
    assert without.found == anew.found
    assert [without.spans(pattern) for pattern in patterns] == [anew.spans(pattern) for pattern in patterns]


@given(st.lists(st.sampled_from(WORDS.split()), max_size=14))
def test_a_pattern_that_stands_somewhere_is_on_the_shortlist(words: list[str]) -> None:
    book = PatternBook({}, PLAIN)
    patterns = [book.pattern(written) for written in PATTERNS]
    shortlist = Shortlist(book, {"first": patterns[:4], "others": patterns[4:]})

    sighting = book.look(MessageReader(PLAIN, lambda _: ()).read(" ".join(words)))

    likely = shortlist.likely(sighting)
    listed = [*likely.of("first"), *likely.of("others")]
    assert [one for one in patterns if sighting.find(one)] == [one for one in listed if sighting.find(one)]
    assert ("first" in likely, "none such" in likely) == (bool(likely.of("first")), False)
