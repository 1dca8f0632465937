"""Citewell's answering engine: a folder of Markdown in, quoted answers out.

>>> answer = build("corpus").answer("How can worn-out running shoes lead to back pain?")
>>> answer.kind, answer.passage.id
('answer', 'faq#worn-shoes')
"""

from pathlib import Path

from bot.answering import Answerer
from bot.corpus import load_corpus

__all__ = ["Answerer", "build"]


def build(folder: Path | str) -> Answerer:
    """The answerer for the corpus in ``folder``; raises `bot.errors.CorpusError` for one that is wrong."""
    return Answerer(load_corpus(folder))
