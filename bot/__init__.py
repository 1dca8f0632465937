"""Citewell's answering engine: a folder of Markdown in, quoted answers out.

>>> answer = build("corpus").answer("How can worn-out running shoes lead to back pain?")
>>> answer.kind, answer.passage.id
('answer', 'faq#worn-shoes')
"""

from pathlib import Path

from bot.answering import Answerer

__all__ = ["Answerer", "build"]


def build(folder: Path | str) -> Answerer:
    """The answerer for the corpus in ``folder``; raises `bot.errors.CorpusError` for one that is wrong."""
    # Late: what reads content is a quarter of the engine's code, and a process that serves a kept answerer reads none.
    from bot.corpus import load_corpus  # noqa: PLC0415 - see above

    return Answerer(load_corpus(folder))
