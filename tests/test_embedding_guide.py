"""The guide to embedding and the WordPress plugin name the options that the widget has, and only those."""

import re
from html.parser import HTMLParser

import pytest

from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "embedding.md").read_text("utf-8")
PLUGIN = ROOT / "integrations" / "wordpress" / "citewell"

OPTIONS = {
    "api",
    "lang",
    "position",
    "offset-x",
    "offset-y",
    "color",
    "label",
    "greeting",
    "start",
    "phone",
    "emergency",
    "z-index",
    "remember",
}
SOURCE = "".join(path.read_text("utf-8") for path in sorted((ROOT / "web" / "static" / "widget").glob("*.js")))
CALLS = {"open", "close", "ask", "destroy", "on"}
EVENTS = {"open", "close", "ask", "answer", "error"}

# What other people's programs look for on a script tag, and the mark of a link that opens the widget.
NOT_OPTIONS = {"cfasync", "no-optimize", "turbo-eval", "citewell"}


def camel_case(option: str) -> str:
    """The option's name in JavaScript.

    >>> camel_case("offset-x")
    'offsetX'
    """
    return re.sub(r"-(\w)", lambda match: match[1].upper(), option)


class Tags(HTMLParser):
    """The tags of an example with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


def blocks(language: str) -> list[str]:
    """The guide's examples in this language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_the_options_are_those_that_the_widget_reads() -> None:
    read = {*re.findall(r'option\(host, "([\w-]+)"\)', SOURCE)}
    (numbers,) = re.findall(r"for \(const name of \[(.*?)\]\) \{\n    const given = option\(host, name\)", SOURCE)

    assert read | {*re.findall(r'"([\w-]+)"', numbers)} == OPTIONS


def test_the_table_explains_every_option_and_no_other() -> None:
    explained = re.findall(r"^\| `([\w-]+)` \|", GUIDE, re.MULTILINE)

    assert sorted(explained) == sorted(OPTIONS)


def test_every_data_attribute_in_the_guide_is_an_option() -> None:
    named = set(re.findall(r"\bdata-([a-z][a-z-]*[a-z])", GUIDE))

    assert named - NOT_OPTIONS <= OPTIONS
    assert {"phone", "emergency", "api"} <= named


def test_every_attribute_of_the_element_in_the_guide_is_an_option() -> None:
    elements = re.findall(r"<citewell-chat[^>]*>", GUIDE)

    named = {name for element in elements for _, attributes in Tags(element).found for name in attributes}

    assert named - {"inline"} <= OPTIONS
    assert "lang" in named


def test_every_name_in_the_guides_global_configuration_is_an_option() -> None:
    named = {
        name for body in re.findall(r"window\.Citewell = \{(.*?)\}", GUIDE) for name in re.findall(r"(\w+):", body)
    }

    assert named - {"queue"} <= {camel_case(option) for option in OPTIONS}
    assert "offsetY" in named


def test_the_guide_names_every_call_and_every_event() -> None:
    assert set(re.findall(r"\bCitewell\.(\w+)\(", GUIDE)) == CALLS
    assert set(re.findall(r"`citewell:(\w+)`", GUIDE)) == EVENTS


def test_every_script_tag_in_the_guide_is_asynchronous_and_names_the_numbers_to_call() -> None:
    examples = [tag for block in blocks("html") for tag in Tags(block).found]

    ours = [attributes for name, attributes in examples if name == "script" and "src" in attributes]

    assert len(ours) >= 4
    assert [
        attributes for attributes in ours if not {"async", "data-phone", "data-emergency"} <= attributes.keys()
    ] == []


def test_rocket_loaders_mark_stands_before_the_address() -> None:
    (tag,) = [block for block in blocks("html") if "data-cfasync" in block]

    assert tag.index("data-cfasync") < tag.index("src=")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(#([^)]+)\)", GUIDE))))
def test_every_link_within_the_guide_leads_to_a_heading(target: str) -> None:
    headings = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)

    anchors = {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}

    assert target in anchors


def test_every_link_to_a_file_leads_to_one() -> None:
    targets = [target for target in re.findall(r"\]\(([^)#]+)", GUIDE) if "://" not in target]

    assert targets
    assert [target for target in targets if not (ROOT / "docs" / target).exists()] == []


def test_the_wordpress_plugin_hands_over_options_that_the_widget_has() -> None:
    fields = (PLUGIN / "fields.php").read_text("utf-8")

    handed_over = set(re.findall(r"'attribute'\s+=> 'data-([\w-]+)'", fields))

    assert handed_over <= OPTIONS
    assert {"api", "phone", "emergency"} <= handed_over


@pytest.mark.parametrize(
    ("in_header", "in_readme"),
    [
        ("Version", "Stable tag"),
        ("Requires at least", "Requires at least"),
        ("Requires PHP", "Requires PHP"),
        ("License URI", "License URI"),
    ],
)
def test_the_plugins_header_and_its_readme_agree(in_header: str, in_readme: str) -> None:
    header = re.search(rf"^ \* {in_header}: +(.+)$", (PLUGIN / "citewell.php").read_text("utf-8"), re.MULTILINE)
    readme = re.search(rf"^{in_readme}: (.+)$", (PLUGIN / "readme.txt").read_text("utf-8"), re.MULTILINE)

    assert header
    assert readme
    assert header[1] == readme[1]
