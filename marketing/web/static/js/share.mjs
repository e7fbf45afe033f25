// Hands a picture straight to another app where the browser can (Web Share API), and refuses a picture that is too large
// before it is sent over a slow line. Without this file the picture is saved and chosen by hand, and the server refuses.

for (const button of document.querySelectorAll("[data-share]")) {
  const kind = new File([], button.dataset.name, { type: "image/jpeg" });
  if (!navigator.canShare?.({ files: [kind] })) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const answer = await fetch(button.dataset.share);
      const file = new File([await answer.blob()], button.dataset.name, { type: "image/jpeg" });
      await navigator.share({ files: [file] });
    } catch {
      // The person changed their mind, or the app did: the button beside it saves the picture.
    }
  });
}

for (const input of document.querySelectorAll("input[type=file][data-most]")) {
  input.addEventListener("change", () => {
    const large = [...input.files].some((file) => file.size > Number(input.dataset.most));
    input.setCustomValidity(large ? input.dataset.tooLarge : "");
    input.reportValidity();
  });
}
