// A safety message, after the care cards of the NHS: how urgent in words, one action, few lines, whom to call.

import {button, call, el, mixed} from "./dom.js";

let cards = 0;

const calls = (phones, lang) =>
  phones[0] && el("p.calls", {lang}, phones.map(({label, tel}) => call(label, tel, "a.button")));

const list = ({message}, lang) => el("ul", {lang}, message.split("\n").map((line) => el("li", null, mixed(line))));

/**
 * The card of `alert`, in the language `lang`. `countries` are names by code, `country` is the one whose numbers are shown; `show` gets the one
 * that the visitor chose.
 */
export function cardNode(alert, words, lang, countries, country, show) {
  const {level, heading, phones, also} = alert;
  const id = `card-${++cards}`;
  const about = [calls(phones, lang), list(alert, lang)];
  const select = el("select");
  for (const code in countries) select.append(el("option", {value: code, selected: code === country, lang}, countries[code]));
  return el(
    `section.alert.${level}`,
    {"aria-labelledby": id},
    el("p.level", null, words(level)),
    el("h3", {id, lang}, mixed(heading)),
    level === "emergency" ? about : about.reverse(),
    also.map((card) =>
      el("div.also", {lang}, el("h4", null, mixed(card.heading)), calls(card.phones), level !== "emergency" && list(card)),
    ),
    show && select.length > 1 && el("p.country", null, el("label", null, words("country"), " ", select), button(words("show"), () => show(select.value, countries[select.value]))),
  );
}
