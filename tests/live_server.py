"""The real server as a process that tests may hurt: killed, stopped, started again over the same files."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.conftest import ROOT
from tests.test_accounts import PASSWORD, QUICK
from tests.waiting import PATIENCE
from web.accounts import Accounts
from web.database import Database, database_url
from web.sessions import COOKIE
from web.staff import Role


@dataclass(slots=True)
class LiveServer:
    """A server over ``corpus`` that writes into ``data``; ``wrapper`` is a command that starts it, if there is one."""

    corpus: Path
    data: Path
    options: Sequence[str] = ()
    wrapper: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    process: "subprocess.Popen[str] | None" = None

    @property
    def log(self) -> str:
        """What it wrote beside its start line, since the first start."""
        return self._log.read_text("utf-8")

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self.process
        return self.process.pid

    def start(self) -> None:
        """Start, and wait for the start line."""
        where = ["--corpus", str(self.corpus), "--data", str(self.data), "--port", "0", "--rate-limit", "off"]
        command = [*self.wrapper, sys.executable, str(ROOT / "server.py"), "serve", *where, *self.options]
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, env={**os.environ, **self.environment}
            )
        line = self.process.stdout.readline() if self.process.stdout else ""
        found = re.search(r"http://localhost:(\d+)/", line)
        assert found, line + self.log
        self.address = f"127.0.0.1:{found[1]}"

    def kill(self) -> None:
        """End it without a word, as when the power goes."""
        self._end(signal.SIGKILL)

    def stop(self) -> int | None:
        """Stop it as a service manager does; its exit code."""
        return self._end(signal.SIGTERM)

    def ask(self, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """The status and the body of a reply, read if it is JSON; by GET where there is no body to send."""
        connection = HTTPConnection(self.address, timeout=PATIENCE)
        try:
            sent = body if body is None or isinstance(body, str) else json.dumps(body)
            kind = {} if body is None else {"Content-Type": "application/json"}
            connection.request("GET" if body is None else "POST", path, sent, {**kind, **headers})
            response = connection.getresponse()
            text = response.read().decode()
            is_json = response.headers.get_content_type().endswith("json")
            return response.status, json.loads(text) if is_json else text
        finally:
            connection.close()

    def chat(self, message: str) -> Any:
        """The answer to ``message``."""
        status, answer = self.ask("/api/chat", {"message": message})
        assert status == 200, answer
        return answer

    def sign_in(self, name: str, password: str) -> tuple[int, str]:
        """The status of an attempt to sign in, and the cookie that it brings, if any."""
        connection = HTTPConnection(self.address, timeout=PATIENCE)
        try:
            form = {"Content-Type": "application/x-www-form-urlencoded", **self._ours}
            connection.request("POST", "/desk/sign-in", urlencode({"name": name, "password": password}), form)
            response = connection.getresponse()
            response.read()
            given = (line.split(";")[0] for line in response.headers.get_all("Set-Cookie", []))
            return response.status, next((one for one in given if one.startswith(f"{COOKIE}=")), "")
        finally:
            connection.close()

    def file(self, query: str, cookie: str) -> str:
        """File a question at the desk; the filing's id, or nothing where it could not be written in time."""
        status, filed = self.ask("/desk/api/filings", {"query": query}, Cookie=cookie, **self._ours)
        assert status in (200, 503), filed
        return str(filed["id"]) if status == 200 else ""

    def vote(self, turn_id: str) -> int:
        """The status of a vote."""
        return self.ask("/api/feedback", {"turn_id": turn_id, "helpful": True})[0]

    @property
    def ready(self) -> Any:
        """What ``/readyz`` says."""
        status, ready = self.ask("/readyz")
        assert (status, ready["status"]) == (200, "ready")
        return ready

    @property
    def _ours(self) -> Mapping[str, str]:
        """What a browser says of a request from one of our own pages."""
        return {"Origin": f"http://{self.address}"}

    @property
    def _log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")

    def _end(self, how: signal.Signals) -> int | None:
        if self.process is None:
            return None
        self.process.send_signal(how)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode


@contextmanager
def running(server: LiveServer) -> Iterator[LiveServer]:
    """``server``, started; at the end it is stopped, and must leave well and have had no crash."""
    server.start()
    try:
        yield server
    except BaseException:
        server.kill()
        raise
    assert server.stop() == 0, server.log
    assert "Traceback" not in server.log


SMALL = {
    "feet.md": "# Feet\n\n## Blisters\n\nBlisters come from rubbing.\n\n## Cramps\n\nCramps come and go.\n",
    "clinic.toml": "safety_messages = false\n",
}
ASKED = "what are blisters"


def small_server(folder: Path, name: str, role: Role, options: Sequence[str]) -> LiveServer:
    """A server over `SMALL` content, not yet started; ``name`` may sign in with `tests.test_accounts.PASSWORD`."""
    corpus, data = folder / "corpus", folder / "data"
    corpus.mkdir()
    for file, content in SMALL.items():
        (corpus / file).write_text(content, "utf-8")
    database = Database(database_url("", data))
    Accounts(database, method=QUICK).add(name, PASSWORD, role)
    database.close()
    return LiveServer(corpus, data, ["--reload-seconds", "1", "--journal", "questions", *options])
