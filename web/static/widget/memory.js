// The conversation, kept for as long as the page lives, and in this tab from page to page, once somebody has asked.
// Storage may be forbidden altogether; then a conversation ends with the page.

/** What one instance keeps; with `stored` also in the tab's own storage. Nothing here ever throws. */
export function createMemory(stored) {
  let kept = null;
  const tried = (what) => {
    try {
      return stored ? what() : null;
    } catch {
      return null; // forbidden, full, or written by another version
    }
  };
  return {
    kept: stored,
    read: () => kept ?? tried(() => JSON.parse(sessionStorage.citewell)),
    write(state) {
      kept = state;
      tried(() => (sessionStorage.citewell = JSON.stringify(state)));
    },
    clear() {
      kept = null;
      tried(() => delete sessionStorage.citewell);
    },
  };
}
