// Fills the preview frame with what was just checked. Without this file the buttons above the frame do it.

document.querySelector("[data-show-now]")?.click();
