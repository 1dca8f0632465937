// Requests to Citewell: one question, one reply, and a name for each way in which it can fail.

const TIMEOUT = 8000; // milliseconds; widget.md: people wait no longer for an answer

/** `reason`: offline, unreachable, timeout, limit, refused or server; `alert`: the safety message that came even so. */
const failure = (reason, problem) => ({reason, alert: problem?.alert});

async function request(address, body, given) {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const timer = setTimeout(stop, TIMEOUT);
  if (given) given.onabort = stop;
  try {
    const response = await fetch(address, {
      ...(body && {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)}),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: abort.signal,
    });
    const {ok, status} = response;
    // Only what the server itself says has to be JSON: refusals of what stands between come as pages.
    const reply = status === 204 ? {} : await response.json().catch((error) => {
      if (ok) throw error;
    });
    if (ok) return reply || {};
    throw failure(status === 429 ? "limit" : [413, 422].includes(status) ? "refused" : "server", reply);
  } catch (error) {
    if (error.reason) throw error;
    if (abort.signal.aborted) throw failure("timeout");
    if (error instanceof SyntaxError) throw failure("server");
    throw failure(navigator.onLine ? "unreachable" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

export const createServer = (base) => ({
  config: (language) => request(`${base}/api/config?language=${language}`),
  strings: (language) => request(`${base}/widget/${language}.json`),
  suggest: (query, signal) => request(`${base}/api/suggest`, {query}, signal),
  feedback: (vote) => request(`${base}/api/feedback`, vote),
  async chat(question, signal) {
    const reply = await request(`${base}/api/chat`, {...question, channel: "widget"}, signal);
    if (reply.kind && reply.disclaimer) return reply;
    throw failure("server");
  },
  /** An address in a reply as a link may have it: on this server, or on the web; "" for any other scheme. */
  link: (url) => (/^\//.test(url) ? base + url : /^https?:/i.test(url) ? url : ""),
});
