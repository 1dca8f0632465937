"""A process of its own that makes an answerer, for `web.prepared`: what the making needs goes when it ends.

What comes out on its standard output is the name of the program that made it, and a sealed pickle: the answerer, or the
`CorpusError` that says what is wrong. Nothing comes in, but when the standard input is closed nobody waits any more.
"""

import gc
import os
import pickle
import signal
import sys
from pathlib import Path
from threading import Thread

import bot
from bot.errors import CorpusError
from web import program
from web.shelf import sealed

CHANGED = "0" * program.NAME_LENGTH
"""The name of no program: it was changed while this process loaded it."""


def main() -> None:
    """Make the answerer of the folder that is the last argument."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C is for the server, which says what is to be said
    Thread(target=_end_with_who_waits, daemon=True).start()
    gc.disable()  # nearly everything that is made stays, and looking for what does not takes a tenth of the time
    before = program.name()
    written = sealed(pickle.dumps(_made(Path(sys.argv[-1])), pickle.HIGHEST_PROTOCOL))
    name = before if before == program.name() else CHANGED
    _hand_over(name.encode() + written)


def _made(folder: Path) -> object:
    try:
        return bot.build(folder)
    except CorpusError as error:
        return error


def _hand_over(content: bytes) -> None:
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # nobody waits any more, and nobody need be told
        os._exit(1)


def _end_with_who_waits() -> None:
    """Also where that process was killed, and could say nothing."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)
