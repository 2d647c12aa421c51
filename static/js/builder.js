// The builder: the thể lệ is written anew while the form is filled in. The server writes it; without this script the button
// "Kiểm tra, chưa lưu" does the same.
const form = document.querySelector("form.builder");
const status = document.querySelector("#da-cap-nhat");
const PAUSE_MS = 700; // of typing
let timer, running;

const rewrite = async () => {
  running?.abort();
  running = new AbortController();
  const data = new FormData(form);
  data.set("act", "refresh");
  try {
    const reply = await fetch(location.pathname, { method: "POST", body: data, signal: running.signal });
    if (reply.redirected || ![200, 409, 422].includes(reply.status)) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const isWhole = page.querySelector("#toan-van section") !== null; // else the last sentences stay beside the fields
    document.querySelectorAll(isWhole ? "[data-live]" : "aside [data-live]").forEach((old) => {
      old.replaceChildren(...(page.getElementById(old.id)?.childNodes ?? []));
    });
    if (isWhole) status.textContent = status.dataset.text;
  } catch { /* no network: the form is still whole, the next change tries again */ }
};

const soon = ({ target }) => {
  if (target.type === "hidden") return;
  clearTimeout(timer);
  status.textContent = "";
  timer = setTimeout(rewrite, PAUSE_MS);
};
form?.addEventListener("input", soon);
form?.addEventListener("change", soon);
form?.addEventListener("submit", () => { clearTimeout(timer); running?.abort(); });

// A link to a field that is folded away opens what folds it.
const unfold = () => {
  const field = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  for (let at = field; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  if (field?.closest("details")) field.scrollIntoView({ block: "center" });
};
addEventListener("hashchange", unfold);
unfold();
