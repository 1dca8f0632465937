"""Where the time of an answer goes: ``python -m benchmarks.speed [FILE…]``.

Asks the application each question of judged files through WSGI, without a server or a network, and prints the CPU time
of one beside that of a null Flask view in the same run, the share of each stage, and the questions that take longest.
Each time is the least of several rounds, question by question: what else the machine does only ever adds to it.
"""

import argparse
import cProfile
import inspect
import io
import json
import pstats
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import run_wsgi_app

import bot
from bot import quoting
from bot.answering import Answerer
from bot.conversation import FollowUpReader
from bot.index import Index
from bot.judging import Judge
from bot.personal import PersonalQuestions
from bot.reading import QuestionReader
from bot.safety import Safety
from web import inputs, replies
from web.app import create_app
from web.journal import Journal
from web.limits import Limit

HERE = Path(__file__).resolve().parent
HELD_OUT = (HERE / "held_out.jsonl", HERE / "conversations_held_out.jsonl")
ROUNDS = 10
LONGEST = 5
CHAT, NULL = "/api/chat", "/null"

STAGES: dict[str, Sequence[Callable[..., object]]] = {
    "read the question": (QuestionReader.read,),
    "complete a follow-up": (FollowUpReader.read,),
    "safety rules": (Safety.raised,),
    "search": (Index.search,),
    "personal questions": (PersonalQuestions.recognise,),
    "judge": (Judge.judge,),
    "quote and cite": (quoting.quoted, quoting.citation),
    "reply as JSON": (replies.answer_json, replies.json_response),
    "request from JSON": (inputs.read_body,),
    "limits and journal": (Limit.spend, Journal.record),
}
"""What is shown of an answer; none of a stage's functions calls another's, so that shares add up."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the chat, and the least CPU time that it took, in milliseconds."""

    body: bytes
    milliseconds: float


def null_view() -> Flask:
    """What Flask itself takes: it reads nothing and says next to nothing."""
    app = Flask("null")

    @app.post(NULL)
    def nothing() -> dict[str, bool]:
        return {"ok": True}

    return app


def bodies(paths: Iterable[Path]) -> list[bytes]:
    """The questions of judged files as requests, conversations with what was asked before."""
    lines = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]
    turns = [line.get("turns") or [line["q"]] for line in lines]
    return [
        json.dumps({"message": message, "context": earlier[-inputs.MAX_CONTEXT :]}).encode()
        for *earlier, message in turns
    ]


def ask(app: Flask, path: str, body: bytes) -> bytes:
    """What ``app`` replies; raises `RuntimeError` unless it is a success."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    chunks, status, _ = run_wsgi_app(app.wsgi_app, environ)
    if status != "200 OK":
        message = f"{path} replied {status}"
        raise RuntimeError(message)
    return b"".join(chunks)


def timed(app: Flask, path: str, requests: Sequence[bytes], rounds: int = ROUNDS) -> list[Asked]:
    """Each request with the least CPU time of several ``rounds``."""
    least = [float("inf")] * len(requests)
    for _ in range(rounds):
        for at, body in enumerate(requests):
            started = time.thread_time()
            ask(app, path, body)
            least[at] = min(least[at], time.thread_time() - started)
    return [Asked(body, 1000 * seconds) for body, seconds in zip(requests, least, strict=True)]


def shares(app: Flask, requests: Iterable[bytes]) -> dict[str, float]:
    """The share of each stage in the time of ``requests``, as a profile has it, which slows small functions most."""
    profile = cProfile.Profile(time.thread_time)
    with profile:
        for body in requests:
            ask(app, CHAT, body)
    rows = pstats.Stats(profile).stats  # type: ignore[attr-defined] # not in its stub
    took = {place: row[3] for place, row in rows.items()}  # with all that is called from there
    whole = took[_place(ask)]
    of_stages = {
        stage: sum(took.get(_place(function), 0.0) for function in functions) / whole
        for stage, functions in STAGES.items()
    }
    return {**of_stages, "all else": 1 - sum(of_stages.values())}


def _place(function: Callable[..., object]) -> tuple[str, int, str]:
    """Where a profile has it."""
    code = inspect.unwrap(function).__code__
    return code.co_filename, code.co_firstlineno, code.co_name


def report(answerer: Answerer, requests: Sequence[bytes], rounds: int = ROUNDS) -> list[str]:
    """The figures as lines."""
    app = create_app(answerer)
    chat, null = timed(app, CHAT, requests, rounds), timed(null_view(), NULL, requests, rounds)
    ours, nothing = (statistics.fmean(one.milliseconds for one in asked) for asked in (chat, null))
    ordered = sorted(chat, key=lambda one: -one.milliseconds)
    return [
        f"{ours:.3f} ms a question (mean of {len(chat)}), {_p99(chat):.3f} ms the 99th of a hundred",
        f"{nothing:.3f} ms a null view, {_p99(null):.3f} ms the 99th of a hundred",
        f"{nothing / ours:.3f} of the null view's throughput",
        "",
        *(f"{share:6.1%}  {stage}" for stage, share in shares(app, requests).items()),
        "",
        *(f"{one.milliseconds:.3f} ms  {one.body.decode()[:90]}" for one in ordered[:LONGEST]),
    ]


def _p99(asked: Sequence[Asked]) -> float:
    ordered = sorted(one.milliseconds for one in asked)
    return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=HELD_OUT, help="judged questions")
    parser.add_argument("--corpus", type=Path, default=HERE.parent / "corpus")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    print("\n".join(report(bot.build(options.corpus), bodies(options.files), options.rounds)))


if __name__ == "__main__":
    main()
