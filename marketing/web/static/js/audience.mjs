// Asks how many will receive it whenever the kind or the group changes; the button does the same without this file.

for (const form of document.querySelectorAll("[data-audience]")) {
  const place = form.querySelector("[data-audience-count]");
  form.querySelector("[data-audience-button]").hidden = true;
  let asked = 0;
  const ask = async () => {
    const mine = ++asked;
    const given = new FormData(form);
    const query = new URLSearchParams();
    for (const name of ["jenis", "penerima"]) if (given.get(name)) query.set(name, given.get(name));
    if (!query.has("penerima")) return;
    for (const name of ["produk", "kecuali"]) for (const value of given.getAll(name)) query.append(name, value);
    const answer = await fetch(`${form.dataset.audience}?${query}`, { headers: { Accept: "text/html" } }).catch(() => null);
    // A slow answer to an older question must not replace the newer one.
    if (mine !== asked || !answer?.ok) return;
    const fragment = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...fragment.body.childNodes);
  };
  form.addEventListener("change", (event) => {
    if (["jenis", "penerima", "kecuali"].includes(event.target.name)) ask();
  });
  if (!place.querySelector("output")) ask();
}
