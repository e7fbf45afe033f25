// What is typed shows in the previews at once; the server's rendering replaces it when the draft is saved.

for (const input of document.querySelectorAll("[data-mirror]")) {
  input.addEventListener("input", () => {
    for (const target of document.querySelectorAll(`[data-mirrored="${input.dataset.mirror}"]`)) {
      target.textContent = input.value;
    }
  });
}
