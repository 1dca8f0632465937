// What screen readers hear: one hidden region that takes one plain text at a time (DESIGN.md, "The widget").

const SPOKEN = 1500; // milliseconds: what stands shorter is missed by TalkBack, what stays is found twice
const IDLE = 500; // milliseconds without a key, after which the count is said

export function createVoice(region) {
  let leaving, waiting;

  function say(text) {
    clearTimeout(leaving);
    region.replaceChildren(text);
    leaving = setTimeout(() => region.replaceChildren(), SPOKEN);
  }

  return {
    /** Now, before whatever waits. */
    say,
    /** When the keys rest; only the latest is said. */
    sayWhenIdle(text) {
      clearTimeout(waiting);
      waiting = setTimeout(say, IDLE, text);
    },
    hush: () => clearTimeout(waiting),
  };
}
