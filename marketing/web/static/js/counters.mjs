// How much of a limit a text uses, in code points as the channels count. The words come from the page.

const number = new Intl.NumberFormat(document.documentElement.lang);

for (const counter of document.querySelectorAll("[data-counts]")) {
  const input = document.getElementById(counter.dataset.counts);
  const limit = Number(counter.dataset.limit);
  const update = () => {
    const used = [...input.value].length;
    const over = used > limit;
    counter.textContent = (over ? counter.dataset.beyond : counter.dataset.within)
      .replace("{n}", number.format(over ? used - limit : used))
      .replace("{limit}", number.format(limit));
    counter.toggleAttribute("data-over", over);
  };
  input.addEventListener("input", update);
  update();
}

const ticks = [...document.querySelectorAll("input[name=kanal]")];
const showTicked = () => {
  for (const line of document.querySelectorAll("[data-for-channel]")) {
    line.hidden = !ticks.some((tick) => tick.checked && tick.value === line.dataset.forChannel);
  }
};
for (const tick of ticks) tick.addEventListener("change", showTicked);
showTicked();
