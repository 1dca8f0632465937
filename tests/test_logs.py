"""The log: lines or JSON, never the words of a visitor; and a line for each request where the clinic wants it."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Never
from urllib.parse import urlsplit

import pytest
from flask import Flask

from bot.answering import Answerer
from tests.conftest import ROOT
from tests.services import started, stopped
from web import logs, start_line
from web.app import create_app
from web.prepared import FOLDER
from web.settings import LogFormat

CANARY = "canary7319"
PROGRAM = [sys.executable, str(ROOT / "server.py"), "--port", "0", "--access-log", "on"]


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """What is logged later is not written as here."""
    root = logging.getLogger()
    before = root.handlers[:]
    yield
    root.handlers = before


@pytest.fixture
def crashing(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application whose answerer fails with what was asked in its words, and in those of what led to it."""

    def fail(_self: Answerer, question: str, **_: Any) -> Never:
        try:
            raise KeyError(question)
        except KeyError as error:
            message = f"cannot read {question}"
            raise ValueError(message) from error

    monkeypatch.setattr(Answerer, "answer", fail)
    return create_app(answerer, logs_accesses=True)


@pytest.mark.parametrize("form", ["text", "json"])
def test_of_a_crash_the_log_has_kind_and_place_and_no_word_of_the_question(
    crashing: Flask, capsys: pytest.CaptureFixture[str], form: LogFormat
) -> None:
    logs.configure(form)

    response = crashing.test_client().post("/api/chat", json={"message": f"{CANARY} hurts"})
    said = capsys.readouterr().err

    assert response.status_code == 500
    assert CANARY not in said
    assert CANARY not in response.text
    assert "ValueError" in said
    assert "KeyError" in said
    assert "which led to" in said
    assert re.search(r"web/api\.py\W+, line \d+, in chat", said)
    assert response.headers["X-Request-ID"] in said


def test_lines_say_when_how_grave_and_where_and_cannot_be_broken(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("text")

    logging.getLogger("web.somewhere").warning("said %s", "a\nERROR b\x1b[0m\u2028c")
    (line,) = capsys.readouterr().err.splitlines()

    time, rest = line.split(" ", 1)
    assert time.endswith("Z")
    assert datetime.fromisoformat(time).tzinfo == UTC
    assert rest == "WARNING web.somewhere: said a\\x0aERROR b\\x1b[0m\\x2028c"


def test_each_record_is_an_object_of_json_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")

    logging.getLogger("web.somewhere").error("said “%s”", "a\nb")
    try:
        Path("/nowhere/canary").read_bytes()
    except OSError:
        logging.getLogger("web.somewhere").exception("cannot read")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())

    assert {name: first[name] for name in ("level", "logger", "message", "request_id")} == {
        "level": "ERROR",
        "logger": "web.somewhere",
        "message": "said “a\nb”",
        "request_id": None,
    }
    assert second["exception"].endswith("FileNotFoundError: No such file or directory")
    assert "/nowhere" not in second["exception"].rpartition("\n")[2]


def test_a_line_that_cannot_be_written_is_lost_and_whoever_logged_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    logs.configure("text")
    went_on = []

    with suppress(OSError), Path("/dev/full").open("w") as full:
        for stderr in (full, None):
            monkeypatch.setattr(sys, "stderr", stderr)
            logging.getLogger("web").warning("lost")
            went_on.append(stderr)

    assert went_on == [full, None]


def test_configuring_again_replaces_what_was_configured(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    logs.configure("text")

    logging.getLogger("web.somewhere").warning("once")

    assert capsys.readouterr().err.count("once") == 1


# ---- the real server


def spoken(address: str) -> list[str]:
    """Ask this and that; the names of the requests."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    names = []
    for method, path, body in (
        ("POST", f"/api/chat?{CANARY}", json.dumps({"message": f"{CANARY} worn shoes"})),
        ("POST", "/api/chat", json.dumps({"message": CANARY * 100})),
        ("GET", "/static/style.css", None),
        ("GET", f"/a%0Ab%1B%20c?q={CANARY}", None),
    ):
        headers = {"Content-Type": "application/json", "User-Agent": CANARY, "Referer": f"http://x/{CANARY}"}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        names.append(response.headers["X-Request-ID"])
    connection.close()
    return names


@pytest.mark.server
def test_the_access_log_says_what_was_asked_for_and_what_came_of_it_and_nothing_of_who_asked(tmp_path: Path) -> None:
    with started([*PROGRAM, "--data", str(tmp_path)], cwd=ROOT) as (process, address):
        names = spoken(address)
        said = stopped(process)

    lines = [line.split(" ", 1)[1] for line in said.splitlines()]
    form = re.compile(
        r"INFO web\.access_log: (?P<what>[A-Z]+ \S+ \d+) [\d.]+ ms (?P<bytes>\d+) bytes \[(?P<name>[0-9a-f]{16})\]"
    )
    found = [form.fullmatch(line) for line in lines]
    assert [match and match["what"] for match in found] == [
        "POST /api/chat 200",
        "POST /api/chat 422",
        "GET /static/style.css 200",
        "GET /a%0Ab%1B%20c 404",
    ]
    assert [match and match["name"] for match in found] == names
    assert CANARY not in said
    assert "127.0.0.1" not in said


@pytest.mark.server
def test_the_access_log_as_json_has_a_field_for_each(tmp_path: Path) -> None:
    command = [*PROGRAM, "--data", str(tmp_path), "--log-format", "json"]
    with started(command, cwd=ROOT, logs_it=True) as (process, address):
        names = spoken(address)
        said = stopped(process)

    records = [json.loads(line) for line in said.splitlines()]
    assert [record["request_id"] for record in records] == names
    assert [(record["method"], record["path"], record["status"]) for record in records] == [
        ("POST", "/api/chat", 200),
        ("POST", "/api/chat", 422),
        ("GET", "/static/style.css", 200),
        ("GET", "/a%0Ab%1B%20c", 404),
    ]
    assert all(record["bytes"] > 0 and record["ms"] >= 0 for record in records)
    assert CANARY not in said


@pytest.mark.server
def test_as_json_the_start_is_a_line_of_the_log_and_nothing_is_text(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file where a folder should be: something to warn of before the start line")
    command = [*PROGRAM, "--data", str(tmp_path), "--log-format", "json"]

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        lines = [process.stderr.readline() for _ in range(2)]
        process.terminate()
        rest = process.communicate(timeout=60)

    warning, start = map(json.loads, lines)
    assert warning["level"] == "WARNING"
    assert (start["level"], start["logger"]) == ("INFO", "web.start_line")
    assert re.fullmatch(
        r"Citewell answers on http://localhost:\d+/ \(\d+ passages of \d+ documents, version [0-9a-f]{12}\)\.",
        start["message"],
    )
    assert rest == ("", "")


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "localhost"), ("::", "localhost"), ("fd00::1", "[fd00::1]"), ("a", "a")]
)
def test_as_text_the_start_is_a_line_on_standard_output_that_a_browser_understands(
    answerer: Answerer, capsys: pytest.CaptureFixture[str], host: str, address: str
) -> None:
    start_line.say(answerer, host, 8000, "text")
    said = capsys.readouterr()

    assert said.out.startswith(f"Citewell answers on http://{address}:8000/ (")
    assert said.out.endswith("). Stop with Ctrl+C.\n")
    assert said.err == ""
