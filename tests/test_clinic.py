"""``clinic.toml`` → who answers for the content."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import wording
from bot.clinic import load_clinic
from bot.errors import CorpusError
from bot.model import Clinic, HelpLine

WriteCorpus = Callable[..., Path]

NUMBERS = '[[phones.BD]]\nlabel = "Ambulance 999"\ntel = "999"\n'

DEFAULTS = Clinic(
    name="the clinic",
    disclaimer=wording.DISCLAIMER,
    site=None,
    phone=None,
    hours=None,
    country=None,
    languages=("en",),
    phones={},
    start_questions=(),
)


def test_a_folder_without_the_file_gets_the_defaults(tmp_path: Path) -> None:
    assert load_clinic(tmp_path) == DEFAULTS


@pytest.mark.parametrize("content", ["", "\ufeff# only a comment\r\n"])
def test_an_empty_file_gets_the_defaults(write_corpus: WriteCorpus, content: str) -> None:
    assert load_clinic(write_corpus({"clinic.toml": content})) == DEFAULTS


def test_the_default_disclaimer_sends_to_a_professional() -> None:
    assert "consult a health professional" in DEFAULTS.disclaimer


def test_every_setting_is_read(write_corpus: WriteCorpus) -> None:
    folder = write_corpus(
        {
            "clinic.toml": 'name = " A clinic "\ndisclaimer = "Ask us."\nsite = "https://clinic.example"\n'
            'phone = "01 23"\nhours = "9–17"\ncountry = "BD"\nlanguages = ["bn", "en"]\n'
            'start_questions = ["faq#a"]\nsafety_messages = false\n[[phones.IN]]\nlabel = "112"\ntel = "112"\n'
            f'{NUMBERS}[[phones.BD]]\nlabel = "Health line"\ntel = "+8816263"\nuses = ["advice", "crisis"]\n'
            '[country_names]\nBD = "Bangladesh"\n'
        }
    )

    assert load_clinic(folder) == Clinic(
        name="A clinic",
        disclaimer="Ask us.",
        site="https://clinic.example",
        phone="01 23",
        hours="9–17",
        country="BD",
        languages=("bn", "en"),
        phones={
            "BD": (
                HelpLine("Ambulance 999", "999"),
                HelpLine("Health line", "+8816263", frozenset({"advice", "crisis"})),
            ),
            "IN": (HelpLine("112", "112"),),
        },
        country_names={"BD": "Bangladesh", "IN": "IN"},
        safety_messages=False,
        start_questions=("faq#a",),
    )


REFUSED = {
    # what is wrong: (content, culprit, expectation)
    "an unknown key": ('nme = "A"', "nme = 'A'", "one of name, disclaimer, "),
    "a blank disclaimer": ('disclaimer = " \\n "', "disclaimer", "some words; leave the line out to get the default"),
    "an empty disclaimer": ('disclaimer = ""', "disclaimer = ''", "some words; leave the line out to get the default"),
    "a blank name": ('name = ""', "name = ''", "some words"),
    "a number for a name": ("name = 3", "name = 3", "a valid string"),
    "a truth value for a disclaimer": ("disclaimer = false", "disclaimer = False", "a valid string"),
    "one language for a list": ('languages = "en"', "languages = 'en'", "a valid list"),
    "a language in words": ('languages = ["English"]', "English", "a language as en"),
    "no language": ("languages = []", "languages = []", "at least 1"),
    "a site that is no web address": ('site = "javascript:alert(1)"', "site = 'javascript:alert(1)'", "http"),
    "a site that no browser opens": ('site = "ftp://clinic.example"', "site = 'ftp:", "a web address"),
    "a site without a host": ('site = "https://"', "site = 'https://'", "a web address"),
    "a site in two words": ('site = "https://clinic.example my page"', "my page", "a web address"),
    "a country in words": ('country = "Bangladesh"', "country = 'Bangladesh'", "a country as BD"),
    "a country of phones in words": ('[[phones.india]]\nlabel = "a"\ntel = "112"', "india", "a country as BD"),
    "a country without phones where others have some": (f'country = "IN"\n{NUMBERS}', "[[phones.IN]]", "numbers"),
    "a country with an empty list of phones": ('country = "BD"\nphones.BD = []', "BD", ""),
    "a number that cannot be dialled": (
        '[[phones.BD]]\nlabel = "a"\ntel = "9 9 9"',
        "phones.BD.0.tel = '9 9 9'",
        "a number to dial",
    ),
    "a number that is no text": ('[[phones.BD]]\nlabel = "a"\ntel = 999', "phones.BD.0.tel = 999", "a valid string"),
    "a number without a label": ('[[phones.BD]]\ntel = "999"', "phones.BD.0.label", "a value there"),
    "no TOML": ('name = "A"\nphone = 01\n', "cannot be read as TOML", "lines like"),
    "a key given twice": ('name = "A"\nname = "B"\n', "cannot be read as TOML", "lines like"),
    "Latin-1": (b'name = "Caf\xe9"', "cannot be read as TOML", "lines like"),
}


@pytest.mark.parametrize(("content", "culprit", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_setting_is_refused_by_name_value_and_expectation(
    write_corpus: WriteCorpus, content: str | bytes, culprit: str, expected: str
) -> None:
    folder = write_corpus({"clinic.toml": content})

    with pytest.raises(CorpusError) as caught:
        load_clinic(folder)

    assert caught.value.path == folder / "clinic.toml"
    assert culprit in caught.value.problem
    assert expected.lower() in caught.value.expected.lower()
    assert "\n" not in str(caught.value)


def test_broken_toml_names_the_line(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"clinic.toml": 'name = "A"\n\nphone = x\n'})

    with pytest.raises(CorpusError, match="line 3"):
        load_clinic(folder)


def test_a_country_may_stand_alone(write_corpus: WriteCorpus) -> None:
    assert load_clinic(write_corpus({"clinic.toml": 'country = "BD"'})).country == "BD"


def test_phones_may_stand_without_a_country(write_corpus: WriteCorpus) -> None:
    assert load_clinic(write_corpus({"clinic.toml": NUMBERS})).phones == {"BD": (HelpLine("Ambulance 999", "999"),)}
