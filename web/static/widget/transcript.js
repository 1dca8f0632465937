// The conversation as text, read from what is seen, and sent nowhere: to a screen reader, the clipboard, a file, a printer.

import {el} from "./dom.js";

/** What is urgent, and what answers: the parts of a turn that are spoken. */
export const URGENT = ".level,.alert :is(h3,h4,li,a)";
export const ANSWER = "article :is(h3,p,li):not(details *,.small)";
const ALL = `.asked,${URGENT},article :is(h3,p,li):not(details *),.advice,.others button`;

/** The texts of those parts of `node`, in the order in which they stand; for reading on paper with their addresses. */
export const texts = (node, parts, addresses) =>
  [...node.querySelectorAll(parts)].map((part) => {
    const copied = part.cloneNode(true);
    copied.querySelectorAll("a .unseen").forEach((hint) => hint.remove());
    const link = addresses && copied.querySelector("a[target]");
    return copied.textContent + (link ? ` ${link.href}` : "");
  });

/** Lines as one text with a pause between them: without the full stop words run together. */
export const spoken = (lines) =>
  lines
    .filter(Boolean)
    .map((line) => line + (/[.!?।:…]$/.test(line) ? "" : "."))
    .join(" ");

export const written = (nodes) => [...nodes].map((node) => texts(node, ALL, true).join("\n")).join("\n\n――\n\n");

/** Whether `text` is in the clipboard now; pages without TLS have only the old way. */
export async function copy(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = root.getRootNode().activeElement;
    const field = el("textarea.unseen");
    root.append(field);
    field.value = text;
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return done;
  }
}

export function save(text) {
  const href = URL.createObjectURL(new Blob([text], {type: "text/plain"}));
  el("a", {href, download: "conversation.txt"}).click();
}

/** Print the text alone: the page and the panel step aside for as long as it takes. */
export function print(text, root) {
  const sheets = [...document.adoptedStyleSheets]; // the list itself is alive
  const page = new CSSStyleSheet();
  const paper = el("div.paper", {dir: "auto"}, text);
  page.replaceSync("@media print{body{display:none!important}}");
  document.adoptedStyleSheets = [...sheets, page];
  root.append(paper);
  const clear = () => {
    document.adoptedStyleSheets = sheets;
    paper.remove();
  };
  window.addEventListener("afterprint", clear, {once: true}); // on phones print() returns before anything is printed
  window.print();
}
