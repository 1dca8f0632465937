// Small messages beside the count: seen and heard, gone after a while, except where there is something to press.

import {el} from "../widget/dom.js";
import {isApple} from "./keys.js";
import {words} from "./words.js";

const STAYS = 6000; // milliseconds

/** `tell(text, {action, keys, quiet})` with a button, the keys that press it, and without a voice. */
export function createTelling(place, voice, focusField) {
  let leaving;

  function show(...nodes) {
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(...nodes);
    if (hadFocus) focusField();
  }

  return function tell(text, {action = null, keys = [], quiet = false} = {}) {
    clearTimeout(leaving);
    if (action) {
      const names = keys.map((key) => el("kbd", null, isApple && key === "Alt" ? "⌥" : key));
      action.append(" ", el("span.keys", {"aria-hidden": "true"}, names));
      show(el("span", null, text), " ", action);
    } else {
      show(text);
      leaving = setTimeout(show, STAYS);
    }
    if (!quiet) voice.say(keys[0] ? `${text} ${words.undo}: ${keys.join(" ")}.` : text);
  };
}
