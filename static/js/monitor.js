// The live figures of the monitor, asked for anew at a calm pace: not while nobody looks, not while somebody reads them
// with the keyboard, not after "Tạm dừng", and the slower the server answers, the more seldom.
const toggle = document.querySelector("[data-refresh-toggle]");
const live = () => document.querySelector("[data-live]");
const every = Number(live()?.dataset.everyS) * 1000;
let paused = false;

async function refresh() {
  const asked = performance.now();
  if (!paused && !document.hidden && !live().contains(document.activeElement)) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
      if (!paused) live().replaceWith(document.adoptNode(fresh));
    } catch {
      live().querySelector("[data-stale]").hidden = false;
    }
  }
  if (live().dataset.everyS) setTimeout(refresh, Math.max(every, 20 * (performance.now() - asked)));
}

if (toggle && every) {
  toggle.addEventListener("click", () => {
    paused = !paused;
    toggle.textContent = paused ? toggle.dataset.off : toggle.dataset.on;
  });
  setTimeout(refresh, every);
}
