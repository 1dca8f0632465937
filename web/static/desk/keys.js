// The keys of the desk: which one does what, and what is left to the browser and to keyboards that compose.

export const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

/** Whether a key belongs to a composition; Safari ends that before its last key, which then has this code alone. */
const composes = (event) => event.isComposing || event.keyCode === 229;

const MOVES = {ArrowUp: -1, ArrowDown: 1, PageUp: -5, PageDown: 5, Home: -Infinity, End: Infinity};

const SCROLLS = {ArrowUp: -1, ArrowDown: 1};

/** With Alt, by the place of the key: Option makes another letter of it, and so does another alphabet. */
const ALT = {KeyN: "unanswered", KeyZ: "undo", KeyX: "forget"};

/**
 * Listens on the document. `does` has a function for each name; `move(by)`, `row(index)`, `filter(by)` and `scroll(by)` take a number.
 * `does.singleKeys()` says whether `/` and `?` are keys outside the field.
 */
export function listenToKeys(field, keyList, does) {
  document.addEventListener("keydown", (event) => {
    if (composes(event) || event.defaultPrevented || event.getModifierState("AltGraph")) return;
    if (keyList.open) return inKeyList(event, does);
    const done = event.altKey ? withAlt(event, does) : withoutAlt(event, field, does);
    if (done) event.preventDefault();
  });
}

function inKeyList(event, does) {
  if (event.key === "?") {
    event.preventDefault();
    does.closeKeys();
  }
}

function withAlt({code, ctrlKey, metaKey, shiftKey, repeat}, does) {
  if (ctrlKey || metaKey) return false;
  if (code === "KeyF") return does.filter(shiftKey ? -1 : 1), true;
  if (shiftKey) return false;
  if (code in SCROLLS) return does.scroll(SCROLLS[code]), true;
  const number = /^(?:Digit|Numpad)([1-9])$/.exec(code);
  if (number) return does.row(number[1] - 1), true;
  if (!(code in ALT)) return false;
  if (!repeat) does[ALT[code]]();
  return true;
}

function withoutAlt(event, field, does) {
  const {key, target, ctrlKey, metaKey, shiftKey} = event;
  if (ctrlKey || metaKey) return withControl(event, does);
  if (key === "Escape") return does.back(), true;
  if (target === field) {
    if (key === "?" && !field.value) return does.showKeys(), true;
    if (shiftKey) return false; // selects text
    if (key === "Enter") return does.open(), true;
    if (key in MOVES) return does.move(MOVES[key]);
    return false;
  }
  if (target.matches("input, select, textarea") || !does.singleKeys()) return false;
  if (key === "/") return does.focus(), true;
  if (key === "?") return does.showKeys(), true;
  return false;
}

function withControl({key, shiftKey, repeat}, does) {
  if (key.toLowerCase() === "k" && !shiftKey) return does.focus(), true;
  if (key !== "Enter") return false;
  if (!repeat) does[shiftKey ? "copyPassage" : "copyShort"]();
  return true;
}

/** The keys as they are printed on the keyboards of this computer's maker. */
export function printKeys() {
  if (!isApple) return;
  const apple = {Ctrl: "⌘", Alt: "⌥", Shift: "⇧"};
  for (const key of document.querySelectorAll("[data-keys] kbd")) key.textContent = apple[key.textContent] || key.textContent;
}
