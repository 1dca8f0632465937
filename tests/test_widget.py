"""The widget as one script: how its parts are built, what they may never do, and that every language is whole."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest

from web.building import BuildError, build
from web.widget import ENGLISH, FOLDER, SCRIPT, Widget, load_widget, release_of

BUDGET = 10_000  # bytes of the script in brotli: a quarter of the smallest complete peer that was measured

PARTS = sorted(FOLDER.rglob("*.js"))
TABLES = sorted(path for path in (FOLDER / "strings").glob("*.json") if path.name != "languages.json")
STRINGS: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text("utf-8")) for path in TABLES}
LANGUAGES: dict[str, str] = json.loads((FOLDER / "strings" / "languages.json").read_text("utf-8"))

NEVER = {
    "markup from strings": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|ContextualFragment|DOMParser",
    "code from strings": r"\beval\b|new Function|\bFunction\(|setTimeout\(\s*[\"'`]|javascript:",
    "styles that a strict policy forbids": r"setAttribute\(\s*[\"'`]style|cssText|createElement\(\s*[\"'`]style",
    "listeners written as attributes": r"setAttribute\(\s*[\"'`]on",
    "what outlives the tab": r"\bcookie\b|localStorage|indexedDB|caches\.|serviceWorker",
    "requests of another kind": r"XMLHttpRequest|sendBeacon|WebSocket|EventSource|new Image|\bimport\(",
}

WriteParts = Callable[[dict[str, str]], Path]

NO_STRINGS = '{"dir": "ltr", "texts": {}, "named": {}}'


@pytest.fixture
def write_parts(tmp_path: Path) -> WriteParts:
    """Writes the parts of a widget: ``write_parts({"main.js": "…"})`` returns their folder."""

    def write(parts: dict[str, str]) -> Path:
        for name, text in {
            "strings/languages.json": '{"en": "English"}',
            "strings/en.json": NO_STRINGS,
            **parts,
        }.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path

    return write


@pytest.fixture(scope="module")
def widget() -> Widget:
    """The widget that comes with Citewell."""
    return load_widget()


def places(script: str, *texts: str) -> list[int]:
    """Where each of ``texts`` stands in ``script``; each must stand there once."""
    for text in texts:
        assert script.count(text) == 1, text
    return [script.index(text) for text in texts]


# ---- building


def test_the_script_that_is_served_is_that_of_the_parts() -> None:
    assert SCRIPT.read_bytes() == build(), "make widget"


def test_each_part_stands_once_and_after_all_that_it_imports(write_parts: WriteParts) -> None:
    folder = write_parts(
        {
            "main.js": 'import {two} from "./two.js";\nimport {one} from "./one.js";\nstart(one(), two());\n',
            "two.js": 'import {one} from "./one.js";\nexport const two = () => one() + say("second");\n',
            "one.js": 'export function one() {\n  return say("first");\n}\n',
        }
    )

    found = places(build(folder).decode(), "first", "second", "start(")

    assert found == sorted(found)


def test_nothing_of_the_building_stays_in_the_script(write_parts: WriteParts) -> None:
    folder = write_parts(
        {
            "main.js": 'import {load, Part} from "./part.js";\nload(Part);\n',
            "part.js": "// A reason\nexport async function load() {\n  return 1; /* more */\n}\nexport class Part {}\n",
        }
    )

    script = build(folder).decode()

    assert not re.search(r"\b(?:import|export)\b|reason|more", script)
    assert script.startswith('/*! Citewell, MIT */(()=>{"use strict";')
    assert script.endswith("})()\n")


def test_a_style_sheet_is_imported_as_its_text_and_json_as_its_value(write_parts: WriteParts) -> None:
    folder = write_parts(
        {
            "main.js": 'import css from "./look.css";\nimport facts from "./facts.json";\nuse(css, facts);\n',
            "look.css": '/* why */\np { margin: 0; }\np::before { content: "“"; }\n',
            "facts.json": '{\n  "yes": "হ্যাঁ"\n}\n',
        }
    )

    script = build(folder).decode()

    assert "p{margin:0}p::before{content:" in script
    assert 'yes:"হ্যাঁ"' in script
    assert "why" not in script


def test_a_value_that_two_parts_import_stands_in_the_script_once(write_parts: WriteParts) -> None:
    take = 'import facts from "./facts.json";\n'
    folder = write_parts(
        {
            "main.js": f'import {{part}} from "./part.js";\n{take}use(part(), facts);\n',
            "part.js": f"{take}export const part = () => facts.yes;\n",
            "facts.json": '{"yes": "certainly"}',
        }
    )

    assert build(folder).decode().count("certainly") == 1


def test_english_texts_stand_in_the_place_of_their_keys_and_the_named_ones_under_their_names(
    write_parts: WriteParts,
) -> None:
    strings = {"dir": "ltr", "texts": {"close": "Close “it”"}, "named": {"limit": "Too many"}}
    folder = write_parts(
        {
            "main.js": 'import english from "./strings/en.json";\nstart(english, words("close"), words(reason));\n',
            "strings/en.json": json.dumps(strings),
        }
    )

    script = build(folder).decode()

    assert 'words("Close “it”")' in script
    assert "words(reason)" in script
    assert re.search(r'dir:"ltr",limit:"Too many"', script)


REFUSED = {
    "a part that is not there": (
        {"main.js": 'import {one} from "./one.js";\n'},
        "main.js: imports one.js, which is not there",
    ),
    "a part that is not there, two imports down": (
        {
            "main.js": 'import {one} from "./one.js";\n',
            "one.js": 'import {two} from "./two.js";\nexport const one = 1;\n',
        },
        "one.js: imports two.js, which is not there",
    ),
    "a style sheet that is not there": (
        {"main.js": 'import css from "./look.css";\n'},
        "main.js: imports look.css, which is not there",
    ),
    "no part to begin with": ({}, "main.js: imports main.js, which is not there"),
    "names that the part does not export": (
        {
            "main.js": 'import {four, one, three} from "./one.js";\n',
            "one.js": "export const one = 1;\nconst three = 3;\n",
        },
        "main.js: one.js exports no four, three",
    ),
    "a name that two parts declare": (
        {
            "main.js": 'import {one} from "./one.js";\nimport {two} from "./two.js";\n',
            "one.js": "export const one = 1;\nfunction help() {}\n",
            "two.js": "export const two = 2;\nconst help = 1;\n",
        },
        "two.js: help is a name of one.js as well",
    ),
    "a name of its own that the part imports already": (
        {"main.js": 'import {one} from "./one.js";\nconst one = 2;\n', "one.js": "export const one = 1;\n"},
        "main.js: one is a name of one.js as well",
    ),
    "a value under a name that a part has": (
        {
            "main.js": 'import {facts} from "./one.js";\nimport facts from "./facts.json";\n',
            "one.js": "export const facts = 1;\n",
            "facts.json": "{}",
        },
        "main.js: facts is a name of one.js as well",
    ),
    "parts that import each other": (
        {
            "main.js": 'import {one} from "./one.js";\n',
            "one.js": 'import {two} from "./two.js";\nexport const one = 1;\n',
            "two.js": 'import {one} from "./one.js";\nexport const two = 2;\n',
        },
        "two.js: imports one.js, which imports it",
    ),
    "a text that English does not have": (
        {"main.js": 'start(words("open"));\n'},
        "main.js: says open, which is no text of en.json",
    ),
}


@pytest.mark.parametrize(("parts", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_built_is_refused_by_the_name_of_the_part(
    write_parts: WriteParts, parts: dict[str, str], message: str
) -> None:
    folder = write_parts(parts)

    with pytest.raises(BuildError) as caught:
        build(folder)

    assert str(caught.value) == f"{folder}/{message}"


# ---- what is served


def test_the_same_files_make_the_same_bytes(widget: Widget) -> None:
    again = load_widget()

    assert again == widget
    assert build() == build()
    assert widget.script.compressed["gzip"][4:8] == bytes(4), "no time of day in it"


def test_integrity_is_the_sha384_of_what_is_served(widget: Widget) -> None:
    digest = hashlib.sha384(widget.script.content).digest()

    assert widget.integrity == f"sha384-{base64.b64encode(digest).decode()}"


def test_a_release_is_a_short_name_of_exactly_these_bytes(widget: Widget) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", widget.release)
    assert widget.release == release_of(SCRIPT.read_bytes()) != release_of(b"start()")


def test_earlier_scripts_beside_it_are_served_as_long(tmp_path: Path) -> None:
    (tmp_path / "widget.js").write_bytes(b"start(2)")
    (tmp_path / "0123456789abcdef.js").write_bytes(b"start(1)")

    widget = load_widget(tmp_path / "widget.js")

    assert widget.script.content == b"start(2)"
    assert {name: script.content for name, script in widget.scripts.items()} == {
        release_of(b"start(1)"): b"start(1)",
        release_of(b"start(2)"): b"start(2)",
    }


def test_what_is_compressed_is_what_it_was(widget: Widget) -> None:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}

    for asset in (*widget.scripts.values(), *widget.strings.values()):
        assert list(asset.compressed) == ["br", "gzip"], "the smaller first"
        for name, content in asset.compressed.items():
            assert unpack[name](content) == asset.content


def test_all_of_it_stays_within_ten_thousand_bytes(widget: Widget) -> None:
    assert len(widget.script.compressed["br"]) <= BUDGET


# ---- languages

EVERY_LANGUAGE = pytest.mark.parametrize("language", STRINGS)


@EVERY_LANGUAGE
def test_every_language_says_all_that_english_says(language: str) -> None:
    strings, english = STRINGS[language], STRINGS[ENGLISH]

    assert strings.keys() - {"review"} == english.keys() == {"dir", "texts", "named"}
    assert strings["dir"] in ("ltr", "rtl")
    for part in ("texts", "named"):
        assert strings[part].keys() == english[part].keys()
        assert all(text and text == text.strip() for text in strings[part].values())


@EVERY_LANGUAGE
@pytest.mark.parametrize("part", ["texts", "named"])
def test_every_language_has_the_same_blanks_to_fill_in(language: str, part: str) -> None:
    def blanks(text: str) -> list[str]:
        return sorted(re.findall(r"\{\w*\}?", text))

    english = STRINGS[ENGLISH][part]

    assert {key: blanks(text) for key, text in STRINGS[language][part].items()} == {
        key: blanks(text) for key, text in english.items()
    }


def test_no_two_english_texts_are_the_same_since_each_is_the_key_of_its_translations() -> None:
    said = [*STRINGS[ENGLISH]["texts"].values(), *STRINGS[ENGLISH]["named"], "dir"]

    assert len(said) == len(set(said))


def test_bangla_says_that_it_awaits_its_review_and_english_needs_none() -> None:
    assert STRINGS["bn"]["review"] == "awaiting native review"
    assert "review" not in STRINGS[ENGLISH]


def test_every_file_of_strings_can_be_chosen_and_names_its_language_in_that_language() -> None:
    assert STRINGS.keys() == LANGUAGES.keys()
    assert LANGUAGES == {"en": "English", "bn": "বাংলা"}


@EVERY_LANGUAGE
def test_strings_are_served_by_the_english_that_the_script_asks_for(widget: Widget, language: str) -> None:
    english, strings = STRINGS[ENGLISH], STRINGS[language]

    served = json.loads(widget.strings[language].content)

    assert served == {
        "dir": strings["dir"],
        **strings["named"],
        **{english["texts"][key]: text for key, text in strings["texts"].items()},
    }


def test_every_text_is_said_by_some_part() -> None:
    parts = "\n".join(path.read_text("utf-8") for path in PARTS)

    assert {key for key in STRINGS[ENGLISH]["texts"] if f'words("{key}"' not in parts} == set()


# ---- what no part may do


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.name)
def test_no_part_does_what_a_page_may_forbid_or_a_visitor_would_not_want(path: Path) -> None:
    text = path.read_text("utf-8")

    assert {why: found for why, pattern in NEVER.items() if (found := re.findall(pattern, text))} == {}


def test_only_one_part_touches_what_the_tab_keeps() -> None:
    assert [path.name for path in PARTS if "sessionStorage" in path.read_text("utf-8")] == ["memory.js"]


def test_the_script_names_no_other_host(widget: Widget) -> None:
    script = widget.script.content.decode()
    namespace, example = "http://www.w3.org/2000/svg", ".example"

    addresses = [found for found in re.findall(r"[a-z]+://[^\s\"'`)]+", script) if found != namespace]

    assert [address for address in addresses if not address.endswith(example)] == []
    assert "url(" not in script
    assert "@import" not in script
    assert "@font-face" not in script
