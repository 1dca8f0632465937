// The conversation as text, made in the browser and sent nowhere: to the clipboard, a file or a printer.

import {replyLines} from "./answer.js";
import {el} from "./dom.js";

export function conversationText(turns, chat) {
  const {words} = chat;
  const parts = turns.map((turn) => [`${words("asked")}: ${turn.question}`, "", ...replyLines(turn.reply, chat)].join("\n"));
  return [words("transcript", {date: words.date(Date.now())}), ...parts].join("\n\n――\n\n") + "\n";
}

/** Whether `text` is in the clipboard now; pages without TLS have only the old way. */
export async function copy(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = el("textarea.unseen", {"aria-hidden": "true", tabindex: "-1"});
    const focused = root.getRootNode().activeElement;
    root.append(field);
    field.value = text;
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return done;
  }
}

export function save(text, name) {
  const address = URL.createObjectURL(new Blob([text], {type: "text/plain;charset=utf-8"}));
  el("a", {href: address, download: name}).click();
  setTimeout(URL.revokeObjectURL, 10000, address); // some browsers read it only after the click
}

/** Print the text alone: the page and the panel step aside for as long as it takes. */
export function print(text, host, root) {
  const page = new CSSStyleSheet();
  page.replaceSync("@media print { body { display: none !important } }");
  const paper = el("div.paper", {dir: "auto"}, text);
  root.append(paper);
  host.setAttribute("printing", "");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, page];
  const clear = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== page);
    host.removeAttribute("printing");
    paper.remove();
  };
  addEventListener("afterprint", clear, {once: true}); // on phones print() returns before anything is printed
  window.print();
}
