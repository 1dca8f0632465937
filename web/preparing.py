"""A process of its own that makes an answerer, for `web.prepared`: what the making needs goes when it ends.

What comes out on its standard output is a sealed pickle: the answerer, or the `CorpusError` that says what is wrong.
"""

import gc
import pickle
import signal
import sys
from pathlib import Path

import bot
from bot.errors import CorpusError
from web.shelf import sealed


def main() -> None:
    """Make the answerer of the folder that is the last argument."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C is for the server, which says what is to be said
    gc.disable()  # nearly everything that is made stays, and looking for what does not takes a tenth of the time
    sys.stdout.buffer.write(sealed(pickle.dumps(_made(Path(sys.argv[-1])), pickle.HIGHEST_PROTOCOL)))


def _made(folder: Path) -> object:
    try:
        return bot.build(folder)
    except CorpusError as error:
        return error
