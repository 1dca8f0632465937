"""Disguised letters become plain, and what is no disguise stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.letters import MOST, plain


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("сhest раin", "chest pain"),  # Cyrillic letters
        ("Ι hαve pαin", "I have pain"),  # Greek letters
        ("ｃａｎｎｏｔ　ｐｅｅ", "cannot pee"),
        ("𝐜𝐚𝐧𝐧𝐨𝐭 𝗽𝗲𝗲", "cannot pee"),
        ("ⓟⓔⓔ", "pee"),
        ("p\u200be\u00ade", "pee"),
        ("p\u200ce\u200de", "pee"),
        ("\u202ecannot pee\u202c", "cannot pee"),
        ("p\u0336e\u0336e\u0336", "pee"),
        ("pée", "pee"),
        ("p🙂e🙂e", "pee"),
        ("legs🙂numb", "legs numb"),
        ("can't🙂pee", "can't pee"),
        ("c a n t  p e e", "cant  pee"),
        ("c.a.n.t p-e-e", "cant pee"),
        ("suuuure, baaad", "suure, baad"),
        ("p33 c4nn0t su1c1dal", "pee cannot suicidal"),
    ],
)
def test_a_disguise_is_seen_through(typed: str, seen: str) -> None:
    assert plain(typed) == seen


@pytest.mark.parametrize(
    "typed",
    [
        "It’s my back, 38.5 km at 5:30/km – 400mg, L5",
        "I am 41, ran 10k",
        "কোমরে ব্যথা, পা অবশ",
        "ক্‍ষ",  # a joiner that Bangla is spelt with
        "स्पाइन",
        "a b",
        "",
    ],
)
def test_plain_writing_stays_as_it_is(typed: str) -> None:
    assert plain(typed) == typed


@given(st.text(max_size=300))
def test_nothing_breaks_and_nothing_grows_without_bound(typed: str) -> None:
    assert len(plain(typed)) <= MOST * len(typed)
    assert plain(typed) == plain(typed)


@given(st.text(alphabet="aB .-’—*05\n", max_size=30))
def test_what_is_left_alone_at_a_glance_is_what_all_steps_leave_alone(typed: str) -> None:
    takes_all_steps = typed + "\u200b"

    assert plain(takes_all_steps) == plain(typed)
