"""How many questions a second Citewell answers, and how soon, beside a Flask view that does nothing.

``python -m benchmarks.load`` starts both on one web server (`benchmarks.null`) and lets wrk (Debian's package) post
to them over loopback: rounds by turns, so that what else the machine does hits both. Every question is another one,
made from the judged questions. Bounded by the count of requests and the time of each round.

Times of one run compare; across runs and machines, ratios and the CPU time of a request do.
"""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from statistics import median

import click

from benchmarks.null import PATH as NULL

ROOT = Path(__file__).resolve().parent.parent
JUDGED = (ROOT / "benchmarks" / "held_out.jsonl", ROOT / "corpus" / "questions.jsonl")
SCRIPT = ROOT / "benchmarks" / "load.lua"
CHAT = "/api/chat"

OPENINGS = (
    "",
    "Hello. ",
    "Please tell me: ",
    "My sister asks: ",
    "A quick one, ",
    "Sorry, ",
    "Doctor, ",
    "Just wondering, ",
)
ENDINGS = ("", " Thanks.", " I run on Mondays.", " I am new to this.", " It is for my father.", " I train for 10 km.")
"""What people write around a question. Each makes it another one, to be read and searched anew."""

START_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")
MB = 1024


@dataclass(frozen=True, slots=True)
class Round:
    """What wrk measured in one round, and the CPU time that the server took for one request."""

    requests: int
    seconds: float
    errors: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    cpu_ms: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of the whole run, and of each round."""

    rounds: int
    seconds: int
    requests: int
    connections: int


def questions() -> Iterator[str]:
    """Thousands, all different: the judged ones first, then the same with other words around them."""
    judged = dict.fromkeys(
        json.loads(line)["q"] for path in JUDGED for line in path.read_text("utf-8").splitlines() if '"q"' in line
    )
    for opening, ending in product(OPENINGS, ENDINGS):
        yield from (f"{opening}{question}{ending}" for question in judged)


def measure(address: str, pid: int, bodies: Path, bounds: Bounds) -> dict[str, list[Round]]:
    """The rounds of both by their paths; the first of each, when things are done for the first time, is left out."""
    rounds: dict[str, list[Round]] = {CHAT: [], NULL: []}
    for number in range(bounds.rounds + 1):
        first = 1 + number * bounds.requests
        for path, done in rounds.items():
            measured = _round(address + path, pid, bodies, first, bounds)
            if number:
                done.append(measured)
    return rounds


def _round(url: str, pid: int, bodies: Path, first: int, bounds: Bounds) -> Round:
    command = ["wrk", "--threads", "1", "--connections", str(bounds.connections), "--duration", f"{bounds.seconds}s"]
    arguments = ["--script", str(SCRIPT), url, str(bodies), str(first), str(bounds.requests)]
    before = _cpu_seconds(pid)
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, *arguments], capture_output=True, text=True, check=True, timeout=bounds.seconds + 60
    )
    measured = json.loads(done.stdout.splitlines()[-1])
    used = _cpu_seconds(pid) - before
    return Round(**measured, cpu_ms=used * 1000 / max(1, measured["requests"]))


def report(rounds: Mapping[str, Sequence[Round]]) -> str:
    """A table with the medians over the rounds, and the medians of the ratios within each pair of rounds."""
    figures = ("rate", "p50_ms", "p99_ms", "max_ms", "cpu_ms")
    lines = [f"{'':12}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}{'CPU ms':>10}{'errors':>8}"]
    for path, done in rounds.items():
        middle = [median(getattr(one, figure) for one in done) for figure in figures]
        cells = f"{middle[0]:12.0f}" + "".join(f"{value:10.2f}" for value in middle[1:])
        lines.append(f"{path:12}{cells}{sum(one.errors for one in done):8}")
    pairs = list(zip(rounds[CHAT], rounds[NULL], strict=True))
    ratios = [median(getattr(chat, figure) / getattr(null, figure) for chat, null in pairs) for figure in figures]
    return "\n".join([*lines, f"{'ratio':12}{ratios[0]:12.2f}" + "".join(f"{ratio:10.2f}" for ratio in ratios[1:])])


def memory(pid: int) -> str:
    """What the processes of the server take: each alone, and all with what they share counted once."""
    pids = _family(pid)
    alone = [_kilobytes(one, "Rss") // MB for one in pids]
    together = sum(_kilobytes(one, "Pss") for one in pids) // MB
    return f"memory: {' + '.join(map(str, alone))} MB resident, {together} MB in all (shared pages counted once)"


def _family(pid: int) -> list[int]:
    """The process, its children and theirs."""
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return [pid, *(one for child in children for one in _family(child))]


def _cpu_seconds(pid: int) -> float:
    stats = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in _family(pid)]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / TICKS


def _kilobytes(pid: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@contextmanager
def started(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The server, listening on ``port``; stopped at the end."""
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        _await(process, port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=START_SECONDS)


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = f"{command_text(process)}: does not listen"
    raise click.ClickException(message)


def command_text(process: subprocess.Popen[bytes]) -> str:
    """The command line of ``process``."""
    return shlex.join(map(str, process.args)) if isinstance(process.args, list) else str(process.args)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@click.command()
@click.option("--rounds", default=5, show_default=True, help="Rounds of each, after one to warm up.")
@click.option("--seconds", default=4, show_default=True, help="The most seconds of one round.")
@click.option("--requests", default=2000, show_default=True, help="The most requests of one round.")
@click.option("--connections", default=4, show_default=True, help="Requests under way at the same time.")
@click.option("--processes", default=1, show_default=True, help="Processes of the server.")
@click.option("--threads", default=4, show_default=True, help="Threads in each of them.")
@click.option("--server", help="Another server's command, {port}, {processes} and {threads} to be put in.")
def main(
    *, rounds: int, seconds: int, requests: int, connections: int, processes: int, threads: int, server: str | None
) -> None:
    """Measure /api/chat beside a Flask view that does nothing."""
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.null"]
    if server:
        command = shlex.split(server.format(port=port, processes=processes, threads=threads))
    with tempfile.TemporaryDirectory() as folder:
        bodies = Path(folder) / "bodies"
        lines = (json.dumps({"message": one}) for one in islice(questions(), requests * (rounds + 1)))
        bodies.write_text("\n".join(lines) + "\n", "utf-8")
        environment = {
            "CITEWELL_DATA": folder,
            "CITEWELL_PORT": str(port),
            "CITEWELL_PROCESSES": str(processes),
            "CITEWELL_RATE_LIMIT": "off",
            "CITEWELL_THREADS": str(threads),
        }
        with started(command, port, environment) as process:
            bounds = Bounds(rounds, seconds, requests, connections)
            measured = measure(f"http://127.0.0.1:{port}", process.pid, bodies, bounds)
            click.echo(f"{report(measured)}\n{memory(process.pid)}")


if __name__ == "__main__":
    main()
