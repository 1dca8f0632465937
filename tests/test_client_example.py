"""The example client in docs/ does what it says, and what /docs offers to paste works, both at the real server."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from urllib.request import urlopen

import pytest

from tests.conftest import ROOT
from tests.services import serving
from tests.waiting import PATIENCE
from web.limits import TOO_MANY

pytestmark = pytest.mark.server

CLIENT = [sys.executable, str(ROOT / "docs" / "client.py")]
SERVE = [sys.executable, str(ROOT / "server.py"), "--port", "0"]
EXAMPLE = "How can worn-out running shoes lead to back pain?"
EMERGENCY = "back pain and cant pee since morning"
DISCLAIMER = "Please consult a health professional."


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server without limits."""
    with serving([*SERVE, "--rate-limit", "off"], cwd=ROOT) as address:
        yield address


def ask(address: str, question: str) -> "subprocess.CompletedProcess[str]":
    """The example client, run as a person runs it."""
    return subprocess.run(
        [*CLIENT, question, address],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"},
    )


def test_it_prints_the_passage_with_its_source_and_the_advice(address: str) -> None:
    done = ask(address, EXAMPLE)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("“There is no good proof that worn-out shoes cause back pain.")
    assert "(/sources/faq#worn-shoes)" in done.stdout
    assert "Reviewed by no clinician yet" in done.stdout
    assert DISCLAIMER in done.stdout.splitlines()[-1]


def test_urgent_words_bring_the_safety_message_first_and_no_passage(address: str) -> None:
    done = ask(address, EMERGENCY)

    assert done.stdout.startswith("!! ")
    assert "Call " in done.stdout
    assert "“" not in done.stdout
    assert DISCLAIMER in done.stdout.splitlines()[-1]


def test_what_is_not_covered_is_said_with_the_advice(address: str) -> None:
    done = ask(address, "qwxzy")

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2


def test_a_refusal_is_said_and_urgent_words_in_it_are_met_all_the_same(address: str) -> None:
    done = ask(address, f"{EMERGENCY} {'x' * 500}")

    assert done.returncode == 1
    assert done.stdout.startswith("!! ")
    assert "cannot be used" in done.stderr


def test_one_question_too_many_is_told_when_to_ask_again() -> None:
    with serving([*SERVE, "--rate-limit", "1"], cwd=ROOT) as address:
        ask(address, EXAMPLE)
        done = ask(address, EXAMPLE)

    assert done.returncode == 1
    assert re.search(rf"^{re.escape(TOO_MANY)} Ask again in \d+ seconds\.$", done.stderr.strip())


def test_every_command_on_the_page_of_the_interface_gets_a_reply(address: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    with urlopen(f"{address}/docs", timeout=PATIENCE) as page:  # noqa: S310 - loopback
        commands = re.findall(r"<pre><code>(curl .*?)</code></pre>", page.read().decode(), re.DOTALL)

    got = [
        subprocess.run(
            ["/bin/sh", "-c", f"{unescape(command)} -o /dev/null -w '%{{http_code}}'"],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
            env=os.environ | {"CITEWELL": address},
        ).stdout
        for command in commands
    ]

    assert len(got) >= 9
    assert set(got) == {"200", "404"}  # the vote names an answer that there is not
    assert got.count("404") == 1
