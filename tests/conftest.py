"""Fixtures: corpus → answerer → application → client, all real."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

import bot
import tests.redis
from bot.answering import Answerer
from tests.postgres import PostgreSQL, is_installed, running
from tests.redis import Redis
from tests.test_accounts import PASSWORD, QUICK
from web.accounts import Accounts
from web.app import create_app
from web.database import Database, database_url
from web.journal import Journal
from web.sessions import Desk

ROOT = Path(__file__).resolve().parent.parent

# How long it takes to make and to try an example says more of what else the machine does than of Citewell.
settings.register_profile("citewell", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("citewell")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where CI=true, a skipped test is a failure: what could not be had must have been installed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        reporter.write_line("CI=true and tests were skipped: that is a failure.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where servers that tests start write, unless told otherwise: never beside the code."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CITEWELL_DATA", str(folder))
        yield folder


@pytest.fixture(scope="session")
def corpus_folder() -> Path:
    """The shipped corpus."""
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def answerer(corpus_folder: Path) -> Answerer:
    """Answers from the shipped corpus."""
    return bot.build(corpus_folder)


@pytest.fixture(scope="session")
def app(answerer: Answerer) -> Flask:
    """The application over the shipped corpus."""
    return create_app(answerer)


@pytest.fixture(scope="session")
def desk_app(answerer: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with the desk: Mina looks things up there, and the editor Rafi; questions are counted."""
    database = Database(database_url("", tmp_path_factory.mktemp("desk")))
    accounts = Accounts(database, method=QUICK)
    accounts.add("mina", PASSWORD, "desk")
    accounts.add("rafi", PASSWORD, "editor")
    journal = Journal(database, kept="counts", days=30)
    yield create_app(answerer, desk=Desk(accounts, b"k" * 32), journal=journal)
    journal.close()
    database.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a browser."""
    return app.test_client()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A real PostgreSQL."""
    if not is_installed():
        pytest.skip("Debian's package postgresql is not installed")
    with running() as server:
        yield server


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A real Redis, empty."""
    if not tests.redis.is_installed():
        pytest.skip("Debian's package redis-server is not installed")
    with tests.redis.running() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What `Database` takes, once for each kind; each time of a fresh one."""
    setting = request.getfixturevalue("postgres").new_database() if request.param == "postgres" else ""
    return database_url(setting, tmp_path / "data")


@pytest.fixture
def database(database_address: str) -> Iterator[Database]:
    """A fresh database, once of each kind."""
    opened = Database(database_address)
    yield opened
    opened.close()


WriteCorpus = Callable[..., Path]

TWO_TOPICS = """\
# Running

## Sciatica

Sciatica is pain that travels into the leg.

<!-- also asked:
what is sciatica
how do I prevent sciatica
-->

## Blisters

Blisters come from rubbing. Wear dry socks.

<!-- also asked:
why do I get blisters
how do I prevent blisters
-->
"""


@pytest.fixture
def write_corpus(tmp_path: Path) -> WriteCorpus:
    """Writes files into a fresh folder: ``write_corpus({"faq.md": "# Title…"})`` returns the folder."""

    def write(files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / name).write_bytes(data)
        return tmp_path

    return write


@pytest.fixture
def two_topics(write_corpus: WriteCorpus) -> Path:
    """Content on two topics of which the same can be asked: first sciatica, then blisters."""
    return write_corpus({"page.md": TWO_TOPICS, "clinic.toml": "safety_messages = false\n"})
