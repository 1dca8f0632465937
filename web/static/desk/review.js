// Says that something takes a while, where a form says what, and saves a click. Who signs out leaves nothing behind.
// Everything works without it.

for (const form of document.querySelectorAll("form[data-waiting]")) {
  form.addEventListener("submit", () => {
    form.querySelector("[role=status]").textContent = form.dataset.waiting;
  });
}

// Who chooses from a list of all passages means that one.
for (const list of document.querySelectorAll("select[data-chooses]")) {
  list.addEventListener("change", () => {
    list.form.querySelector('[name="passage"][value=""]').checked = true;
  });
}

// A page that comes back from the browser's memory waits for nothing any more.
addEventListener("pageshow", () => {
  for (const status of document.querySelectorAll("form[data-waiting] [role=status]")) status.textContent = "";
});

// What the phone desk remembers in this window goes with who signs out. Over plain HTTP, no header can say so.
document.querySelector("form.leave").addEventListener("submit", () => {
  try {
    sessionStorage.removeItem("citewell.desk");
  } catch {
    // There is nothing then.
  }
});
