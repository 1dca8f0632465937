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
    copied.querySelector("a .unseen")?.remove();
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

/** Put `text` into the clipboard, and say whether it is there now; pages without TLS have only the old way. */
export async function copy(text, root, words) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const focused = root.getRootNode().activeElement;
    const field = el("textarea.unseen");
    root.append(field);
    field.value = text;
    field.select();
    done = document.execCommand("copy");
    field.remove();
    focused?.focus();
  }
  return done ? words("copied") : words("not_copied");
}

export function save(text) {
  const href = URL.createObjectURL(new Blob([text]));
  el("a", {href, download: "conversation.txt"}).click();
}

/** Print the text alone: the page and the panel step aside for as long as it takes. */
export function print(text, root) {
    const page = new CSSStyleSheet();
  const paper = el("div.paper", {dir: "auto"}, text);
  page.replaceSync("@media print{body{display:none!important}}");
  document.adoptedStyleSheets.push(page);
  root.append(paper);
  const clear = () => {
    page.replaceSync("");
    paper.remove();
  };
  window.addEventListener("afterprint", clear, {once: true}); // on phones print() returns before anything is printed
  window.print();
}
