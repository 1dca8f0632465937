"""Ten thousand connections to the real server, one after the other: it keeps nothing of them."""

import json
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import ROOT
from tests.services import serving_process
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.server

CONNECTIONS = 10_000
WARM_UP = 600
QUESTION_EVERY = 5
"""The others ask whether the process runs, so that the test does not take long."""

MEGABYTE = 1024 * 1024
QUESTIONS = ("worn shoes", "sciatica", "qwxzy", "back pain and cant pee since morning", "my back", "rest days")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """An address and the process behind it."""
    command = [sys.executable, str(ROOT / "server.py"), "--port", "0", "--rate-limit", "off", "--data", str(tmp_path)]
    with serving_process(command, cwd=ROOT) as served:
        yield served


def family(process: int) -> list[int]:
    """The process and all below it."""
    threads = Path(f"/proc/{process}/task").iterdir()
    children = {int(child) for thread in threads for child in (thread / "children").read_text().split()}
    return [process, *(one for child in sorted(children) for one in family(child))]


def descriptors(process: int) -> int:
    """How many files and connections are open."""
    return sum(len(list(Path(f"/proc/{one}/fd").iterdir())) for one in family(process))


def resident(process: int) -> int:
    """Bytes of memory in use."""
    pages = [int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in family(process)]
    return sum(pages) * 4096


def visit(host: str, number: int) -> None:
    """One connection with one request, closed by the client or, every other time, by the server."""
    connection = HTTPConnection(host, timeout=PATIENCE)
    close = {"Connection": "close"} if number % 2 else {}
    if number % QUESTION_EVERY:
        connection.request("GET", "/healthz", headers=close)
    else:
        question = json.dumps({"message": QUESTIONS[number // QUESTION_EVERY % len(QUESTIONS)]})
        connection.request("POST", "/api/chat", question, {"Content-Type": "application/json", **close})
    response = connection.getresponse()
    assert response.read()
    assert response.status == 200
    connection.close()


def test_after_ten_thousand_connections_no_more_is_open_and_no_more_memory_in_use(served: tuple[str, int]) -> None:
    address, process = served
    host = urlsplit(address).netloc
    for number in range(WARM_UP):
        visit(host, number)
    before, memory = descriptors(process), resident(process)

    for number in range(CONNECTIONS):
        visit(host, number)

    eventually(lambda: descriptors(process) <= before + 1)  # a look at the content opens some, too
    assert resident(process) - memory < 5 * MEGABYTE
