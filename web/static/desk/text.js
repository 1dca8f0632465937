// Quoted text as nodes: what matches in <mark>, numbers set so that they are easy to read aloud. No character is changed.

import {el} from "../widget/dom.js";

const NUMBER = /(\p{Nd}(?:[\p{Nd}.,:/–-]*\p{Nd})?\+?%?)/u;
const LONG = /^\p{Nd}{6,}$/u; // a telephone number: drawn in groups of three

/** `text` with the stretches of `highlights` marked; offsets count code points, so they are counted in code points here. */
export function marked(text, highlights, numbers = false) {
  const points = [...text];
  const plain = (start, end) => spelled(points.slice(start, end).join(""), numbers);
  const nodes = [];
  let at = 0;
  for (const [start, end] of joined(points, highlights)) {
    nodes.push(...plain(at, start), el("mark", null, plain(start, end)));
    at = end;
  }
  return [...nodes, ...plain(at, points.length)];
}

/** Marks that only a space or a hyphen parts become one: "back pain" is one mark, not two. */
function joined(points, highlights) {
  const runs = [];
  for (const [start, end] of highlights) {
    const last = runs.at(-1);
    if (last && start === last[1] + 1 && " -".includes(points[last[1]])) last[1] = end;
    else runs.push([start, end]);
  }
  return runs;
}

const spelled = (text, numbers) =>
  numbers ? text.split(NUMBER).map((part, index) => (index % 2 ? el("span.number", null, grouped(part)) : part)) : [text];

function grouped(number) {
  if (!LONG.test(number)) return number;
  return number.match(/.{1,3}/gu).map((group) => el("span.group", null, group));
}

/** Blocks as paragraphs and lists; items that follow each other are one list. */
export function blockNodes(blocks, numbers) {
  const nodes = [];
  for (const {kind, text, highlights} of blocks) {
    const words = marked(text, highlights, numbers);
    if (kind !== "li") nodes.push(el("p", null, words));
    else if (nodes.at(-1)?.localName === "ul") nodes.at(-1).append(el("li", null, words));
    else nodes.push(el("ul", null, el("li", null, words)));
  }
  return nodes;
}
