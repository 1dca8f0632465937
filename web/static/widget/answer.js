// A reply as what is seen. What is heard, copied and printed is read from there.

import {button, call, el, mixed} from "./dom.js";

/** A link that leaves the page alone: `text` in the language `lang`, and the words that say so. */
export const elsewhere = (url, text, words, lang) =>
  el(
    "a",
    {href: url, target: "_blank", rel: "noreferrer", lang},
    mixed(text),
    el("span.unseen", {lang: words.language}, words("new_tab")),
  );

/** Highlights count code points; those that only a space or a hyphen parts are one mark: "back pain". */
function highlighted({text, highlights}) {
  const points = [...text];
  const cut = (start, end) => points.slice(start, end).join("");
  const runs = [];
  for (const [start, end] of highlights) {
    const last = runs.at(-1);
    if (last && /^[ -]$/.test(cut(last[1], start))) last[1] = end;
    else runs.push([start, end]);
  }
  let at = 0;
  const nodes = runs.map(([start, end]) => {
    const before = cut(at, start);
    at = end;
    return [mixed(before), el("mark", null, mixed(cut(start, end)))];
  });
  return [nodes, mixed(cut(at))];
}

/** Paragraphs, and list items gathered into lists. */
const quoted = (blocks) =>
  blocks.reduce((nodes, block) => {
    const last = nodes.at(-1);
    const inList = block.kind === "li";
    const node = el(inList ? "li" : "p", null, highlighted(block));
    if (inList && last?.matches("ul")) last.append(node);
    else nodes.push(inList ? el("ul", null, node) : node);
    return nodes;
  }, []);

function source(citation, words, link, lang) {
  const {document, section, url, author, reviewed, overdue, references} = citation;
  return el(
    "footer",
    null,
    el("p", null, el("b", null, words("source")), " ", elsewhere(link(url), `${document} › ${section}`, words, lang)),
    el(
      "p.small",
      null,
      author && el("span", {lang}, mixed(author), " · "),
      el("bdi", null, reviewed ? words("reviewed", words.date(reviewed)) : words("not_reviewed")),
      overdue && ` (${words("overdue")})`,
    ),
    references[0] &&
      el(
        "details",
        null,
        el("summary", null, words("references", references.length)),
        el("ol", {lang}, references.map(({number, text, url: at}) => el("li", {value: number}, mixed(text), " ", link(at) && elsewhere(link(at), at, words)))),
      ),
  );
}

/**
 * The reply without its safety message. `lang` is that of what is quoted; `ask` gets the title of a passage that the
 * visitor chose, and says whether it was asked; `actions` stand below a passage.
 */
export function replyNodes(reply, words, link, lang, ask, actions) {
  const {kind, passage, citation, message, contact, alternatives, disclaimer} = reply;
  const said = (name, text) => el(name, {lang}, mixed(text));
  const other = ({title, snippet}) => {
    const choose = button(said("span", title), () => ask(title) && choose.replaceChildren(said("span", title), ` ${words("chosen")}`));
    return el("li", null, choose, said("p.small", snippet));
  };
  return [
    el(
      "article",
      null,
      passage
        ? [said("h3", passage.title), el("div.quote", {lang}, quoted(passage.blocks)), source(citation, words, link, lang)]
        : [
            el("h3", null, words(kind)),
            message?.split("\n").map((line) => said("p", line)),
            kind === "none" && contact && el("p", null, said("span", contact.name), ": ", call(contact.phone)),
          ],
    ),
    said("p.small.advice", disclaimer),
    passage && actions,
    alternatives[0] && el("div.others", null, passage && el("h4", null, words("related")), el("ul", null, alternatives.map(other))),
  ];
}
