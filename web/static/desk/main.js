// The phone desk: one field, results as you type, the chosen passage beside them.

import {el} from "../widget/dom.js";
import {copy, passageText, shortText} from "./copying.js";
import {createFiling} from "./filing.js";
import {listenToKeys, printKeys} from "./keys.js";
import {createLooking} from "./looking.js";
import {alertNode, alertText, noticeNode, problemNode} from "./notices.js";
import {createReading} from "./reading.js";
import {createMemory} from "./recent.js";
import {createRows} from "./rows.js";
import {createServer} from "./server.js";
import {createTelling} from "./telling.js";
import {createVoice} from "./voice.js";
import {words} from "./words.js";

const SLOW = 300; // milliseconds, after which the time is shown in amber
const SETTLED = 2000; // milliseconds that a question stands before it counts as looked up

const part = (id) => document.getElementById(id);
const field = part("question");
const facts = JSON.parse(part("desk").dataset.facts);
const server = createServer(facts.base);
const memory = createMemory(facts.name);
const voice = createVoice(part("said"));

let reply = null; // what the rows are of
let chosen = -1;
let acknowledged = []; // for the question in the field only
let warned = ""; // the safety message that was said
let back = 0; // how many questions Escape went back
let latest = null; // the look-up that is awaited
let waiting = null; // what is to be done with its rows
let isOut = false; // whether the session has ended
let settling;

const asked = () => field.value.trim();
const row = () => reply?.rows[chosen];
const radios = [...document.querySelectorAll("[name=document]")];
const inDocument = () => radios.find((radio) => radio.checked).value;
const rows = createRows(field, part("rows"), (index) => pick(index));
const looking = createLooking(server.search, {found, failed, busy});
const tell = createTelling(part("told"), voice, () => field.focus());
const reading = createReading(part, facts, tell, voice);
const filing = createFiling(server, tell, (error) => {
  if (error.reason === "signed_out") failed(error, latest);
  return error.detail || words.failures[error.reason];
});

// ---- looking up

function look() {
  clearTimeout(settling);
  voice.hush();
  waiting = null;
  if (!asked()) return showRecent();
  latest = {query: asked(), document: inDocument() || null, acknowledged};
  looking.look(latest);
}

function found(answer, query, milliseconds) {
  const act = settle(query);
  isOut = false;
  reply = answer;
  reading.close();
  part("columns").classList.remove("older");
  const {alone} = answer;
  showBroken(answer.broken);
  showNotices(
    answer.alert && alertNode(answer.alert, facts, alone && acknowledge),
    answer.fixed && noticeNode(words.notice, answer.fixed.message),
  );
  part("columns").hidden = alone;
  part("rows-heading").textContent = words.kinds[answer.kind];
  part("recent-deeds").hidden = true;
  part("empty").textContent = answer.rows.length ? "" : words.empty;
  rows.fill(answer.rows.map(({title, document, certainty}) => ({title, about: `${certainty} · ${document}`})));
  choose(answer.rows.length ? 0 : -1, false);
  if (alone) part("count").textContent = "";
  else showCount(answer, Math.round(milliseconds));
  announce(answer);
  clearTimeout(settling); // of the reply to what was typed before
  settling = setTimeout(() => memory.remember(answer.query), SETTLED);
  act?.();
}

/** Runs `act` when the rows are those of what is typed: who copies in the same breath copies no older answer. */
function whenFound(act) {
  if (latest) waiting = act;
  else act();
}

/** What is to be done now that there is a reply to `query`: nothing yet, where a newer one is about to be sent. */
function settle(query = latest) {
  if (query !== latest) return null;
  const act = waiting;
  latest = waiting = null;
  return act;
}

/** The safety message at once, and once; the count when the keys rest. */
function announce({alert, alone, fixed, rows: of}) {
  const warning = alert ? alertText(alert, facts) : "";
  if (warning && warning !== warned) voice.say(warning);
  if (!alone) voice.sayWhenIdle([fixed?.message, words.counted(of.length, of[0]?.title)].filter(Boolean).join(" "));
  warned = warning;
}

function showCount({rows: of, took_ms: took}, milliseconds) {
  const slow = milliseconds > SLOW;
  part("count").textContent = words.took(of.length, milliseconds) + (slow ? words.slow(Math.round(took)) : "");
  part("count").classList.toggle("slow", slow);
}

function busy(is) {
  part("rows").setAttribute("aria-busy", is);
  if (is) part("count").textContent = words.searching;
}

/** Old rows stay, but not as if they were of this question. */
function failed(error, query) {
  settle(query);
  const alert = error.alert || reply?.alert;
  isOut = error.reason === "signed_out";
  if (isOut) memory.keepTyped(field.value);
  const message = [
    error.detail || words.failures[error.reason],
    isOut && words.kept,
    reply?.rows.length > 0 && words.older(reply.query),
  ].filter(Boolean);
  part("columns").classList.toggle("older", reply !== null);
  part("count").textContent = "";
  showNotices(alert && alertNode(alert, facts), problemNode(message, look, isOut && facts.sign_in));
  voice.say([error.alert && alertText(error.alert, facts), ...message].filter(Boolean).join(" "));
}

function showNotices(...nodes) {
  const notices = part("notices");
  const hadFocus = notices.contains(document.activeElement);
  notices.replaceChildren(...nodes.filter(Boolean));
  notices.hidden = !notices.hasChildNodes();
  notices.scrollTop = 0;
  if (hadFocus) field.focus();
}

/** That newer content has a mistake; whoever hears it hears it once. */
function showBroken(message) {
  if (part("broken").textContent !== (message || "")) part("broken").replaceChildren(...(message ? [el("p", {dir: "auto"}, message)] : []));
}

function acknowledge() {
  acknowledged = [reply.alert.rule, ...reply.alert.also.map(({rule}) => rule)];
  field.focus();
  look();
}

// ---- recent look-ups, where nothing is typed

function showRecent() {
  clearTimeout(settling);
  looking.stop();
  settle();
  reply = null;
  reading.close();
  warned = "";
  const recent = memory.recent();
  showNotices();
  part("columns").hidden = false;
  part("columns").classList.remove("older");
  part("rows-heading").textContent = recent.length ? words.recent : words.rows;
  part("recent-deeds").hidden = !recent.length;
  part("empty").textContent = recent.length ? "" : words.start;
  part("count").textContent = "";
  part("count").classList.remove("slow");
  rows.fill(recent.map((title) => ({title})));
  choose(-1, false);
}

function put(question) {
  field.value = question;
  acknowledged = [];
  look();
}

// ---- choosing

const rowCount = () => (reply ? reply.rows.length : memory.recent().length);

function choose(index, named) {
  chosen = index;
  rows.choose(index, named);
  reading.read(row());
}

function move(by) {
  const last = rowCount() - 1;
  if (last < 0 || part("columns").hidden) return false;
  choose(Math.max(0, Math.min(last, Math.max(chosen, by > 0 ? -1 : 0) + by)), true);
  return true;
}

/** By number or by a click: of recent look-ups, it is asked again. */
function pick(index) {
  if (part("columns").hidden || index >= rowCount()) return;
  if (!reply) return put(memory.recent()[index]);
  choose(index, true);
  part("passage").scrollIntoView({block: "nearest"});
}

function open() {
  if (!reply) return chosen >= 0 && pick(chosen);
  if (!row() || part("columns").hidden) return;
  memory.remember(reply.query);
  reading.toggle();
}

async function copyText(make, copied) {
  const of = row();
  if (!of || of.withheld || part("columns").hidden) return tell(words.nothingToCopy);
  memory.remember(reply.query);
  tell((await copy(make(of, facts))) ? copied : words.notCopied);
}

function unanswered() {
  if (asked()) memory.remember(asked());
  filing.file(asked());
}

// ---- steps back

function stepBack() {
  if (reading.close()) return voice.say(words.closed);
  if (asked() && reply) memory.remember(reply.query);
  if (field.value) {
    field.value = "";
    acknowledged = [];
    showRecent();
    return voice.say(words.cleared);
  }
  const before = memory.recent()[back];
  if (!before) return;
  back += 1;
  put(before);
  voice.say(words.before(before));
}

function focusField() {
  field.focus();
  field.select();
}

function filter(by) {
  const at = radios.findIndex((radio) => radio.checked);
  radios[(at + by + radios.length) % radios.length].checked = true;
  filtered();
}

function filtered() {
  const radio = radios.find(({checked}) => checked);
  memory.chooseDocument(radio.value);
  radio.parentElement.scrollIntoView({block: "nearest", inline: "nearest"});
  voice.say(words.onlyIn(radio.parentElement.textContent.trim()));
  if (asked()) look();
}

function forget() {
  memory.forgetRecent();
  back = 0;
  if (!asked()) showRecent();
  tell(words.forgotten);
}

// ---- keys, and a button for each

const keyList = part("key-list");
const does = {
  move,
  row: (index) => whenFound(() => pick(index)),
  filter,
  scroll: reading.scroll,
  open: () => whenFound(open),
  forget,
  back: stepBack,
  focus: focusField,
  copyShort: () => whenFound(() => copyText(shortText, words.copiedShort)),
  copyPassage: () => whenFound(() => copyText(passageText, words.copiedPassage)),
  unanswered,
  undo: filing.takeBack,
  showKeys: () => keyList.showModal(),
  closeKeys: () => keyList.close(),
  singleKeys: () => part("single-keys").checked,
};
const deeds = {
  back: does.back,
  unanswered: does.unanswered,
  keys: does.showKeys,
  "close-keys": does.closeKeys,
  "copy-short": does.copyShort,
  "copy-passage": does.copyPassage,
  open: does.open,
  forget: does.forget,
};
for (const id in deeds) part(id).onclick = deeds[id];
// What is pressed with a pointer leaves the focus in the field; the passage can still be selected.
for (const pressed of document.querySelectorAll(".deeds, .recent-deeds, .filter, #told"))
  pressed.addEventListener("mousedown", (event) => event.preventDefault());
listenToKeys(field, keyList, does);

field.addEventListener("input", () => {
  acknowledged = [];
  back = 0;
  if (isOut) memory.keepTyped(field.value);
  look();
});
for (const radio of radios) radio.addEventListener("change", filtered);
keyList.addEventListener("close", () => field.focus());
addEventListener("pageshow", ({persisted}) => persisted && location.reload()); // nobody steps back to what was signed out of
addEventListener("focus", () => document.activeElement === document.body && field.focus());
part("leave").addEventListener("submit", memory.forgetAll);

printKeys();
const remembered = radios.find(({value}) => value === memory.document());
if (remembered) remembered.checked = true;
field.focus();
put(memory.takeTyped() || field.value);
