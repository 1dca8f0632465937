// Known questions while somebody types: a combobox after ARIA 1.2. The newest request wins; late ones are dropped.

import {el} from "./dom.js";

const PAUSE = 200; // milliseconds without a key, so that a fast typist asks the server seldom
const LETTERS = 2; // fewer say nothing

/**
 * Give `input` its list. `find(typed, signal)` brings suggestions, `choose(text)` gets the one that was taken, `tell(count)`
 * says how many there are. Returns what closes the list and says whether it was open, and what says whether a key was its.
 */
export function createSuggestions(input, list, find, choose, tell) {
  let timer, running, active;
  const options = list.children;

  function mark(index) {
    active = index;
    [...options].forEach((option, at) => option.setAttribute("aria-selected", at === index));
    input.removeAttribute("aria-activedescendant");
    if (!options[index]) return;
    input.setAttribute("aria-activedescendant", options[index].id);
    options[index].scrollIntoView({block: "nearest"});
  }

  function show(texts) {
    list.replaceChildren(
      ...texts.map((text, index) =>
        el("li", {role: "option", id: `option-${index}`, dir: "auto", onclick: () => take(text)}, text),
      ),
    );
    list.hidden = !texts[0];
    input.setAttribute("aria-expanded", !list.hidden);
    mark(-1);
  }

  function close() {
    const open = !list.hidden;
    clearTimeout(timer);
    running?.abort();
    show([]);
    return open;
  }

  function take(text) {
    close();
    choose(text);
  }

  async function look() {
    const {signal} = (running = new AbortController());
    const texts = await find(input.value, signal).catch(() => []);
    if (signal.aborted) return;
    show(texts);
    if (texts[0]) tell(texts.length);
  }

  const typed = ({isComposing}) => {
    clearTimeout(timer);
    running?.abort();
    if (isComposing || input.value.trim().length < LETTERS) close();
    else timer = setTimeout(look, PAUSE);
  };
  input.addEventListener("input", typed);
  input.addEventListener("compositionend", typed);
  input.onblur = close;
  show([]);
  list.onmousedown = (event) => event.preventDefault(); // a click must not take the focus first

  return [
    close,
    (key) => {
      const last = options.length - 1;
      if (list.hidden) return false;
      if (key === "ArrowDown") mark(active < last ? active + 1 : -1);
      else if (key === "ArrowUp") mark(active < 0 ? last : active - 1);
      else if (key === "Enter" && active >= 0) take(options[active].textContent);
      else return false;
      return true;
    },
  ];
}
