// Says that something takes a while, where a form says what, and saves a click. Everything works without it.

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
