"""How long from the start to the first answer, and how much memory: ``python -m benchmarks.start [--runs N]``.

Starts the real server, asks it over HTTP, and stops it, in turns with a Python that does nothing but import what the
plainest program of this kind would: flask, nltk and rank_bm25. All times are of whole processes, so the ratios hold on
a busy machine, too. The first start finds no kept answerer, the others do. Linux only: memory and time stand in /proc.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
PEERS = "import flask, nltk, rank_bm25"
QUESTION = "Can worn-out shoes hurt my back?"
TICKS = os.sysconf("SC_CLK_TCK")
LONGEST_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that passed and seconds of a processor; megabytes held then, and after all questions."""

    wall: float
    cpu: float
    memory: float = 0.0
    later: float = 0.0


@contextmanager
def started(arguments: Sequence[str], data: Path) -> Iterator[tuple[int, str]]:
    """The real server: its process id, and the address that it says."""
    command = [sys.executable, str(ROOT / "server.py"), "serve", "--port", "0", "--rate-limit", "off", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CITEWELL_")}
    process = subprocess.Popen(  # noqa: S603 - our own server
        command, stdout=subprocess.PIPE, text=True, env=environment | {"CITEWELL_DATA": str(data)}
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r":(\d+)/", line)
        if found is None:
            message = f"no start line: {line}"
            raise RuntimeError(message)
        yield process.pid, f"http://127.0.0.1:{found[1]}"
    finally:
        process.terminate()
        process.communicate(timeout=60)


def ask(address: str, question: str) -> Mapping[str, object]:
    """The server's answer."""
    body = json.dumps({"message": question}).encode()
    request = Request(f"{address}/api/chat", body, {"Content-Type": "application/json"})  # noqa: S310 - this machine
    with urlopen(request, timeout=LONGEST_SECONDS) as reply:  # noqa: S310
        found: Mapping[str, object] = json.loads(reply.read())
    return found


def first_answer(data: Path, questions: Sequence[str] = (), arguments: Sequence[str] = ()) -> Cost:
    """What the first answer costs, and what is held after ``questions``; children's time counts."""
    begun = time.perf_counter()
    with started(arguments, data) as (process, address):
        ask(address, QUESTION)
        wall, cpu, memory = time.perf_counter() - begun, cpu_seconds(process), megabytes(process)
        for question in questions:
            ask(address, question)
        return Cost(wall, cpu, memory, megabytes(process))


def imports() -> Cost:
    """What the peers' imports cost."""
    begun, before = time.perf_counter(), os.times()
    subprocess.run([sys.executable, "-c", PEERS], check=True, timeout=LONGEST_SECONDS)  # noqa: S603 - ourselves
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Cost(time.perf_counter() - begun, cpu)


def cpu_seconds(process: int) -> float:
    """Of a process and of its children that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def megabytes(process: int) -> float:
    """The memory that a process holds (RSS)."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("utf-8"))
    return int(found[1]) / 1024 if found else 0.0


def distinct_questions(most: int) -> list[str]:
    """Judged questions and safety tests of the benchmarks, each once."""
    files = (ROOT / "benchmarks" / name for name in ("held_out.jsonl", "safety_held_out.jsonl"))
    lines = (json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line)
    return list(dict.fromkeys(line.get("q") or line.get("text") for line in lines))[:most]


def told(name: str, costs: Sequence[Cost], peers: Sequence[Cost]) -> list[str]:
    """The medians of ``costs``, and how often the peers' go into them."""
    return [
        f"{name}, {unit}: {_median(costs, unit):.2f} s, {_median(costs, unit) / _median(peers, unit):.2f} × the imports"
        for unit in ("wall", "cpu")
    ]


def _median(costs: Sequence[Cost], unit: str) -> float:
    return float(statistics.median(getattr(cost, unit) for cost in costs))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="how often each is started [default: 7]")
    parser.add_argument("--questions", type=int, default=300, help="asked before memory is read again [default: 300]")
    options = parser.parse_args()
    questions = distinct_questions(options.questions)
    with TemporaryDirectory() as folder:
        data = Path(folder)
        anew = [first_answer(data)]
        kept: list[Cost] = []
        peers: list[Cost] = []
        for _ in range(options.runs):
            peers.append(imports())
            kept.append(first_answer(data, questions if not kept else ()))
    lines = [f"{PEERS}: {_median(peers, 'wall'):.2f} s, {_median(peers, 'cpu'):.2f} s of a processor"]
    lines += [*told("start to first answer", kept, peers), *told("the same, nothing kept", anew, peers)]
    lines += [
        f"memory: {kept[0].memory:.0f} MB at the first answer, {kept[0].later:.0f} MB after {len(questions)} more"
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
