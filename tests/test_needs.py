"""Which patterns may stand in a message is found quickly, and is what looking at each of them finds."""

from hypothesis import given
from hypothesis import strategies as st

from bot.needs import Needs
from bot.rows import bits

PHRASES = 6
CHOICES = 5
phrases_of = st.lists(st.frozensets(st.integers(0, PHRASES - 1), min_size=1), min_size=CHOICES, max_size=CHOICES)
needs_of = st.lists(st.frozensets(st.integers(0, CHOICES - 1), min_size=1, max_size=3), max_size=12)


@given(phrases_of=phrases_of, needs=needs_of, found=st.frozensets(st.integers(0, PHRASES - 1)))
def test_a_pattern_is_met_where_each_of_its_choices_has_a_phrase_that_was_found(
    phrases_of: list[frozenset[int]], needs: list[frozenset[int]], found: frozenset[int]
) -> None:
    met = Needs(needs, phrases_of, PHRASES).met(found)

    assert bits(met) == [
        pattern for pattern, needed in enumerate(needs) if all(phrases_of[choice] & found for choice in needed)
    ]


def test_nothing_is_met_by_nothing() -> None:
    assert Needs([frozenset({0})], [frozenset({0})], 1).met(()) == 0
    assert Needs([], [], 0).met(()) == 0
