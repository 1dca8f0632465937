// The chosen passage: what to say first, then notes for staff, the whole passage where it is open, and its source.

import {el, mixed} from "../widget/dom.js";
import {review} from "./copying.js";
import {blockNodes, marked} from "./text.js";
import {words} from "./words.js";

/**
 * `row` as nodes; `open`: with the whole passage. A note comes after what is to be said, but before a text that is said
 * whole: it is long, and the note is to be known before.
 */
export function passageNodes(row, facts, open) {
  const notes = row.notes.length > 0 && forStaff(row.notes);
  const isWhole = row.saying?.whole;
  return [
    el("p.place", null, place(row)),
    el("h2", null, mixed(row.title)),
    isWhole && notes,
    row.saying ? sayThis(row) : withheld(row),
    !isWhole && notes,
    open && row.saying && !row.saying.whole && whole(row),
    row.citation && source(row, facts),
  ]
    .flat()
    .filter(Boolean);
}

/** Where it stands; the title comes below and is not said twice. */
const place = ({document, section, title}) =>
  [document, ...section.split(" › ").slice(0, section.endsWith(title) ? -1 : undefined)].join(" › ");

const withheld = ({certainty, text}) =>
  el("section.withheld", null, el("h3", null, certainty), el("p", null, mixed(text)));

function sayThis({saying, blocks}) {
  const text = saying.whole ? blockNodes(blocks, true) : el("p", null, marked(saying.text, saying.highlights, true));
  return el("section.say", null, el("h3", null, saying.whole ? words.sayAll : words.say), el("blockquote", null, text));
}

const forStaff = (notes) =>
  el("aside.note", {"aria-label": words.staffOnly}, el("h3", null, words.staffOnly), notes.map((note) => el("p", null, mixed(note))));

const whole = ({blocks}) =>
  el("section.whole", null, el("h3", null, words.whole), el("div.quote", null, blockNodes(blocks, false)));

function source({citation, certainty, why}, facts) {
  const {references} = citation;
  return el(
    "section.source",
    null,
    el("p", null, el("span.label", null, words.source), " ", el("a", {href: citation.url, target: "_blank", rel: "noreferrer"}, `${citation.document} › ${citation.section}`)),
    el("p", null, el("span", citation.overdue && {class: "overdue"}, review(citation, facts))),
    el("p.why", null, el("strong", null, certainty), why.length > 0 && ` · ${words.why}${why.join("; ")}`),
    references.length > 0 && el("details", null, el("summary", null, words.references(references.length)), list(references)),
  );
}

const list = (references) =>
  el(
    "ol.references",
    null,
    references.map(({number, text, url}) =>
      el("li", {value: number}, text, url && [" ", el("a", {href: url, target: "_blank", rel: "noreferrer"}, url)]),
    ),
  );
