// A reply as what is seen, and as lines of plain text for speech, the clipboard and files.

import {cardLines, cardNode} from "./card.js";
import {button, call, el, elsewhere, mixed} from "./dom.js";

/** Highlights count code points and may lie a space or a hyphen apart: "back pain" is one mark, not two. */
function highlighted({text, highlights}) {
  const points = [...text];
  const nodes = [];
  let at = 0;
  const cut = (start, end) => points.slice(start, end).join("");
  for (let index = 0; index < highlights.length; index++) {
    const start = highlights[index][0];
    while (index + 1 < highlights.length && /^[ -]$/.test(cut(highlights[index][1], highlights[index + 1][0]))) index++;
    nodes.push(...mixed(cut(at, start)), el("mark", null, mixed(cut(start, highlights[index][1]))));
    at = highlights[index][1];
  }
  return [...nodes, ...mixed(cut(at))];
}

/** Paragraphs, and list items gathered into lists. */
function quote(blocks) {
  const nodes = [];
  for (const block of blocks) {
    if (block.kind !== "li") nodes.push(el("p", null, highlighted(block)));
    else {
      if (nodes.at(-1)?.localName !== "ul") nodes.push(el("ul"));
      nodes.at(-1).append(el("li", null, highlighted(block)));
    }
  }
  return nodes;
}

function review({reviewed, overdue}, words) {
  if (!reviewed) return words("not_reviewed");
  const due = overdue ? ` (${words("overdue")})` : "";
  return words("reviewed", {date: words.date(reviewed)}) + due;
}

function references(cited, {words, server}) {
  if (!cited.length) return null;
  const entries = cited.map(({number, text, url}) => {
    const link = server.link(url);
    return el("li", {value: number}, text, link && [" ", elsewhere(link, new URL(link).hostname, words)]);
  });
  return el("details", {lang: words.language}, el("summary", null, words("references", {n: cited.length})), el("ol", {lang: "en"}, entries));
}

const place = ({document, section}) => (document === section ? document : `${document} › ${section}`);

function source(citation, chat) {
  const {words, server} = chat;
  return el(
    "footer.source",
    null,
    el(
      "p",
      null,
      el("span.label", {lang: words.language}, words("source")),
      " ",
      elsewhere(server.link(citation.url), place(citation), words),
    ),
    el("p.small", null, citation.author && `${citation.author} · `, el("bdi", {lang: words.language}, review(citation, words))),
    references(citation.references, chat),
  );
}

function passage(reply, chat) {
  const {words, language, unique} = chat;
  const id = unique();
  return el(
    "article.passage",
    {"aria-labelledby": id, lang: reply.passage.language || language},
    el("h3", {id}, mixed(reply.passage.title)),
    el("div.quote", null, quote(reply.passage.blocks)),
    source(reply.citation, chat),
  );
}

/** What is said where no passage is: fixed wording, and whom to ask instead. */
function fixed(reply, chat) {
  const {words, language} = chat;
  const contact = reply.kind === "none" && reply.contact;
  return el(
    "article.fixed",
    {lang: language},
    el("h3", {lang: words.language}, words(reply.kind)),
    reply.message?.split("\n").map((line) => el("p", null, mixed(line))),
    contact && el("p", null, el("span", {lang: words.language}, words("call_clinic")), " ", contact.name, " ", call(contact.phone, contact.phone)),
  );
}

/** Buttons that ask for the passage; the one that was chosen stays where it is and says so. */
function alternatives(reply, chat, onask) {
  if (!reply.alternatives.length) return null;
  const {words, language} = chat;
  const items = reply.alternatives.map(({title, snippet}) => {
    const choose = button("", mixed(title), () => {
      if (onask(title)) choose.append(el("span.chosen", {lang: words.language}, ` ${words("chosen")}`));
    });
    return el("li", null, choose, el("span.small", null, mixed(snippet)));
  });
  return el(
    "div.alternatives",
    {lang: language},
    el("h4", {lang: words.language}, words(reply.kind === "answer" ? "related" : "mean")),
    el("ul", null, items),
  );
}

/** An emergency that nobody has answered yet stands alone. */
const alone = (reply) => reply.alert?.placement === "replace";

/**
 * The reply as elements. `on` is what its buttons do: `ask(title)`, `show(country)`, `acknowledge()`, and `actions(reply)`
 * for what stands below a passage.
 */
export function replyNodes(reply, chat, on) {
  const {words} = chat;
  const card = reply.alert && cardNode(reply.alert, chat, on.show);
  if (alone(reply)) {
    return [card, el("p.next", null, button(".quiet", words("not_emergency"), on.acknowledge))];
  }
  const main = [
    reply.passage ? passage(reply, chat) : fixed(reply, chat),
    chat.fixed("p.small.advice", "disclaimer", reply.disclaimer),
    reply.passage && on.actions(reply),
    alternatives(reply, chat, on.ask),
  ];
  return reply.alert?.placement === "after" ? [...main, card] : [card, ...main];
}

const body = (reply) => (reply.passage ? [reply.passage.title, ...reply.passage.blocks.map(({text}) => text)] : []);

/** What a screen reader says: what is urgent, the passage, its source, and what else there is. */
export function replySpeech(reply, chat, count) {
  const {words} = chat;
  const card = reply.alert ? cardLines(reply.alert, words) : [];
  if (alone(reply)) return card;
  const main = [
    words("answer", {n: count}),
    ...body(reply),
    ...(reply.message?.split("\n") || []),
    reply.citation && `${words("source")}: ${place(reply.citation)}`,
    count === 1 && chat.translated("disclaimer", reply.disclaimer),
    reply.alternatives.length && words("related_count", {n: reply.alternatives.length}),
  ];
  return reply.alert?.placement === "after" ? [...main, ...card] : [...card, ...main];
}

/** What is copied: the words, where they stand, how old they are, and the advice that goes with them. */
export function replyLines(reply, chat) {
  const {words, server} = chat;
  const {citation} = reply;
  const card = reply.alert ? [...cardLines(reply.alert, words), ""] : [];
  if (alone(reply)) return card;
  return [
    ...card,
    ...body(reply),
    ...(reply.message ? [reply.message] : []),
    ...(citation ? ["", `${words("source")}: ${place(citation)}`, server.link(citation.url), review(citation, words)] : []),
    ...reply.alternatives.slice(0, reply.passage ? 0 : 3).map(({title}) => `– ${title}`),
    "",
    chat.translated("disclaimer", reply.disclaimer),
  ];
}
