// A safety message, after the care cards of the NHS: how urgent in words, one action, few lines, whom to call.

import {button, call, el, mixed} from "./dom.js";

const lines = (card) => card.message.split("\n");

function list(card) {
  return el("ul", null, lines(card).map((line) => el("li", null, mixed(line))));
}

function calls(phones) {
  return phones.length ? el("p.calls", null, phones.map((phone) => call(phone.label, phone.tel, ".button"))) : null;
}

/** Other messages that were raised beside the first: in an emergency one line each, else whole. */
function also(card, first, words) {
  const more = card.phones.filter((phone) => !first.phones.some((known) => known.tel === phone.tel));
  const text =
    first.level === "emergency"
      ? [el("p", null, el("strong", {lang: words.language}, words("also")), " ", mixed(lines(card)[0]))]
      : [el("h4", null, mixed(card.heading)), list(card)];
  return el("div.also", null, text, calls(more));
}

/** Whose numbers are shown; `onshow`, where there is one, gets the country that the visitor chose. */
function countries({config, country, words}, onshow) {
  const names = Object.entries(config?.countries || {});
  if (names.length < 2 || !onshow) return null;
  const chosen = country || config.country;
  const options = names
    .sort(([, one], [, other]) => one.localeCompare(other))
    .map(([code, name]) => el("option", {value: code, selected: code === chosen}, name));
  const select = el("select", {autocomplete: "off"}, options);
  return el(
    "p.country",
    {lang: words.language},
    el("label", null, words("country"), " ", select),
    button(".quiet", words("show"), () => onshow(select.value)),
  );
}

export function cardNode(alert, chat, onshow) {
  const {words, language, unique} = chat;
  const id = unique();
  const about = [calls(alert.phones), list(alert)];
  return el(
    `section.alert.${alert.level}`,
    {"aria-labelledby": id, lang: language},
    el("p.level", {lang: words.language}, words(alert.level)),
    el("h3", {id}, mixed(alert.heading)),
    alert.level === "emergency" ? about : about.reverse(),
    alert.also.map((card) => also(card, alert, words)),
    countries(chat, onshow),
  );
}

/** The card as lines of plain text: first what to do, then whom to call. */
export function cardLines(alert, words) {
  return [alert, ...alert.also].flatMap((card) => [
    words(card.level),
    card.heading,
    ...lines(card),
    ...card.phones.map((phone) => phone.label),
  ]);
}
