"""The review, for editors: its addresses, all under ``/desk/review``. What is there is in `web.review_pages`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

import bot
from bot.answering import Answerer
from web.content import Content
from web.journal import Journal
from web.late import late
from web.problems import DESK
from web.signing_in import signed_in

if TYPE_CHECKING:  # `_made` says why
    from web.database import Database
    from web.review_pages import Pages


@dataclass(frozen=True, slots=True)
class Review:
    """What the review works on beside the content: the ``folder`` that it stands in, and what is kept of questions."""

    folder: Path
    journal: Journal
    database: "Database"
    build: Callable[[Path], Answerer] = bot.build
    """What makes an answerer of the content in ``folder``."""


def create_review(content: Content, over: Review) -> Blueprint:
    """The pages for editors; ``content`` serves the folder that they are over."""
    review = Blueprint("review", __name__, url_prefix=f"{DESK}/review")
    review.before_request(signed_in("editor"))
    pages = late(lambda: _made(content, over))
    for rule, name in (
        ("", "numbers"),
        ("/questions", "questions"),
        ("/questions/<turn_id>", "group"),
        ("/decisions", "decisions"),
        ("/export.csv", "export"),
    ):
        review.add_url_rule(rule, name, _view(pages, name))
    for rule, name, page in (
        ("/questions/<turn_id>/change", "rehearse", "group"),
        ("/questions/<turn_id>/publish", "publish", "group"),
        ("/questions/<turn_id>/decide", "decide", "group"),
        ("/decisions/<int(max=2147483647):decision_id>/undo", "undo", "decisions"),
    ):
        review.add_url_rule(rule, name, _view(pages, name), methods=["POST"])
        review.add_url_rule(rule, f"before_{name}", _before(page))
    return review


def _made(content: Content, over: Review) -> "Pages":
    # Late: what tries, publishes and counts is for editors alone, and needs what reads content and the database.
    from web.review_pages import Pages  # noqa: PLC0415 - see above

    return Pages(content, over.folder, over.journal, over.database, build=over.build)


def _view(pages: "Pages", name: str) -> Callable[..., AnyResponse]:
    def view(**values: str | int) -> AnyResponse:
        return pages.show(name, **values)

    return view


def _before(page: str) -> Callable[..., AnyResponse]:
    """Leads to the page that something is done from: who signs in anew comes by the address, and did nothing yet."""

    def view(**values: str | int) -> AnyResponse:
        kept = {name: value for name, value in values.items() if name == "turn_id"}
        return redirect(url_for(f"review.{page}", **kept), 303)  # type: ignore[arg-type] # flask names its own keys

    return view
