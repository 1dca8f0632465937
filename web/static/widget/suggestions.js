// Known questions while somebody types: a combobox after ARIA 1.2. The newest request wins; late ones are dropped.

import {el} from "./dom.js";

const PAUSE = 200; // milliseconds without a key, so that a fast typist asks the server seldom
const LETTERS = 2; // fewer say nothing

/**
 * Give `input` its list of suggestions. `find(typed, signal)` brings them, `choose(text)` gets the one that was taken,
 * `tell(count)` says how many there are.
 */
export function createSuggestions(input, list, {find, choose, tell, most}) {
  let timer, running;
  let active = -1;

  const open = () => !list.hidden;
  const options = () => [...list.children];

  function mark(index) {
    active = index;
    options().forEach((option, at) => option.setAttribute("aria-selected", at === index));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options()[index].id);
      options()[index].scrollIntoView({block: "nearest"});
    }
  }

  function close() {
    clearTimeout(timer);
    running?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function take(text) {
    close();
    choose(text);
  }

  function show(texts) {
    list.replaceChildren(
      ...texts.map((text, index) =>
        el("li", {role: "option", id: `option-${index}`, "aria-selected": "false", dir: "auto", onclick: () => take(text)}, text),
      ),
    );
    list.hidden = !texts.length;
    input.setAttribute("aria-expanded", texts.length > 0);
    mark(-1);
    if (texts.length) tell(texts.length);
  }

  async function look() {
    running = new AbortController();
    const {signal} = running;
    const {suggestions} = await find(input.value, signal).catch(() => ({suggestions: []}));
    if (!signal.aborted) show(suggestions.slice(0, most()));
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    running?.abort();
    if (event.isComposing || input.value.trim().length < LETTERS) close();
    else timer = setTimeout(look, PAUSE);
  });
  input.addEventListener("compositionend", () => input.dispatchEvent(new Event("input")));
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // a click must not take the focus first

  return {
    close,
    open,
    /** Whether the key was meant for the list. */
    key({key}) {
      if (!open()) return false;
      const last = list.children.length - 1;
      if (key === "ArrowDown") mark(active < last ? active + 1 : -1);
      else if (key === "ArrowUp") mark(active < 0 ? last : active - 1);
      else if (key === "Enter" && active >= 0) take(options()[active].textContent);
      else return false;
      return true;
    },
  };
}
