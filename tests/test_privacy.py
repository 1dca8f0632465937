"""What people are told about what is kept is what is kept, in each mode."""

import re
from pathlib import Path
from typing import get_args

import pytest

from bot import wording
from bot.answering import Answerer
from tests.waiting import with_tables
from web.database import Database, database_url
from web.journal import Journal
from web.privacy import Kept, comment_hint, desk_line, privacy, scope

CANARY = "canaryquestion"
MODES: tuple[Kept, ...] = get_args(Kept)

every_mode = pytest.mark.parametrize("kept", MODES)


def _on_disk(answerer: Answerer, folder: Path, kept: Kept) -> str:
    """Ask, vote, file, and ask something urgent, each with a canary; all bytes that are kept then."""
    database = with_tables(Database(database_url("", folder)), kept)
    journal = Journal(database, kept=kept, days=30)
    asked = f"{CANARY} how can worn-out running shoes lead to back pain, call 01712-345678, {CANARY}@example.com"
    turn_id = journal.record(answerer.answer(asked), question=asked, channel="widget")
    journal.vote(turn_id or "", helpful=True, comment="canarycomment")
    journal.file("canaryfiling", kind="none", passage_id=None, rule=None)
    urgent = "canaryurgent I cannot feel my legs and I have lost control of my bladder"
    answer = answerer.answer(urgent)
    assert answer.alert
    journal.record(answer, question=urgent, channel="widget")
    journal.close()
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).decode("latin-1")


@every_mode
def test_the_sentence_says_what_is_on_the_disk(answerer: Answerer, tmp_path: Path, kept: Kept) -> None:
    written = _on_disk(answerer, tmp_path, kept)

    sentence = privacy(kept, 30, "en")
    assert ("We do not keep what you type." in sentence) == (CANARY not in written)
    assert ("We keep your question for up to 30 days" in sentence) == (CANARY in written)
    assert (
        ("We count which answers were shown, and if they helped." in sentence)
        == (kept == "counts")
        <= ("widget" in written)
    )
    assert ("Our staff may read it" in sentence) == (CANARY in written)
    assert ("Nobody reads what you type. " in scope(kept, "en")) == (CANARY not in written)
    assert (comment_hint(kept, 30, "en") is not None) == ("canarycomment" in written)
    assert ("the question" in desk_line(kept, 30)) == ("canaryfiling" in written)
    assert ("counts a look-up" in desk_line(kept, 30)) == (kept == "counts")
    for never in ("canaryurgent", "01712", f"{CANARY}@"):  # "If we show you an urgent warning, …"
        assert never not in written
    assert (written == "") == (kept == "off")


@every_mode
@pytest.mark.parametrize("language", ["en", "bn", "bn-BD", None, "fr"])
def test_every_sentence_is_whole_in_every_language(kept: Kept, language: str | None) -> None:
    hint = comment_hint(kept, 30, language)
    said = [privacy(kept, 30, language), scope(kept, language), desk_line(kept, 30), *([hint] if hint else [])]

    assert not any("{" in sentence or "  " in sentence for sentence in said)
    assert all(sentence[-1] in ".।" for sentence in said)


@every_mode
def test_bangla_says_something_else_than_english(kept: Kept) -> None:
    for sentence in (privacy(kept, 30, "bn"), scope(kept, "bn"), comment_hint(kept, 30, "bn") or "আ"):
        assert re.search("[\u0980-\u09ff]", sentence)
        assert not re.search("[A-Za-z]", sentence)


def test_the_days_are_those_of_the_setting() -> None:
    assert "for up to 1 day," in privacy("questions", 1, "en")
    assert "for up to 365 days," in privacy("questions", 365, "en")
    assert "৩৬৫ দিন" in privacy("questions", 365, "bn")
    assert "for up to 7 days" in desk_line("questions", 7)
    assert "for up to 7 days" in (comment_hint("questions", 7, "en") or "")


def test_where_nothing_is_kept_the_sentences_are_those_of_before() -> None:
    assert privacy("off", 30, "en") == wording.PRIVACY
    assert scope("off", "en") == scope("counts", "en") == wording.SCOPE
