"""Questions in a language that cannot be read are told from badly spelt ones."""

import pytest

from bot.language import is_other_language
from bot.spelling import Speller

SPELLER = Speller(["sciatica", "running shoes"], "en")


@pytest.mark.parametrize(
    "text",
    [
        "পিঠে ব্যথা",
        "Болит спина",
        "back ব্যথা করছে",
        "me duele la espalda después de correr",
        "kore amar pith betha hoy kyano",
    ],
)
def test_another_language_is_recognised(text: str) -> None:
    assert is_other_language(text, SPELLER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42 / 195",
        "sciatica",
        "siatica xyzzy plugh",  # too few words to tell
        "bak pane aftr runing wat shud i do",
        "Where is the café of the clinic?",
        "the word ব্যথা means pain in Bangla, is that right?",
    ],
)
def test_english_is_left_alone_however_spelt(text: str) -> None:
    assert not is_other_language(text, SPELLER)
