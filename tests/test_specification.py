"""Schemathesis tries the whole document of the interface on the real server, by its command line.

What holds: no 5xx, every status, content type, header and field as described, what the schema allows is taken, what it
forbids is refused, and what one reply gives the next request takes. It says itself how to repeat what failed.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.services import serving

pytestmark = pytest.mark.server

EXAMPLES = 50
"""For each operation and phase; with the same seed always the same."""

SETTINGS = """\
hooks = "tests.specification_hooks"

[[operations]]
include-operation-id = "feedback"
# Beside a safety message no comment is kept, which no schema can say: refused with 422.
checks.positive_data_acceptance.expected-statuses = ["2xx", "404", "422"]
"""


def test_the_whole_specification_holds(tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(SETTINGS, "utf-8")
    limits = ["--rate-limit", "off", "--suggest-limit", "off"]
    command = [sys.executable, str(ROOT / "server.py"), "--port", "0", "--journal", "questions", *limits]

    with serving([*command, "--data", str(tmp_path / "data")], cwd=ROOT) as address:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json", "--no-color"),
                *("--seed", "1", "--max-examples", str(EXAMPLES), "--generation-database", "none"),
                *("--request-timeout", "20", "--workers", "1"),
            ],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Stateful (in" in done.stdout  # each phase was there
    assert "1 covered" in done.stdout
