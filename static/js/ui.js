// Shared behaviours: theme button, countdown, print, live summary, ordered lists. Every page works without them.
const root = document.documentElement;
const pressed = () => document.querySelectorAll("[data-theme-toggle]").forEach((b) => b.setAttribute("aria-pressed", root.dataset.bsTheme === "dark"));
pressed();
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-theme-toggle]")) {
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    pressed();
    try { localStorage.theme = root.dataset.bsTheme; } catch { /* private mode: the choice lasts for this page */ }
  }
  if (target.closest("[data-print]")) print();
});

// Countdown: the server sends the seconds left; the device clock is never trusted.
document.querySelectorAll(".countdown[data-left]").forEach((box) => {
  const total = Number(box.dataset.left), since = performance.now();
  const two = (n) => String(n).padStart(2, "0");
  const draw = () => {
    const left = Math.max(0, Math.floor(total - (performance.now() - since) / 1000));
    box.querySelector("[data-d]").textContent = Math.floor(left / 86400);
    box.querySelector("[data-h]").textContent = two(Math.floor(left / 3600) % 24);
    box.querySelector("[data-m]").textContent = two(Math.floor(left / 60) % 60);
  };
  draw(); setInterval(draw, 15000);
});

// Live plain-language summary: <input data-to="x"> writes into every [data-from="x"].
document.addEventListener("input", ({ target }) => {
  if (!target.dataset.to) return;
  const text = target.tagName === "SELECT" ? target.selectedOptions[0].dataset.say || target.selectedOptions[0].text : target.value || "…";
  document.querySelectorAll(`[data-from="${target.dataset.to}"]`).forEach((el) => { el.textContent = text; });
});

// Ordered lists move with buttons, so no dragging is needed.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-move]");
  if (!button) return;
  const row = button.closest("li"), other = button.dataset.move === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (other) { button.dataset.move === "up" ? other.before(row) : other.after(row); button.focus(); }
});

document.querySelectorAll("[data-only-wrong]").forEach((box) => box.addEventListener("change", () => {
  document.querySelectorAll(".fold").forEach((fold) => { fold.hidden = box.checked && !fold.querySelector("summary .mark-bad"); });
}));

// The menu of work scrolls sideways where it is wider than the page: begin where the visitor is.
const here = document.querySelector(".worknav [aria-current]"), list = here?.closest("ul");
if (here) list.scrollLeft += here.getBoundingClientRect().left - list.getBoundingClientRect().left - 48;

// After a failed post the summary of errors takes the focus.
document.querySelector("[data-focus]")?.focus();

// A form that must not be sent twice: its second submission in a row is dropped. The server settles it anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => { delete form.dataset.sent; }));

// Long work is done elsewhere: look again until it is done, unless somebody has begun to fill in a form.
if (document.querySelector("[data-look-again]")) {
  let touched = false;
  document.addEventListener("input", () => { touched = true; });
  setTimeout(() => { if (!touched) location.reload(); }, 3000);
}
