// Copies the text of a share kit. Without this file it stands selectable in its field and the button stays hidden.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      // Pages without HTTPS have no clipboard; the selected text can still be copied by hand.
      return;
    }
    button.querySelector("span").textContent = button.dataset.done;
  });
}
