// The two texts that staff copy, and the way to the clipboard. Notes for staff are in neither.

import {words} from "./words.js";

/** Who answers for a passage: author, review date or that there was none, and whether the next one is overdue. */
export function review({author, reviewed, overdue}, facts) {
  const day = reviewed ? words.reviewed(reviewed) : facts.not_reviewed;
  return [author, overdue ? `${day} (${words.overdue})` : day].filter(Boolean).join(" · ");
}

const source = ({document, section}) => words.sourceLine(document, section);

export const shortText = ({saying, citation}, facts) =>
  [saying.text, `${source(citation)}. ${review(citation, facts)}`, facts.disclaimer].join("\n\n");

export const passageText = ({title, blocks, citation}, facts) =>
  [
    title,
    blocks.map(({kind, text}) => (kind === "li" ? `- ${text}` : text)).join("\n"),
    [source(citation), review(citation, facts), new URL(citation.url, document.baseURI).href].join("\n"),
    facts.disclaimer,
  ].join("\n\n");

/** Whether `text` is on the clipboard now. Without HTTPS a page has no `navigator.clipboard`, but hears itself copy. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByEvent(text);
  }
}

function copyByEvent(text) {
  let heard = false;
  const put = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    heard = true;
  };
  document.addEventListener("copy", put);
  try {
    return document.execCommand("copy") && heard;
  } finally {
    document.removeEventListener("copy", put);
  }
}
