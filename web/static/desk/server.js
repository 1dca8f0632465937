// Requests to the desk's interface, with a name for each way in which one can fail. No question stands in a URL.

const TIMEOUT = 8000; // milliseconds, as in the widget: a caller is waiting

const REASONS = {401: "signed_out", 403: "signed_out", 413: "refused", 422: "refused", 429: "limit", 503: "unavailable"};

/**
 * `reason` is a name in `words.failures`; `detail` is what the server itself says about it, if anything; `alert` is the
 * safety message that came even so.
 */
const failure = (reason, detail, alert) => Object.assign(new Error(reason), {reason, detail, alert});

/** What a problem document says, of the question alone where that is what is wrong. */
const told = (problem) =>
  problem?.errors?.[0].field === "query" ? `The question ${problem.errors[0].message}.` : problem?.detail;

async function request(method, address, body, given) {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const timer = setTimeout(stop, TIMEOUT);
  given?.addEventListener("abort", stop, {once: true});
  try {
    const response = await fetch(address, {
      method,
      ...(body && {headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)}),
      redirect: "error", // nothing here redirects; who is signed out gets a 401
      signal: abort.signal,
    });
    if (response.status === 204) return null;
    // Refusals of what stands between come as pages.
    const reply = await response.json().catch((error) => response.ok && Promise.reject(error));
    if (response.ok) return reply;
    throw failure(REASONS[response.status] || "server", told(reply), reply?.alert);
  } catch (error) {
    if (error.reason || given?.aborted) throw error;
    if (abort.signal.aborted) throw failure("timeout");
    if (error instanceof SyntaxError) throw failure("server");
    throw failure(navigator.onLine ? "unreachable" : "offline");
  } finally {
    clearTimeout(timer);
    given?.removeEventListener("abort", stop);
  }
}

export const createServer = (base) => ({
  search: (query, signal) => request("POST", `${base}/api/search`, query, signal),
  file: (query) => request("POST", `${base}/api/filings`, {query}),
  unfile: (id) => request("DELETE", `${base}/api/filings/${encodeURIComponent(id)}`),
});
