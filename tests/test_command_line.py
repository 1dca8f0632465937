"""The ``citewell`` command: what it prints, where, and with which exit code."""

import errno
import json
import math
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

import bot
from bot.answering import Answerer
from server import cli
from tests.conftest import ROOT
from tests.waiting import PATIENCE
from web import embedding
from web.app import create_app

EXAMPLE = "How can worn-out running shoes lead to back pain?"
UNSURE = "my back"  # a word that many passages have, and no more
NOT_COVERED = "qwxzy"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of this machine's environment."""
    for name in ("CORPUS", "HOST", "PORT", "THREADS"):
        monkeypatch.delenv(f"CITEWELL_{name}", raising=False)


def run(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], env=environment)


def one_line(result: Result) -> str:
    """What a refused command says, which is one line, on standard error alone, with exit code 2."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


def folded(text: str) -> str:
    return " ".join(text.split())


# ---- ask


def test_an_answer_is_the_passage_its_source_the_advice_to_consult_and_the_way_to_help(answerer: Answerer) -> None:
    answer = answerer.answer(EXAMPLE)
    assert answer.passage
    assert answer.citation

    result = run("ask", EXAMPLE)
    title, *_ = result.stdout.splitlines()

    assert (result.exit_code, result.stderr) == (0, "")
    assert title == answer.passage.title
    assert answer.passage.text in folded(result.stdout)
    assert f"Source: {answer.citation.document} › {answer.citation.section}" in folded(result.stdout)
    assert "/sources/faq#worn-shoes" in result.stdout.split()
    assert "not yet reviewed by a clinician" in folded(result.stdout)
    assert f"[27] {answer.citation.references[0].text}" in folded(result.stdout)
    assert answer.disclaimer in folded(result.stdout)
    assert result.stdout.endswith("Signs you need help now: /sources/when-to-get-help\n")


@pytest.mark.parametrize(
    ("question", "columns", "width"),
    [(EXAMPLE, "200", 88), (EXAMPLE, "80", 80), (EXAMPLE, "40", 40), (UNSURE, "40", 40), (NOT_COVERED, "40", 40)],
)
def test_a_reply_is_wrapped_to_the_terminal_and_never_too_wide_to_read(question: str, columns: str, width: int) -> None:
    lines = run("ask", question, COLUMNS=columns).stdout.splitlines()

    assert [line for line in lines if len(line) > width and len(line.split()) > 1] == []
    assert max(map(len, lines)) > width - 20


def test_an_address_is_never_broken_however_narrow_the_terminal() -> None:
    assert "/sources/when-to-get-help" in run("ask", EXAMPLE, COLUMNS="10").stdout.splitlines()


def test_suggestions_name_the_passages_that_may_be_meant_best_first(answerer: Answerer) -> None:
    alternatives = answerer.answer(UNSURE).alternatives

    result = run("ask", UNSURE, COLUMNS="200")

    assert result.exit_code == 1
    named = [line for line in result.stdout.splitlines() if line.startswith("- ")]
    assert folded(" ".join(named)) == " ".join(f"- {other.title}" for other in alternatives) != ""
    assert "Please consult a health professional." in folded(result.stdout)


def test_no_answer_says_so_and_names_whom_to_call() -> None:
    result = run("ask", NOT_COVERED)

    assert result.exit_code == 1
    assert result.stdout.startswith("Our content does not cover that.")
    assert "Dr. Sapia Akter’s clinic: 01877733322" in result.stdout
    assert "Please consult a health professional." in folded(result.stdout)


def test_a_review_and_that_it_is_overdue_stand_in_the_source(write_corpus: Callable[..., Path]) -> None:
    front = "---\ntitle: Shoes\nauthor: Dr. A\nreviewed: 2019-05-01\nnext_review: 2020-05-01\n---\n"
    folder = write_corpus({"faq.md": f"{front}\n## Old shoes\n\n- Replace them.\n"})

    lines = run("ask", "old shoes", "--corpus", folder).stdout.splitlines()

    assert "  - Replace them." in lines
    assert "        Dr. A; reviewed 2019-05-01; review overdue" in lines


@pytest.mark.parametrize("question", [EXAMPLE, UNSURE, NOT_COVERED])
def test_the_json_is_the_reply_of_the_interface(client: FlaskClient, question: str) -> None:
    result = run("ask", "--json", question)

    assert json.loads(result.stdout) == client.post("/api/chat", json={"message": question}).get_json()
    assert result.exit_code == (0 if question == EXAMPLE else 1)
    assert "clinic’s" in result.stdout


@pytest.mark.parametrize(("topic", "passage"), [("sciatica", "page#sciatica"), ("blisters", "page#blisters")])
def test_a_follow_up_is_answered_with_what_was_asked_before(two_topics: Path, topic: str, passage: str) -> None:
    context = ["I like jogging", f"I think I have {topic}"]
    message = "and how do I prevent that?"
    client = create_app(bot.build(two_topics)).test_client()

    result = run("ask", message, "--json", "--corpus", two_topics, *(f"--context={earlier}" for earlier in context))

    assert json.loads(result.stdout)["passage"]["id"] == passage
    assert (
        json.loads(result.stdout) == client.post("/api/chat", json={"message": message, "context": context}).get_json()
    )


@pytest.mark.parametrize(
    ("context", "said"),
    [
        (["shoes", " "], "citewell: --context must not be blank"),
        (["x" * 501], "citewell: --context must have at most 500 characters; it has 501"),
        (["a", "b", "c", "d"], "citewell: --context may stand 3 times at most; it stands 4 times"),
    ],
)
def test_an_earlier_message_has_the_limits_of_the_interface(context: list[str], said: str) -> None:
    assert one_line(run("ask", "why?", *(f"--context={earlier}" for earlier in context))) == said


def _explained(said: str) -> tuple[list[str], list[tuple[str, float, list[tuple[float, str, str, str]]]]]:
    """The words searched, then passages with what each term added: number, word, term, field."""
    words: list[str] = []
    found: list[tuple[str, float, list[tuple[float, str, str, str]]]] = []
    for line in said.partition("\nSearched:\n")[2].splitlines():
        if not found and line.startswith("  ") and ": " in line:
            words.append(line.strip())
        elif " coverage " in line:
            number, name, *_ = line.split()
            found.append((name, float(number), []))
        else:
            number, word, arrow, term, within, field = line.split()
            assert (arrow, within) == ("→", "in")
            found[-1][2].append((float(number), word, term, field))
    return words, found


def test_an_explanation_shows_what_was_searched_and_what_each_added_and_the_sum_is_right(answerer: Answerer) -> None:
    finding = answerer.find("which worn trainers hurt", limit=3)
    query, hits = finding.query, finding.hits

    said = run("ask", "which worn trainers hurt", "--explain").stdout
    words, found = _explained(said)

    assert [word.partition(": ")[0] for word in words] == [concept.word for concept in query.concepts]
    assert words[1].startswith("worn: worn × 1, ")  # and what the lexicon adds
    assert words[-1] == "?which: ?which × 0.5"
    for word, concept in zip(words, query.concepts, strict=True):
        assert word.partition(": ")[2] == ", ".join(
            f"{term} × {weight * concept.weight:.2g}" for term, weight in concept.terms.items()
        )
    assert max(len(concept.terms) for concept in query.concepts) > 1  # the shipped lexicon has something to add
    assert [name for name, _, _ in found] == [hit.passage.passage_id for hit in hits]
    for (_, score, added), hit in zip(found, hits, strict=True):
        assert score == pytest.approx(hit.score, abs=0.0006)
        assert sum(row[0] for row in added) == pytest.approx(score, abs=0.0006 * (len(added) + 1))  # each is rounded
        assert [row[0] for row in added] == sorted((row[0] for row in added), reverse=True)
        assert {row[1:] for row in added} == {(one.word, one.term, one.field) for one in hit.contributions}
        assert len(added) == len(hit.contributions) > 1
        assert f"{hit.passage.passage_id}  coverage {hit.coverage:.2f}\n" in said


def test_an_explanation_shows_the_word_that_was_meant_beside_the_one_that_was_typed(
    write_corpus: Callable[..., Path],
) -> None:
    lexicon = '[[one_way]]\nfrom = ["sciatica"]\nto = ["nerve pain"]\nweight = 0.5\n'
    folder = write_corpus({"page.md": "# Sciatica\n\nNerve pain.\n", "lexicon.toml": lexicon})

    words, ((_, _, added), *_) = _explained(run("ask", "SIATICA", "--explain", "--corpus", folder).stdout)

    assert words == ["SIATICA: sciatica × 1, siatica × 1, nerv × 0.35, pain × 0.35"]  # 0.5 / √2 = 0.354
    assert {row[1:] for row in added} >= {("SIATICA", "sciatica", "text"), ("SIATICA", "nerv", "text")}


def test_an_explanation_of_fixed_wording_names_the_rule_and_the_words_that_it_went_by() -> None:
    result = run("ask", "how many mg of ibuprofen can I take", "--explain")

    assert result.exit_code == 1
    assert result.stdout.startswith("This chat cannot tell you how much of a medicine to take")
    rule = "Fixed wording: dose, how much or how many of a medicine (how many mg of ibuprofen)"
    assert f"\n{rule}\nSearched:\n" in result.stdout
    assert "treatment-pain-relievers" in result.stdout  # what would have been found
    assert "Fixed wording" not in run("ask", NOT_COVERED, "--explain").stdout


def test_an_explanation_marks_the_words_of_an_earlier_message(write_corpus: Callable[..., Path]) -> None:
    folder = write_corpus({"page.md": "# Sciatica\n\nNerve pain.\n"})

    words, ((_, _, added), *_) = _explained(
        run("ask", "why?", "--explain", "--context", "sciatica", "--corpus", folder).stdout
    )

    assert words == [
        "why: whi × 1",
        "?cause: ?cause × 0.5",
        "sciatica: sciatica × 0.8, borrowed from an earlier message",
    ]
    assert ("sciatica", "sciatica", "text") in {row[1:] for row in added}


def test_an_explanation_beside_json_stands_on_standard_error() -> None:
    result = run("ask", "worn-out shoes", "--json", "--explain")

    assert json.loads(result.stdout)["kind"] == "answer"
    assert "\nSearched:\n  worn: worn × 1\n" in result.stderr


def test_an_explanation_of_a_question_without_known_words_says_what_was_searched() -> None:
    assert run("ask", NOT_COVERED, "--explain").stdout.endswith("\nSearched:\n  qwxzy: qwxzi × 1\n")
    assert (
        "\nSearched: nothing, there is no word of content in the question\n" in run("ask", "it is?", "--explain").stdout
    )


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ("", "the question must not be blank"),
        (" \u200b", "the question must not be blank"),
        ("a\x1b[31mb", "the question must not contain control characters"),
        ("x" * 501, "the question must have at most 500 characters; it has 501"),
    ],
    ids=["empty", "blank", "control", "long"],
)
def test_a_question_that_cannot_be_used_is_refused_in_one_line(question: str, complaint: str) -> None:
    assert one_line(run("ask", question)) == f"citewell: {complaint}"


def test_a_question_that_is_not_utf_8_is_refused_in_one_line() -> None:
    assert one_line(run("ask", "shoes \udcff")).startswith("citewell: the question ")


# ---- check


def test_check_says_what_is_there_and_what_deserves_a_look(write_corpus: Callable[..., Path]) -> None:
    front = "---\ntitle: Shoes\nnext_review: 2020-05-01\n---\n"
    text = "\n## Old\n\nReplace.[^1]\n\n## New\n\nRun.\n\n[^1]: Smith 2020.\n\n[^2]: Jones 2021.\n"
    folder = write_corpus({"faq.md": front + text})

    result = run("check", "--corpus", folder)
    *warnings, counts = result.stdout.splitlines()

    assert (result.exit_code, result.stderr) == (0, "")
    assert warnings == [
        f"warning: {folder}/faq.md:16: reference 2 is listed but no passage cites it",
        "warning: “Shoes” was due for review on 2020-05-01",
        "warning: no document when-to-get-help.md: answers carry no link “Signs you need help now”",
    ]
    assert re.fullmatch(r"1 documents, 2 passages, 3 warnings, version [0-9a-f]{12}", counts)


def test_check_of_the_shipped_corpus_finds_nothing_wrong(answerer: Answerer) -> None:
    result = run("check")

    assert result.exit_code == 0
    assert f"3 documents, {len(answerer.passages)} passages, " in result.stdout
    assert f"version {answerer.corpus.version}" in result.stdout


# ---- embed


def test_embed_prints_both_steps_with_the_line_of_the_demo_page(answerer: Answerer) -> None:
    result = run("embed", "https://ask.clinic.example/", "--site", "https://clinic.example")

    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert "CITEWELL_ALLOWED_ORIGINS=https://clinic.example" in lines
    assert embedding.line("https://ask.clinic.example", answerer.corpus.clinic) in lines


def test_embed_takes_the_website_from_the_clinic_unless_it_is_told(write_corpus: Callable[..., Path]) -> None:
    clinic = 'site = "https://www.clinic.example/welcome"\nphone = "\\">&"\n'
    folder = write_corpus({"faq.md": "# S\n\nOld.\n", "clinic.toml": clinic})

    own = run("embed", "http://localhost:8000", "--corpus", folder).stdout
    told = run("embed", "http://localhost:8000", "--site", "https://*.other.example", "--corpus", folder).stdout

    assert "CITEWELL_ALLOWED_ORIGINS=https://www.clinic.example\n" in own
    assert "CITEWELL_ALLOWED_ORIGINS=https://*.other.example\n" in told
    assert 'data-phone="&#34;&gt;&amp;"' in own


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["http://ask.clinic.example"], "'http://ask.clinic.example' is not allowed; expected the address of Citewell"),
        (
            ["https://ask.clinic.example", "--site", "clinic"],
            "'clinic' is not allowed; expected the address of the web",
        ),
        (["https://ask.clinic.example", "--site", ""], "'' is not allowed; expected the address of the website"),
    ],
)
def test_embed_refuses_an_address_that_no_website_can_use_in_one_line(arguments: list[str], said: str) -> None:
    assert one_line(run("embed", *arguments)).startswith(f"citewell: {said}")


# ---- a broken corpus

BROKEN: dict[str, tuple[dict[str, str | bytes], str]] = {
    "no title": ({"faq.md": "Shoes.\n"}, "faq.md:1: a missing title"),
    "html": ({"faq.md": "# S\n\nOld.\n\n<b>New</b>\n"}, "faq.md:5: raw HTML"),
    "anchor twice": ({"faq.md": "# S\n\n## A\n\nOld.\n\n## A\n\nNew.\n"}, "faq.md:7: duplicate anchor “a”"),
    "footnote": ({"faq.md": "# S\n\nOld.[^7]\n"}, "faq.md:3: footnote [^7] is used but not defined"),
    "bytes": ({"faq.md": b"# S\n\nOld \xff.\n"}, "faq.md:3: byte 0xff is not UTF-8"),
    "question": ({"faq.md": "# S\n\n## Why?\n\n## How?\n\nSo.\n"}, "faq.md:3: the question “Why?” has no answer"),
    "date": ({"faq.md": "---\ntitle: S\nreviewed: May\n---\n\nOld.\n"}, "faq.md:3: reviewed: 'May'"),
    "address": ({"faq.md": "---\ntitle: S\nurl: https://[x#y\n---\n\nOld.\n"}, "faq.md:3: url: 'https://[x#y'"),
    "host": ({"faq.md": "---\ntitle: S\nurl: https://[zz]/#y\n---\n\nOld.\n"}, "faq.md:3: url: 'https://[zz]/#y'"),
    "second file": ({"a.md": "# A\n\nA.\n", "faq.md": "# S\n\n<b>\n"}, "faq.md:3: raw HTML"),
    "clinic": ({"faq.md": "# S\n\nOld.\n", "clinic.toml": 'nmae = "x"\n'}, "clinic.toml: nmae = 'x' is not allowed"),
    "disclaimer": ({"faq.md": "# S\n\nOld.\n", "clinic.toml": 'disclaimer = " "\n'}, "clinic.toml: disclaimer = ' '"),
    "lexicon": (
        {"faq.md": "# S\n\nOld.\n", "lexicon.toml": '[[group]]\nwords = ["x"]\n'},
        "lexicon.toml: group.0.words = ['x'] is not allowed",
    ),
    "also asked": ({"faq.md": "# S\n\nOld.\n\n<!-- also asked: why -->\n"}, "faq.md:5: cannot read the comment"),
    "toml": ({"faq.md": "# S\n\nOld.\n", "clinic.toml": "name\n"}, "clinic.toml: cannot be read as TOML"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_corpus_is_refused_in_one_line_that_names_file_line_and_expectation(
    write_corpus: Callable[..., Path], name: str
) -> None:
    files, complaint = BROKEN[name]
    folder = write_corpus(files)

    line = one_line(run("check", "--corpus", folder))

    assert line.startswith(f"citewell: {folder}/{complaint}")
    assert re.search(r"; expected \S", line)


@pytest.mark.parametrize("command", [["ask", "shoes"], ["ask", "shoes", "--json"], ["check"], ["serve", "--port", "0"]])
def test_every_command_refuses_a_broken_corpus_in_the_same_line(
    write_corpus: Callable[..., Path], command: list[str]
) -> None:
    folder = write_corpus({"faq.md": "# S\n\n<b>New</b>\n"})

    line = one_line(run(*command, "--corpus", folder))

    assert (
        line
        == f"citewell: {folder}/faq.md:3: raw HTML “<b>”; expected Markdown, or an HTML comment on lines of its own"
    )


def test_a_folder_that_is_not_there_or_empty_is_refused_in_one_line(tmp_path: Path) -> None:
    assert one_line(run("check", "--corpus", tmp_path)).startswith(f"citewell: {tmp_path}: no document in this folder")
    assert one_line(run("check", "--corpus", tmp_path / "x")).startswith(f"citewell: {tmp_path}/x: no such folder")
    (tmp_path / "x").write_text("")
    assert one_line(run("check", "--corpus", tmp_path / "x")).startswith(
        f"citewell: {tmp_path}/x: this is a file, and no folder; expected a folder"
    )


def test_a_data_folder_that_is_a_file_is_refused_in_one_line_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")

    said = f"cannot write in the data folder {tmp_path}/x: it is a file, and no folder. CITEWELL_DATA names another"
    assert one_line(run("serve", "--data", tmp_path / "x", "--port", "0")) == f"citewell: {said}"
    assert one_line(run("staff", "list", "--data", tmp_path / "x")).endswith(said)


# ---- wrong use


@pytest.mark.parametrize(
    ("arguments", "environment", "complaint"),
    [
        (["serve", "--port", "x"], {}, "--port: 'x' is not allowed; expected a whole number from 0 to 65535"),
        (["serve"], {"CITEWELL_PORT": "65536"}, "CITEWELL_PORT: '65536' is not allowed; expected a whole number"),
        (["serve", "--threads", "0"], {}, "--threads: '0' is not allowed; expected a whole number from 1 to 64"),
        (["check", "--corpus", ""], {}, "--corpus: '' is not allowed; expected a folder"),
        (["serve", "--allowed-origins", "*"], {}, "--allowed-origins: '*' is not allowed; expected sites such as"),
        (["check"], {"CITEWELL_CORPSE": "x"}, "CITEWELL_CORPSE: no such setting; expected one of CITEWELL_A"),
        (["ask", "shoes"], {"CITEWELL_CORPUS": "/nope"}, "/nope: no such folder; expected a folder"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_line(
    arguments: list[str], environment: dict[str, str], complaint: str
) -> None:
    assert one_line(run(*arguments, **environment)).startswith(f"citewell: {complaint}")


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "a", "b"], ["nope"], ["ask", "a", "--nope"], ["check", "x"]])
def test_wrong_use_has_exit_code_2_and_prints_no_answer(arguments: list[str]) -> None:
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


def test_a_port_in_use_is_refused_in_one_line(write_corpus: Callable[..., Path]) -> None:
    folder = write_corpus({"faq.md": "# S\n\nOld.\n"})

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        line = one_line(run("serve", "--corpus", folder, "--port", str(port)))

    said, _, hint = line.partition(". ")
    assert said == f"citewell: cannot listen on 127.0.0.1, port {port}: Address already in use"
    assert hint == f"Take another with --port, or see who has it: ss -ltnp 'sport = :{port}'"


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        # kept for documentation, so no machine has it
        ("192.0.2.1", "Cannot assign requested address. Listen on one of this machine's own"),
        # no network interface is called so
        ("::1%nope", "this machine knows no such host. Listen on an address of its own"),
    ],
)
def test_an_address_that_this_machine_does_not_have_is_refused_in_one_line_with_the_reason(
    write_corpus: Callable[..., Path], host: str, reason: str
) -> None:
    folder = write_corpus({"faq.md": "# S\n\nOld.\n"})

    line = one_line(run("serve", "--corpus", folder, "--host", host, "--port", "0"))

    assert line.startswith(f"citewell: cannot listen on {host}, port 0: {reason}")


def test_a_port_that_only_root_may_take_is_refused_in_one_line_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, write_corpus: Callable[..., Path]
) -> None:
    """As the system refuses it, which refuses root nothing."""

    def refuse(*_: object, **__: object) -> socket.socket:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refuse)

    line = one_line(run("serve", "--corpus", write_corpus({"faq.md": "# S\n\nOld.\n"}), "--port", "80"))

    assert line == (
        "citewell: cannot listen on 127.0.0.1, port 80: Permission denied. "
        "Take one from 1024 on with --port, and let a reverse proxy have this one"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serv"], "No such command 'serv'. Did you mean 'serve'?"),
        (["evalute", "x"], "No such command 'evalute'. Did you mean 'evaluate'?"),
        (["--prot", "8000"], "No such option '--prot'."),
    ],
)
def test_who_mistypes_a_command_of_the_program_is_told_the_nearest(arguments: list[str], said: str) -> None:
    command = [sys.executable, str(ROOT / "server.py"), *arguments]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


# ---- help


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_command(option: str) -> None:
    result = run(option)

    assert result.exit_code == 0
    assert all(f"  {name} " in result.stdout for name in ("ask", "check", "evaluate", "serve", "settings"))


def test_help_of_serve_names_every_setting_with_its_default() -> None:
    text = folded(run("serve", "-h").stdout)

    for option, default in (
        ("corpus", "the shipped corpus"),
        ("host", "127.0.0.1"),
        ("port", "8000"),
        ("threads", "4"),
    ):
        assert f"--{option} " in text
        assert f"[default: {default}]" in text


def test_settings_prints_the_table_of_readme() -> None:
    assert run("settings").stdout.startswith("| Environment | Option | Default | Allowed | What it does |\n")


def test_the_version_is_that_of_the_project() -> None:
    assert run("--version").stdout == f"citewell {metadata.version('citewell')}\n"


@pytest.mark.server
def test_the_program_itself_refuses_a_broken_corpus_in_one_line(write_corpus: Callable[..., Path]) -> None:
    folder = write_corpus({"faq.md": "# S\n\n<b>New</b>\n"})
    command = [sys.executable, str(ROOT / "server.py"), "--corpus", str(folder), "--port", "0"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == f"citewell: {folder}/faq.md:3: raw HTML “<b>”; expected Markdown, or an HTML comment on lines of its own\n"
    )


@pytest.mark.server
def test_the_program_itself_helps() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "server.py", "-h"], capture_output=True, text=True, timeout=PATIENCE, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "Answer QUESTION" in done.stdout


def test_an_explanation_says_why_a_question_is_refused() -> None:
    said = run("ask", "which brand of shoes is best", "--explain").stdout
    judged = said[said.index("Judged: ") : said.index("Searched:")]

    assert judged.startswith("Judged: none, confidence 0.")
    added = [float(line.split()[0]) for line in judged.splitlines()[1:] if not line.startswith(" " * 10)]
    confidence = float(judged.splitlines()[0].rpartition(" ")[2])
    assert 1 / (1 + math.exp(-sum(added))) == pytest.approx(confidence, abs=0.01)
    assert "brand -" in judged
    assert "(not answered here)" in judged


def test_calibrate_prints_the_fit_and_writes_it_only_when_asked_to(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    ways = "\n".join(f"how do I mend a bicycle wheel {place} {what}" for place in PLACES for what in THINGS)
    (corpus / "page.md").write_text(f"# Wheels\n\nTrue the wheel.\n\n<!-- also asked:\n{ways}\n-->\n", "utf-8")

    printed = run("calibrate", "--corpus", corpus)
    assert printed.exit_code == 0, printed.output
    assert re.search(r"^AUROC 0\.\d{3}$|^AUROC 1\.000$", printed.stdout, re.MULTILINE)
    assert not (corpus / "judging.toml").exists()

    assert run("calibrate", "--corpus", corpus, "--write").stdout == printed.stdout
    written = (corpus / "judging.toml").read_text("utf-8")
    assert printed.stdout.endswith(written)
    assert run("check", "--corpus", corpus).exit_code == 0


def test_calibrate_says_when_there_is_too_little_to_learn_from(write_corpus: Callable[..., Path]) -> None:
    refused = run("calibrate", "--corpus", write_corpus({"page.md": "# Sleep\n\nLie on your side.\n"}))

    assert one_line(refused).startswith("citewell: 0 ways to ask are too few")


PLACES = ("at home", "on the road", "in the rain", "by myself", "without a stand", "at night", "on tour")
THINGS = ("that wobbles", "with a broken spoke", "after a crash", "that rubs the brake", "that is old")
