"""Numbers of several real processes: a scrape of any of them gives the sums of all."""

import json
import os
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import ROOT
from tests.services import serving

pytestmark = pytest.mark.server

ROW = "process_resident_memory_bytes"
COMMAND = [sys.executable, str(ROOT / "server.py"), "--port", "0", "--rate-limit", "off"]
ONLY_PROCESSES = ["unshare", "--mount", "sh", "-c", 'mount -t proc -o subset=pid proc /proc && exec "$@"', "sh"]
"""Shows in ``/proc`` no more than ``ProcSubset=pid`` of our unit for systemd does."""


def got(address: str, method: str, path: str, body: str | None = None) -> str:
    """What a connection of its own gets: each may reach another process."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    said = connection.getresponse().read().decode()
    connection.close()
    return said


def scraped(address: str) -> tuple[float, set[str]]:
    """How many questions were answered, and which processes there are."""
    families = text_string_to_metric_families(got(address, "GET", "/metrics"))
    samples = [sample for family in families for sample in family.samples]
    answered = sum(sample.value for sample in samples if sample.name == "citewell_answers_total")
    return answered, {sample.labels["process"] for sample in samples if sample.name == ROW}


def test_whichever_process_is_asked_says_what_all_have_answered(tmp_path: Path) -> None:
    with serving([*COMMAND, "--processes", "3", "--data", str(tmp_path)], cwd=ROOT) as address:
        for number in range(30):
            got(address, "POST", "/api/chat", json.dumps({"message": f"worn shoes {number}"}))
        found = [scraped(address) for _ in range(12)]

    assert found == [(30.0, {"0", "1", "2"})] * 12


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may hide a part of /proc")
def test_memory_and_start_of_each_process_are_told_where_the_system_shows_nothing_but_processes(tmp_path: Path) -> None:
    with serving([*ONLY_PROCESSES, *COMMAND, "--processes", "2", "--data", str(tmp_path)], cwd=ROOT) as address:
        said = [got(address, "GET", "/metrics").splitlines() for _ in range(8)]

    for name in (ROW, "process_start_time_seconds", "process_open_fds"):
        assert all(sum(line.startswith(f"{name}{{") for line in lines) == 2 for lines in said), name
    starts = {line for lines in said for line in lines if line.startswith("process_start_time_seconds{")}
    assert len(starts) == 2
