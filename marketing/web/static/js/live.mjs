// What carries data-live asks for itself every two seconds, or every data-every milliseconds; the fragment of a finished campaign no longer does.

const EVERY = 2000;
const SPOKEN_EVERY = 30000; // a screen reader that hears every change hears nothing else
let spoken = 0;
const current = () => document.querySelector("[data-live]");

const refresh = async () => {
  const standing = current();
  if (!standing) return;
  if (!document.hidden) {
    const answer = await fetch(standing.dataset.live, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(standing.id);
      if (fresh) {
        const focused = standing.contains(document.activeElement) ? document.activeElement.dataset.part : undefined;
        standing.replaceWith(fresh);
        if (focused) fresh.querySelector(`[data-part="${focused}"]`)?.focus();
        if (!fresh.dataset.live) {
          window.location.reload(); // the whole page has more to say now: what is done may be gone on with
          return;
        }
        const [words, figure] = [document.querySelector("[data-live-words]"), fresh.querySelector("[role=img]")];
        if (words && figure && Date.now() - spoken > SPOKEN_EVERY) {
          spoken = Date.now();
          words.textContent = figure.getAttribute("aria-label");
        }
      }
    } else if (answer?.status === 401 || answer?.status === 403) {
      return;
    }
  }
  window.setTimeout(refresh, pause());
};
const pause = () => Number(current()?.dataset.every) || EVERY;

if (current()) window.setTimeout(refresh, pause());

// A campaign that waits for its hour: look again one second after it, then the ledger above takes over.
const awaiting = document.querySelector("[data-awaits]");
const LONGEST = 2 ** 31 - 1; // what a browser's timer can hold: 24 days
if (awaiting) {
  const wait = Math.max(Date.parse(awaiting.dataset.awaits) - Date.now(), 0) + 1000;
  if (wait < LONGEST) window.setTimeout(() => window.location.reload(), wait);
}
