// Narrows the standing list of products while typing; the button still searches the whole catalogue.

for (const picker of document.querySelectorAll("[data-picker]")) {
  const search = picker.querySelector("[data-picker-search]");
  const rows = [...picker.querySelectorAll("[data-words]:not([data-picker-count])")];
  const count = picker.querySelector("[data-picker-count]");
  const none = picker.querySelector("[data-picker-none]");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const narrow = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const picked = row.querySelector("input").checked;
      row.hidden = !picked && !words.every((word) => row.dataset.words.includes(word));
    }
    if (none) none.hidden = rows.some((row) => !row.hidden);
  };
  search.addEventListener("input", narrow);
  picker.addEventListener("change", () => {
    const picked = rows.filter((row) => row.querySelector("input").checked).length;
    count.textContent = count.dataset.words.replace("{n}", number.format(picked));
  });
}
