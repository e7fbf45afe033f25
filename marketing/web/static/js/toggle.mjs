// Two ways to see one list. Without this file the first one stands and the switch stays hidden.

for (const group of document.querySelectorAll("[data-toggle]")) {
  group.hidden = false;
  group.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-show]");
    if (!chosen) return;
    for (const button of group.children) {
      button.setAttribute("aria-pressed", String(button === chosen));
      document.getElementById(button.dataset.show).hidden = button !== chosen;
    }
  });
}
