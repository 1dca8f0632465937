// What screen readers say: one hidden polite region that takes one plain-text node at a time. Rich content in a live
// region is read in scrambled order by Orca with Chromium; this is read once and in order (measured, DESIGN.md).

const SPOKEN = 1500; // milliseconds: shorter ones are missed by TalkBack, for ever is found twice when browsing
const QUIET = 500; // small messages wait for this long, and go where something better comes

export function createAnnouncer(region) {
  let leaving, waiting;
  function say(text) {
    clearTimeout(leaving);
    clearTimeout(waiting);
    region.replaceChildren(text);
    leaving = setTimeout(() => region.replaceChildren(), SPOKEN);
  }
  return {
    say,
    /** Counts, "Copied", "Searching": at most one a while. */
    murmur(text) {
      clearTimeout(waiting);
      waiting = setTimeout(say, QUIET, text);
    },
  };
}

/** Lines as one text with a pause between them: without the full stop words run together. */
export function spoken(lines) {
  return lines
    .filter(Boolean)
    .map((line) => (/[.!?।:…]$/.test(line) ? line : `${line}.`))
    .join(" ");
}
