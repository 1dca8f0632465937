"""Several processes that do the same: begun as copies of this one, begun anew where one ends, and ended together."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress

PAUSE_SECONDS = 1.0
"""Before another process takes the place of one that ended, perhaps for a reason that stays. Chosen."""

STOP_SECONDS = 60.0
"""After which a process that was told to end is ended. Chosen: longer than publishing a change takes."""

_HANGING_UP = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)  # as ``nohup`` wants it
ENDING = (signal.SIGTERM, signal.SIGINT, *_HANGING_UP)
"""The signals that end the service."""

_LOG = logging.getLogger(__name__)


def run(count: int, work: Callable[[int], None], *, ready: Callable[[], None], end: Callable[[], None]) -> None:
    """Call ``work`` in ``count`` new processes until this one gets one of `ENDING`, which they get as SIGTERM.

    Each gets a number from 0 on; one that takes the place of another gets its number. ``ready`` is called before.
    Returns in each of them when its ``work`` is done; and in this one, which calls ``end`` first, when all are gone.
    A process that loses this one gets SIGTERM, too. There must be no threads yet.
    """
    crew = _Crew(end)
    for number in ENDING:
        signal.signal(number, lambda _signal, _frame: crew.end())
    ready()
    while not crew.is_ending:
        free = [number for number in range(count) if number not in crew.pids.values()]
        if not free:
            crew.wait_for_one()
        elif crew.is_joined(free[0]):
            work(free[0])
            return
    crew.wait_for_all()


class _Crew:
    """The processes, as the one that begins them sees them."""

    def __init__(self, end: Callable[[], None]) -> None:
        self.pids: dict[int, int] = {}
        """The numbers of those that run, by their processes'."""
        self.is_ending = False
        self._end = end
        self._lifeline, self._held = os.pipe()  # only this process holds the end at which nothing is ever written

    def is_joined(self, number: int) -> bool:
        """Begin the process of this number; whether this is the new one."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # or one could be begun without being known
        pid = os.fork()
        if pid:
            self.pids[pid] = number
        else:
            for ending in ENDING:
                signal.signal(ending, signal.SIG_DFL)
            os.close(self._held)
            threading.Thread(target=_end_with, args=[self._lifeline], name="citewell-lifeline", daemon=True).start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        return not pid

    def wait_for_one(self) -> None:
        """Wait until a process ends; if it should not have, say so."""
        pid, status = os.waitpid(-1, 0)
        self.pids.pop(pid, None)
        if not self.is_ending:
            code = os.waitstatus_to_exitcode(status)
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            _LOG.error("Process %d ended by itself (%s). Another one is started.", pid, how)
            time.sleep(PAUSE_SECONDS)

    def end(self) -> None:
        """Tell all to end; may be called from a signal handler."""
        if not self.is_ending:
            self.is_ending = True
            self._end()
        self._send(signal.SIGTERM)

    def wait_for_all(self) -> None:
        """Until they have ended, or should have long ago."""
        self._send(signal.SIGTERM)  # one may have been begun while the others were told
        deadline = time.monotonic() + STOP_SECONDS
        while self.pids and time.monotonic() < deadline:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            self.pids.pop(pid, None)
            if not pid:
                time.sleep(0.02)
        if self.pids:
            _LOG.error("%d processes did not end in time and are ended.", len(self.pids))
            self._send(signal.SIGKILL)

    def _send(self, ending: signal.Signals) -> None:
        for pid in [*self.pids]:
            with suppress(ProcessLookupError):  # a signal may come between `waitpid` and what is done about it
                os.kill(pid, ending)


def _end_with(lifeline: int) -> None:
    """End this process when the one that began it is gone, so that nobody holds the port."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)
