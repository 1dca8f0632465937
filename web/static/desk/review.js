// Says that something takes a while, where a form says what, and sends it once. What was filled in stands there again for
// who comes back. Who signs out leaves nothing behind. Everything works without it.

import {createMemory} from "./recent.js";

const memory = createMemory(document.querySelector("form.leave strong").textContent);

// A second click would be refused for the sake of the first, whose reply nobody would see.
for (const form of document.querySelectorAll("main form")) {
  form.addEventListener("submit", (event) => {
    if ("sent" in form.dataset) return event.preventDefault();
    form.dataset.sent = "";
    if (form.dataset.waiting) form.querySelector("[role=status]").textContent = form.dataset.waiting;
  });
}

/** Which questions were shown is left out: the page itself knows. */
function filled(form) {
  const fields = Object.fromEntries(new FormData(form));
  delete fields.shown;
  return fields;
}

function fill(form, fields) {
  for (const field of form.elements) {
    if (!(field.name in fields)) continue;
    if (field.type === "radio") field.checked = field.value === fields[field.name];
    else field.value = fields[field.name];
  }
}

for (const form of document.querySelectorAll("form[data-kept]")) {
  fill(form, memory.sent(location.pathname));
  form.addEventListener("submit", () => memory.keepSent(location.pathname, filled(form)));
}

// Who chooses from a list of all passages means that one.
for (const list of document.querySelectorAll("select[data-chooses]")) {
  list.addEventListener("change", () => {
    list.form.querySelector('[name="passage"][value=""]').checked = true;
  });
}

// A page that comes back from the browser's memory is asked for anew: nobody steps back to what was signed out of.
addEventListener("pageshow", ({persisted}) => persisted && location.replace(location.href));

// What is remembered in this window goes with who signs out. Over plain HTTP, no header can say so.
document.querySelector("form.leave").addEventListener("submit", memory.forgetAll);
