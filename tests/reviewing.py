"""A clinic whose editor reviews questions: small content in a folder of its own, a journal, and two accounts."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

import bot
from tests.test_accounts import PASSWORD, QUICK
from web.accounts import Accounts
from web.app import create_app
from web.clock import today
from web.database import Database, database_url
from web.journal import Journal
from web.privacy import Kept
from web.review import Review
from web.sessions import Desk
from web.tables import TURNS
from web.watching import Watch

EDITOR, DESK = "rafi", "mina"
OURS = {"Origin": "http://localhost"}

PAGE = """\
---
title: Feet and backs
---

## Sciatica

Sciatica is pain that travels into the leg.

<!-- also asked:
what is sciatica
-->

## Blisters

Blisters come from rubbing. Wear dry socks.
"""
QUESTION = "does wet footwear give me sores"


@dataclass(slots=True)
class Clinic:
    """What a test looks at; ``page`` is the one document."""

    app: Flask
    database: Database
    page: Path
    asked: int = 0
    signed_in: dict[str | None, FlaskClient] = field(default_factory=dict)

    def ask(self, question: str | None = QUESTION, day: date | None = None, **values: Any) -> str:
        """Put an unanswered question into the journal; its turn's id."""
        self.asked += 1
        plain: Mapping[str, Any] = {"channel": "widget", "kind": "none", "filed": False}
        row = {**plain, "turn_id": f"{self.asked:032x}", "day": day or today(), "question": question, **values}
        with self.database.begin() as connection:
            connection.execute(insert(TURNS).values(row))
        return str(row["turn_id"])

    def browser(self, name: str | None = EDITOR) -> FlaskClient:
        """The browser in which ``name`` is signed in; signing in often is refused."""
        if name not in self.signed_in:
            client = self.signed_in[name] = self.app.test_client()
            if name:
                client.post("/desk/sign-in", data={"name": name, "password": PASSWORD}, headers=OURS)
        return self.signed_in[name]


def make_clinic(
    root: Path,
    kept: Kept = "questions",
    corpus: Path | None = None,
    database_address: str | None = None,
    watch_seconds: float = 0,
) -> Clinic:
    """A clinic whose files are all in the empty folder ``root``; its journal keeps what ``kept`` says.

    Its content is a copy of ``corpus``, or `PAGE` where that is not given; it is looked at every ``watch_seconds``, if
    any. Its database is a file, without an address.
    """
    folder = root / "corpus"
    if corpus:
        shutil.copytree(corpus, folder)
    else:
        folder.mkdir()
        (folder / "page.md").write_text(PAGE, "utf-8")
        (folder / "clinic.toml").write_text('name = "Hill Clinic"\nsafety_messages = false\n', "utf-8")
    database = Database(database_address or database_url("", root / "data"))
    accounts = Accounts(database, method=QUICK)
    accounts.add(EDITOR, PASSWORD, "editor")
    accounts.add(DESK, PASSWORD, "desk")
    app = create_app(
        bot.build(folder),
        desk=Desk(accounts, b"k" * 32),
        review=Review(folder, Journal(database, kept=kept, days=30), database),
        watch=Watch(folder, bot.build, watch_seconds) if watch_seconds else None,
    )
    return Clinic(app, database, folder / "page.md")
