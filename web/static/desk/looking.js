// One look-up at a time: the newest request wins, whatever order the replies come in.

const PAUSE = 80; // milliseconds; who types faster than this is asked for once
const BUSY = 500; // milliseconds until "Searching" is worth a word

/**
 * `look(query)` asks `search` at once where the last key is longer ago than `PAUSE`, else when the keys pause.
 * `on.found(reply, query, milliseconds)`, with the time since the key; `on.failed(error, query)`; `on.busy(is)`.
 */
export function createLooking(search, on) {
  let abort = new AbortController();
  let pause, busy;
  let last = -Infinity;

  function stop() {
    clearTimeout(pause);
    clearTimeout(busy);
    abort.abort();
    on.busy(false);
  }

  async function ask(query, since) {
    abort.abort();
    const own = (abort = new AbortController());
    clearTimeout(busy);
    busy = setTimeout(on.busy, BUSY, true);
    try {
      const reply = await search(query, own.signal);
      if (own === abort && !own.signal.aborted) settle(() => on.found(reply, query, performance.now() - since));
    } catch (error) {
      if (own === abort && !own.signal.aborted) settle(() => on.failed(error, query));
    }
  }

  function settle(then) {
    clearTimeout(busy);
    on.busy(false);
    then();
  }

  function look(query) {
    const now = performance.now();
    clearTimeout(pause);
    if (now - last >= PAUSE) ask(query, now);
    else pause = setTimeout(ask, PAUSE, query, now);
    last = now;
  }

  return {look, stop};
}
