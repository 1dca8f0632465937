// "Caller asked, no answer": filed at once, without a dialog, and taken back within three seconds.

import {button} from "../widget/dom.js";
import {words} from "./words.js";

const UNDO = 3000; // milliseconds

/** `tell(text, ...nodes)` shows and says; `failed(error)` says why in words. */
export function createFiling(server, tell, failed) {
  let filed = null; // what can be taken back now
  let busy = false;

  /** Who is on the button or about to press it is not hurried. */
  function expire(undo) {
    const own = filed;
    setTimeout(() => {
      if (filed !== own) return;
      if (undo.matches(":focus, :hover")) return expire(undo);
      filed = null;
      tell(own.message, {quiet: true});
    }, UNDO);
  }

  async function file(question) {
    if (!question) return tell(words.nothingToFile);
    if (busy || filed) return;
    busy = true;
    try {
      filed = await server.file(question);
    } catch (error) {
      const again = button(words.retry, () => file(question), {class: "quiet"});
      return tell(words.notFiled + failed(error), {action: again});
    } finally {
      busy = false;
    }
    if (!filed.id) {
      tell(filed.message);
      filed = null;
      return;
    }
    const undo = button(words.undo, takeBack, {id: "undo", "aria-keyshortcuts": "Alt+Z", class: "quiet"});
    tell(filed.message, {action: undo, keys: ["Alt", "Z"]});
    expire(undo);
  }

  async function takeBack() {
    if (!filed) return;
    const {id} = filed;
    filed = null;
    try {
      await server.unfile(id);
      tell(words.undone);
    } catch (error) {
      tell(words.notUndone + failed(error));
    }
  }

  return {file, takeBack};
}
