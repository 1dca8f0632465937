"""What was made of words is kept, within a bound."""

import pickle

from bot.kept import MOST, Kept


def test_what_was_made_once_is_looked_up() -> None:
    asked: list[str] = []

    def upper(word: str) -> str:
        asked.append(word)
        return word.upper()

    kept = Kept(upper)

    assert [kept["back"], kept["back"], kept["pain"]] == ["BACK", "BACK", "PAIN"]
    assert asked == ["back", "pain"]


def test_no_visitor_can_fill_the_memory_with_made_up_words() -> None:
    kept = Kept(str.upper)
    most = 0
    for number in range(3 * MOST):
        assert kept[f"word{number}"] == f"WORD{number}"
        most = max(most, len(kept))

    assert most == MOST


def test_it_is_pickled_without_what_it_holds() -> None:
    kept = Kept(str.upper)
    assert kept["a word that somebody typed"]

    stored = pickle.dumps(kept)

    assert b"somebody" not in stored
    again = pickle.loads(stored)  # noqa: S301 - our own
    assert not again
    assert again["back"] == "BACK"
