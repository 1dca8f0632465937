// What this window remembers until it is closed: recent look-ups, the chosen document, what was typed when the session
// ended, and what was last sent in the review. Another name at the desk starts with nothing. Storage may be forbidden;
// then nothing is remembered.

const KEY = "citewell.desk";
const MOST = 20;

export function createMemory(name) {
  let kept = read();
  let isOver = false; // what is still under way when who was here has left adds nothing
  if (kept.name !== name) kept = {name, recent: [], document: "", typed: ""};

  function write() {
    if (isOver) return;
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // The desk works without.
    }
  }

  function put(changes) {
    kept = {...kept, ...changes};
    write();
  }

  return {
    recent: () => kept.recent,
    /** Newest first, each once; what goes on from the newest takes its place: it was not finished then. */
    remember(question) {
      const others = kept.recent.filter((one, index) => one !== question && !(index === 0 && question.startsWith(one)));
      put({recent: [question, ...others].slice(0, MOST)});
    },
    forgetRecent: () => put({recent: []}),
    document: () => kept.document,
    chooseDocument: (document) => put({document}),
    keepTyped: (typed) => put({typed}),
    /** What was typed when the session ended, once. */
    takeTyped() {
      const {typed} = kept;
      put({typed: ""});
      return typed;
    },
    /** What was filled in at `address` when it was sent: the reply may be a refusal, or the page to sign in. */
    keepSent: (address, fields) => put({sent: {address, fields}}),
    sent: (address) => (kept.sent?.address === address ? kept.sent.fields : {}),
    forgetAll() {
      isOver = true;
      kept = {name, recent: [], document: "", typed: ""};
      try {
        sessionStorage.removeItem(KEY);
      } catch {
        // There is nothing then.
      }
    },
  };
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}
