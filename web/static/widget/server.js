// Requests to Citewell: one question, one reply, and a name for each way in which it can fail.

const TIMEOUT = 8000; // milliseconds; widget.md: people wait no longer for an answer

/** `reason`: offline, unreachable, timeout, limit, refused or server; `alert`: the safety message that came even so. */
export class Failure extends Error {
  constructor(reason, problem) {
    super(reason);
    this.reason = reason;
    this.alert = problem?.alert || null;
  }
}

async function request(address, body, given) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT);
  const stop = () => abort.abort();
  given?.addEventListener("abort", stop);
  try {
    const response = await fetch(address, {
      method: body ? "POST" : "GET",
      headers: body && {"Content-Type": "application/json"},
      body: body && JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: abort.signal,
    });
    const reply = response.status === 204 ? null : await response.json();
    if (response.ok) return reply;
    const refused = response.status < 500 && response.status !== 404;
    throw new Failure(response.status === 429 ? "limit" : refused ? "refused" : "server", reply);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (abort.signal.aborted) throw new Failure("timeout");
    if (error instanceof SyntaxError) throw new Failure("server");
    throw new Failure(navigator.onLine ? "unreachable" : "offline");
  } finally {
    clearTimeout(timer);
    given?.removeEventListener("abort", stop);
  }
}

export function createServer(base) {
  return {
    config: () => request(`${base}/api/config`),
    strings: (language) => request(`${base}/widget/${language}.json`),
    suggest: (query, signal) => request(`${base}/api/suggest`, {query}, signal),
    feedback: (vote) => request(`${base}/api/feedback`, vote),
    chat: async (question, signal) => {
      const reply = await request(`${base}/api/chat`, {...question, channel: "widget"}, signal);
      if (!["answer", "suggestions", "none"].includes(reply?.kind) || !reply.disclaimer) throw new Failure("server");
      return reply;
    },
    /** An address in a reply as a link may have it: on this server, or on the web; null for any other scheme. */
    link: (url) => (url?.startsWith("/") ? base + url : /^https?:/i.test(url) ? url : null),
  };
}
