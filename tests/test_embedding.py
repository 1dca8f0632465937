"""The line that a website pastes, and the two steps around it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Clinic, HelpLine
from web.embedding import (
    EXAMPLE_SITE,
    AddressError,
    citewell_address,
    instructions,
    line,
    pinned_line,
    site_origin,
)

AMBULANCE = HelpLine("Ambulance", "999")
ADVICE = HelpLine("Doctor by phone", "16263", frozenset({"advice"}))
CLINIC = Clinic("Clinic", "Ask.", phone="01877733322", country="BD", phones={"BD": (ADVICE, AMBULANCE)})
ADDRESS = "https://ask.clinic.example"
PINNED = pinned_line(ADDRESS, CLINIC, release="1.2.3", integrity="sha384-AbC+/=")


class Elements(HTMLParser):
    """The elements of a line, with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        """Read ``html`` whole."""
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))

    def handle_data(self, text: str) -> None:
        self.text += text


# ---- the line


def test_the_line_is_a_script_that_does_not_hold_up_the_page_and_a_link_that_works_without_it() -> None:
    assert line(ADDRESS, CLINIC) == (
        '<script async src="https://ask.clinic.example/widget.js" data-phone="01877733322" data-emergency="999">'
        "</script>"
        '<a href="https://ask.clinic.example/chat" data-citewell>Ask a question</a>'
    )


def test_the_pinned_line_has_the_script_of_one_release_and_the_hash_of_its_bytes() -> None:
    (script, attributes), link = Elements(PINNED).found

    assert script == "script"
    assert attributes == {
        "async": None,
        "src": "https://ask.clinic.example/w/1.2.3/widget.js",
        "integrity": "sha384-AbC+/=",
        "crossorigin": "anonymous",
        "data-phone": "01877733322",
        "data-emergency": "999",
    }
    assert link == Elements(line(ADDRESS, CLINIC)).found[1]


@pytest.mark.parametrize(
    "clinic",
    [
        Clinic("Clinic", "Ask."),
        Clinic("Clinic", "Ask.", country="BD"),
        Clinic("Clinic", "Ask.", phones={"BD": (AMBULANCE,)}),
        Clinic("Clinic", "Ask.", country="GB", phones={"BD": (AMBULANCE,), "GB": (ADVICE,)}),
    ],
)
def test_numbers_that_the_clinic_does_not_name_for_its_country_are_left_out(clinic: Clinic) -> None:
    assert "data-phone" not in line(ADDRESS, clinic)
    assert "data-emergency" not in line(ADDRESS, clinic)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])), st.sampled_from(["\"'><&", "&quot;", "=`"]))
def test_a_number_cannot_break_out_of_its_attribute_whatever_is_written_there(written: str, worse: str) -> None:
    phone = written + worse
    clinic = Clinic("Clinic", "Ask.", phone=phone, country="BD", phones={"BD": (HelpLine("", phone),)})

    read = Elements(line(ADDRESS, clinic))

    assert [tag for tag, _ in read.found] == ["script", "a"]
    assert read.found[0][1]["data-phone"] == read.found[0][1]["data-emergency"] == phone
    assert read.text == "Ask a question"


# ---- addresses


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://ask.clinic.example", "https://ask.clinic.example"),
        ("https://ask.clinic.example/", "https://ask.clinic.example"),
        ("HTTPS://Ask.Clinic.Example:443", "https://ask.clinic.example"),
        ("https://clinic.example:8443/ask/us/", "https://clinic.example:8443/ask/us"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_address_of_citewell_is_made_as_a_browser_writes_it(written: str, address: str) -> None:
    assert citewell_address(written) == address


WRONG = [
    "",
    "ask.clinic.example",
    "//ask.clinic.example",
    "ftp://ask.clinic.example",
    "javascript:alert(1)",
    "https://",
    "https://:443",
    "https://user:secret@ask.clinic.example",
    "https://ask.clinic.example:port",
    "https://ask.clinic.example:70000",
    "https://ask.clinic.example:0",
    "https://ask.clinic.example?",
    "https://ask.clinic.example#here",
    "https://ask clinic.example",
    " https://ask.clinic.example",
    "https://ask.clinic.example\n",
    "https://ask..clinic.example",
    "https://[::1",
    'https://ask.clinic.example"><script>',
    "https://" + "ü" * 70 + ".example",
]


@pytest.mark.parametrize("written", WRONG)
def test_what_no_website_can_use_is_refused_by_its_value_with_what_was_expected(written: str) -> None:
    with pytest.raises(AddressError) as refused:
        citewell_address(written)
    assert str(refused.value) == (
        f"{written!r} is not allowed; "
        "expected the address of Citewell, such as https://ask.your-clinic.example (http only for localhost)"
    )
    with pytest.raises(AddressError, match="the address of the website"):
        site_origin(written)


@pytest.mark.parametrize(
    "written", ["http://ask.clinic.example", "http://localhost.clinic.example", "http://192.0.2.1"]
)
def test_questions_cross_no_network_in_the_clear(written: str) -> None:
    with pytest.raises(AddressError, match="http only for localhost"):
        citewell_address(written)


@pytest.mark.parametrize("path", ["/a/../b", "/.", "/..", "//ask", '/"onload="', "/a b", "/%22", "/é"])
def test_the_path_of_citewell_is_of_plain_names(path: str) -> None:
    with pytest.raises(AddressError):
        citewell_address(f"https://clinic.example{path}")


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://www.clinic.example/en/start.html", "https://www.clinic.example"),
        ("https://Clinic.example:443/", "https://clinic.example"),
        ("https://*.clinic.example", "https://*.clinic.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://old.clinic.example/", "http://old.clinic.example"),
    ],
)
def test_a_website_is_known_by_its_origin(written: str, origin: str) -> None:
    assert site_origin(written) == origin


@pytest.mark.parametrize(
    "written", ["*", "https://*", "https://*.", "http://*.clinic.example", "https://w*.clinic.example"]
)
def test_a_star_stands_for_the_subdomains_of_a_website_and_for_nothing_else(written: str) -> None:
    with pytest.raises(AddressError):
        site_origin(written)


# ---- what is printed


def test_the_steps_name_the_setting_and_have_the_line_to_copy_whole() -> None:
    first, setting, second, pasted, _ = instructions(ADDRESS, CLINIC, "https://clinic.example").split("\n\n")

    assert (first[:3], second[:3]) == ("1. ", "2. ")
    assert setting == "CITEWELL_ALLOWED_ORIGINS=https://clinic.example"
    assert pasted == line(ADDRESS, CLINIC)


def test_without_a_website_an_example_stands_there_and_is_said_to_be_one() -> None:
    printed = instructions(ADDRESS, CLINIC, None)

    assert f"CITEWELL_ALLOWED_ORIGINS={EXAMPLE_SITE}\n" in printed
    assert "Put the address of your own website there" in printed
    assert "Put the address" not in instructions(ADDRESS, CLINIC, "https://clinic.example")


def test_the_pinned_line_stands_last_and_is_said_to_need_a_new_one() -> None:
    printed = instructions(ADDRESS, CLINIC, "https://clinic.example", PINNED).splitlines()

    assert printed[-1] == PINNED
    assert "Or, pinned to this release" in printed[-3]
    assert line(ADDRESS, CLINIC) in printed
