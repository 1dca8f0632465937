// Says that something takes a while, where a form says what. Everything works without it.

for (const form of document.querySelectorAll("form[data-waiting]")) {
  form.addEventListener("submit", () => {
    form.querySelector("[role=status]").textContent = form.dataset.waiting;
  });
}

// A page that comes back from the browser's memory waits for nothing any more.
addEventListener("pageshow", () => {
  for (const status of document.querySelectorAll("form[data-waiting] [role=status]")) status.textContent = "";
});
