// What stands above the rows: the safety message as visitors see it, with words for the caller; fixed wording; failures.

import {button, call, el, mixed} from "../widget/dom.js";
import {words} from "./words.js";

const lines = ({message}) => el("ul", null, message.split("\n").map((line) => el("li", null, mixed(line))));

const calls = (phones) =>
  phones.length > 0 && el("p.calls", null, phones.map(({label, tel}) => call(label, tel, "a.button")));

const other = (card, first, level) =>
  el(
    "div.also",
    null,
    el("h3", null, level === "emergency" && `${words.also}: `, mixed(card.heading)),
    lines(card),
    calls(card.phones.filter(({tel}) => !first.some((phone) => phone.tel === tel))),
  );

/** The card of `alert`; `acknowledge` where it stands alone: for "The caller is not in an emergency". */
export function alertNode(alert, facts, acknowledge) {
  const {level, phones} = alert;
  return el(
    `section.alert.${level}`,
    {"aria-labelledby": "alert-heading"},
    el("p.level", null, facts.levels[level]),
    el("p.caller", null, alert.caller),
    el(
      "div.act",
      null,
      el("h2", {id: "alert-heading"}, mixed(alert.heading)),
      calls(phones),
    ),
    lines(alert),
    alert.also.map((card) => other(card, phones, level)),
    acknowledge && el("p.next", null, button(facts.acknowledge, acknowledge, {class: "quiet"})),
  );
}

/** What is heard first. */
export const alertText = ({level, heading, caller, message}, facts) =>
  [facts.levels[level], caller, heading, ...message.split("\n")].map((part) => part.replace(/[.:]?$/, ".")).join(" ");

/** Fixed wording that the visitor would get instead of an answer, or what is to be known about the rows. */
export const noticeNode = (label, message) =>
  el("section.notice", {"aria-label": label}, el("p.label", null, label), message.split("\n").map((line) => el("p", null, mixed(line))));

/** What went wrong, and what to do: `retry`, or the way to sign in. */
export const problemNode = (message, retry, signIn) =>
  el(
    "section.notice.problem",
    null,
    message.map((line) => el("p", null, line)),
    el("p", null, signIn ? el("a.button", {href: signIn}, words.signIn) : button(words.retry, retry, {class: "quiet"})),
  );
