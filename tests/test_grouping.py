"""Questions of similar wording come together, whatever their order; the most asked first."""

import random
import time
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering import Answerer
from bot.grouping import Group

SHOES = ["do worn shoes hurt my back", "my back hurts from worn shoes", "Worn shoes hurting my back?"]
DISC = ["can i run with a slipped disc", "running with a slipped disc?"]
PRICE = "how much does insurance cost"


def _groups(answerer: Answerer, *questions: str) -> list[tuple[str, ...]]:
    return [one.questions for one in answerer.group(questions)]


def test_similar_questions_are_one_group_the_most_asked_first(answerer: Answerer) -> None:
    first, second, third = answerer.group([PRICE, DISC[0], SHOES[0], DISC[1], SHOES[1], SHOES[2]])

    assert set(first.questions) == set(SHOES)
    assert first.places == (2, 4, 5)
    assert set(second.questions) == set(DISC)
    assert third == Group(PRICE, (PRICE,), (0,))


def test_slips_and_stand_ins_are_read_as_in_a_search(answerer: Answerer) -> None:
    assert len(_groups(answerer, "worn trainers", "worn shoes", "worn shoos")) == 1


def test_the_same_words_in_another_case_or_punctuation_are_always_together(answerer: Answerer) -> None:
    asked = ["Is it?", "is it", "IS IT!", "পিঠে ব্যথা", "পিঠে ব্যথা?", "?!", " ?! "]

    assert sorted(map(sorted, _groups(answerer, *asked))) == [
        [" ?! ", "?!"],
        ["IS IT!", "Is it?", "is it"],
        ["পিঠে ব্যথা", "পিঠে ব্যথা?"],
    ]


def test_questions_that_share_nothing_rare_stay_apart(answerer: Answerer) -> None:
    assert len(_groups(answerer, "planks for my back", "insoles for my back", "yoga for my back")) == 3


def test_the_representative_is_the_most_typical_and_spelt_as_most_spell_it(answerer: Answerer) -> None:
    (one,) = answerer.group(["Worn shoes", "worn shoes", "worn shoes", "worn shoes worn laces", "new worn shoes"])

    assert one.representative == one.questions[0] == "worn shoes"
    assert one.places == (0, 1, 2, 3, 4)


def test_nothing_gives_nothing(answerer: Answerer) -> None:
    assert answerer.group([]) == ()


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(answerer: Answerer, chance: random.Random) -> None:
    ways = [way for passage in answerer.passages[::4] for way in passage.also_asked[::3]]
    mixed = ways + chance.sample(ways, 20)
    expected = [(one.representative, one.questions, len(one.places)) for one in answerer.group(mixed)]

    chance.shuffle(mixed)
    groups = answerer.group(mixed)

    assert [(one.representative, one.questions, len(one.places)) for one in groups] == expected
    assert sorted(place for one in groups for place in one.places) == list(range(len(mixed)))
    assert all({mixed[place] for place in one.places} == set(one.questions) for one in groups)


def test_groups_are_as_pure_as_was_measured(answerer: Answerer) -> None:
    passage_of = {way: passage.passage_id for passage in answerer.passages for way in passage.also_asked}

    groups = [one for one in answerer.group(list(passage_of)) if len(one.questions) > 1]

    counts = [Counter(passage_of[way] for way in one.questions) for one in groups]
    pure = sum(max(count.values()) for count in counts) / sum(count.total() for count in counts)
    assert 0.55 < pure < 0.65
    assert 70 < len(groups) < 110


def test_five_thousand_questions_take_seconds(answerer: Answerer) -> None:
    chance = random.Random(1)  # noqa: S311
    ways = [way.split() for passage in answerer.passages for way in passage.also_asked]
    asked = [" ".join(word for word in chance.choice(ways) if chance.random() > 0.1) for _ in range(5000)]

    started = time.thread_time()
    groups = answerer.group(asked)

    assert time.thread_time() - started < 20  # three, where nothing else runs
    assert sum(len(one.places) for one in groups) == 5000
