// Adds, moves and takes out blocks of a newsletter in place; without this file each button asks the server to do it.

for (const place of document.querySelectorAll("[data-blocks]")) {
  const list = place.querySelector("[data-block-list]");
  const status = place.querySelector("[data-block-status]");
  const limit = Number(place.dataset.limit);

  const tidy = () => {
    const blocks = [...list.children];
    blocks.forEach((block, index) => {
      block.querySelector("[data-block-number]").textContent = index + 1;
      block.querySelector("[data-block-act=up]").disabled = index === 0;
      block.querySelector("[data-block-act=down]").disabled = index === blocks.length - 1;
    });
  };

  const add = (kind) => {
    if (list.children.length >= limit) {
      status.textContent = status.dataset.full;
      return;
    }
    const keys = [...list.querySelectorAll("input[name=blok]")].map((input) => Number(input.value));
    const key = String(Math.max(0, ...keys) + 1);
    const blank = place.querySelector(`template[data-block-blank="${CSS.escape(kind)}"]`);
    const block = blank.content.firstElementChild.cloneNode(true);
    for (const part of [block, ...block.querySelectorAll("*")]) {
      for (const { name, value } of [...part.attributes]) {
        if (value.includes("blok-0")) part.setAttribute(name, value.replaceAll("blok-0", `blok-${key}`));
      }
      if (part.name === "aksi") part.value = part.value.replace(":0", `:${key}`);
    }
    block.querySelector("input[name=blok]").value = key;
    list.append(block);
    tidy();
    (block.querySelector("input:not([type=hidden]), textarea") ?? block).focus();
    status.textContent = status.dataset.added;
  };

  place.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const act = button?.dataset.blockAct;
    const kind = button?.dataset.blockAdd;
    if (!act && !kind) return;
    event.preventDefault();
    if (kind) return add(kind);
    const block = button.closest("[data-block]");
    if (act === "drop") {
      const next = block.nextElementSibling ?? block.previousElementSibling;
      block.remove();
      (next ?? place.querySelector("[data-block-add]")).focus();
      status.textContent = status.dataset.dropped;
    } else {
      if (act === "up") block.previousElementSibling?.before(block);
      else block.nextElementSibling?.after(block);
      status.textContent = status.dataset.moved;
    }
    tidy();
    if (act !== "drop") (button.disabled ? block : button).focus();
  });

  for (const radio of document.querySelectorAll("input[name=jenis]")) {
    radio.addEventListener("change", () => {
      if (radio.checked) place.open = radio.value !== "promotional" || list.children.length > 0;
    });
  }
}
