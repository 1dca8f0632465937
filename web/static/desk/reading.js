// The passage of the chosen row: what is to be said of it, or all of it.

import {el} from "../widget/dom.js";
import {passageNodes} from "./passage.js";
import {words} from "./words.js";

const STEP = 120; // pixels that a key scrolls the passage: four lines or so

/** `part` finds the elements of the page by their ids. */
export function createReading(part, facts, tell, voice) {
  let row;
  let opened = false; // of the next row, too

  function show() {
    part("passage").replaceChildren(...(row ? passageNodes(row, facts, opened) : [el("p.standing", null, words.ready)]));
    part("passage-deeds").hidden = !row;
    const open = part("open");
    open.hidden = !isLonger();
    open.querySelector("span").textContent = opened ? words.hide : words.show;
    open.setAttribute("aria-expanded", opened);
  }

  /** Whether there is more of the passage than what is to be said. */
  const isLonger = () => Boolean(row?.saying && !row.saying.whole);

  /** Shows the passage of `of` from its beginning; of no row, that there is nothing yet. */
  function read(of) {
    row = of;
    show();
    part("passage").scrollTop = 0;
  }

  function toggle() {
    if (row.withheld) return tell(row.text);
    if (!isLonger()) return tell(words.allShown);
    opened = !opened;
    show();
    part("passage").querySelector(".whole")?.scrollIntoView({block: "nearest"});
    const notes = row.notes.length ? words.noted(row.notes.length) : "";
    voice.say(opened ? `${words.opened} ${notes}${row.text}` : words.closed);
  }

  /** Shows only what is to be said; returns whether there was more to see. */
  function close() {
    const wasLonger = opened && isLonger();
    opened = false;
    if (wasLonger) show();
    return wasLonger;
  }

  function scroll(by) {
    part("passage").scrollBy({top: by * STEP});
  }

  return {read, toggle, close, scroll};
}
