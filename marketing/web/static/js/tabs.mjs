// Preview tabs. Without this file every panel stands below the other under its own heading.

for (const list of document.querySelectorAll("[data-tabs]")) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  if (tabs.length === 0) continue;
  const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
  const show = (chosen) => {
    for (const tab of tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      panelOf(tab).hidden = !on;
    }
    for (const group of document.querySelectorAll("[data-width-of]")) {
      group.hidden = group.dataset.widthOf !== chosen.getAttribute("aria-controls");
    }
  };
  for (const tab of tabs) {
    const panel = panelOf(tab);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", panel.dataset.labelled);
  }
  list.hidden = false;
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) show(tab);
  });
  list.addEventListener("keydown", (event) => {
    const here = tabs.indexOf(document.activeElement);
    const next = {
      ArrowRight: tabs[(here + 1) % tabs.length],
      ArrowLeft: tabs[(here - 1 + tabs.length) % tabs.length],
      Home: tabs[0],
      End: tabs.at(-1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    show(next);
    next.focus();
  });
  show(tabs.find((tab) => tab.getAttribute("aria-selected") === "true") ?? tabs[0]);
}

for (const group of document.querySelectorAll("[data-width-of]")) {
  group.hidden &&= document.querySelector("[data-tabs]") !== null; // without tabs its panel is always there
  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-width]");
    if (!button) return;
    const frame = document.querySelector(`#${group.dataset.widthOf} .frame`);
    frame.classList.toggle("frame-wide", button.dataset.width === "wide");
    for (const other of group.children) other.setAttribute("aria-pressed", String(other === button));
  });
}
