"""The audit of dependencies tells three things apart: found, clean, and nobody could be asked."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.services import free_port

PYTHON = ROOT / ".venv-audit" / "bin" / "python"

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not PYTHON.exists(), reason="pip-audit is not installed (make .venv-audit/audit.stamp)"),
]

KNOWN = {
    "id": "GHSA-xxxx-yyyy-zzzz",
    "summary": "Flask lets strangers in.",
    "details": "It does.",
    "published": "2026-11-01T00:00:00Z",
    "modified": "2026-11-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "flask", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9.9"}]}],
        }
    ],
}


@contextmanager
def service(replies: Mapping[str, Any], status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """A stand-in for the service that knows of vulnerabilities: its address, and the packages it was asked about."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            name = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]["name"]
            asked.append(name)
            body = json.dumps(replies.get(name, {})).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
        server.shutdown()
        thread.join()


def audit(url: str, *more: str) -> tuple[int, str]:
    """Exit code, and what was said."""
    command = [str(PYTHON), str(ROOT / ".ci" / "audit.py"), "--osv-url", url, *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout + done.stderr


def test_where_nothing_is_known_of_any_package_it_is_clean() -> None:
    pinned = {*re.findall(r"(?m)^([a-z0-9-]+)==", (ROOT / "requirements" / "run.txt").read_text())}

    with service({}) as (url, asked):
        code, said = audit(url)

    assert code == 0
    assert re.fullmatch(r"audit: none of \d+ packages is known to be vulnerable\n", said)
    assert {*asked} <= pinned  # those of other systems are not asked about
    assert {"flask", "waitress", "sqlalchemy", "pydantic"} <= {*asked}


def test_a_vulnerable_package_is_named_and_fails() -> None:
    with service({"flask": {"vulns": [KNOWN]}}) as (url, _):
        code, said = audit(url)

    assert code == 1
    assert re.fullmatch(r"audit: flask [0-9.]+: GHSA-xxxx-yyyy-zzzz, mended in 9\.9\.9\n", said)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_service_that_cannot_answer_is_a_skip_with_a_word_and_never_clean(status: int) -> None:
    with service({}, status) as (url, _):
        code, said = audit(url)

    assert code == 0
    assert said.startswith(f"audit: skipped, {url} did not answer: ")


def test_a_service_that_is_not_there_is_a_skip_with_a_word_and_never_clean() -> None:
    code, said = audit(f"http://127.0.0.1:{free_port()}/v1/query")

    assert code == 0
    assert said.startswith("audit: skipped, ")


@pytest.mark.parametrize("written", ["flask", "flask==3.1.3\n", "flask=?"])
def test_a_list_that_pins_nothing_by_its_hash_is_refused(tmp_path: Path, written: str) -> None:
    path = tmp_path / "run.txt"
    path.write_text(written)

    with service({}) as (url, asked):
        code, said = audit(url, "--requirement", str(path))

    assert code == 2
    assert str(path) in said
    assert asked == []


def test_pip_audit_is_no_part_of_what_citewell_runs_on_or_is_tested_with() -> None:
    for name in ("run.txt", "dev.txt"):
        assert "pip-audit" not in (ROOT / "requirements" / name).read_text()
