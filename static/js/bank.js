// Lists with boxes: choose a whole page, say how many are chosen. Uploads: say that a file is too large before it is sent.
document.querySelectorAll("[data-choose]").forEach((form) => {
  const boxes = () => [...form.querySelectorAll("td.pick input")]; // asked anew: a mended row comes with a new box
  const all = form.querySelector("[data-choose-all]"), found = form.querySelector("[data-choose-found]"), said = form.querySelector("[data-chosen]");
  const count = () => {
    const there = boxes(), chosen = there.filter((box) => box.checked).length, n = found?.checked ? found.dataset.chooseFound : chosen;
    if (said) said.textContent = n ? said.dataset.chosen.replace("{n}", n) : "";
    if (all) { all.checked = chosen > 0 && chosen === there.length; all.indeterminate = chosen > 0 && chosen < there.length; }
  };
  all?.addEventListener("change", () => { boxes().forEach((box) => { box.checked = all.checked; }); count(); });
  form.addEventListener("change", count);
  count();
});

document.querySelectorAll("input[type=file][data-most-mb]").forEach((field) => field.form.addEventListener("submit", (event) => {
  const old = field.parentElement.querySelector("[data-said]");
  old?.remove();
  if (!field.files.length || field.files[0].size <= Number(field.dataset.mostMb) * 1024 * 1024) return;
  event.preventDefault();
  const message = Object.assign(document.createElement("p"), { className: "field-error", textContent: field.dataset.tooLarge });
  message.dataset.said = "";
  message.setAttribute("role", "alert");
  field.before(message);
  field.focus();
}));

// Long work: send the form, then say line by line how far the server has come. Without this the form posts as any other.
document.querySelectorAll("form[data-progress]").forEach((form) => form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || button?.hasAttribute("data-plain")) return;
  event.preventDefault();
  const unsaved = form.querySelector(".mend-row [data-unsaved]");
  if (unsaved) { unsaved.hidden = false; unsaved.scrollIntoView({ block: "center" }); form.querySelector(".mend-row button[type=submit]").focus(); return; }
  if (form.dataset.working) return;
  form.dataset.working = "yes";
  const box = form.querySelector("[data-progress-box]"), text = box.querySelector("[data-progress-text]"), bar = box.querySelector("progress");
  const say = (words, done, of) => {
    if (text.textContent !== words) text.textContent = words;
    if (of) bar.value = 100 * done / of; else bar.removeAttribute("value");
  };
  const fail = (words) => { say(words, 0, 1); bar.hidden = true; box.classList.add("field-error"); delete form.dataset.working; };
  box.hidden = bar.hidden = false; box.classList.remove("field-error");
  say(text.dataset.sending, 0, 0);
  const body = new FormData(form, button), request = new XMLHttpRequest();
  request.open("POST", button?.getAttribute("formaction") || form.action);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.upload.onprogress = (sent) => { if (sent.lengthComputable) say(text.dataset.sending, sent.loaded, sent.total); };
  const lines = () => request.responseText.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  const isTold = () => (request.getResponseHeader("Content-Type") || "").includes("ndjson");
  request.onprogress = () => { const told = isTold() ? lines().at(-1) : null; if (told?.say) say(told.say, told.done, told.of); };
  request.onerror = () => fail(text.dataset.lost);
  request.onload = () => {
    if (!isTold()) { let message; try { message = JSON.parse(request.responseText).message; } catch { /* an answer that is no JSON */ } fail(message || text.dataset.lost); return; }
    const last = lines().at(-1);
    if (last?.next) location.assign(last.next); else fail(last?.error || text.dataset.lost);
  };
  request.send(body);
}));

// Mending a row where it stands: its form comes as a fragment below the row, and goes back as the row.
const fetched = (address, options = {}) => fetch(address, { ...options, headers: { "X-Requested-With": "fetch" } });
// the counts around the rows, once a row has changed
async function recount() {
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html"), send = document.querySelector("[name=send]")?.checked;
  document.querySelectorAll("[data-live]").forEach((part) => { const fresh = page.getElementById(part.id); if (fresh) part.replaceWith(fresh); });
  const box = document.querySelector("[name=send]");
  if (box && send !== undefined) box.checked = send;
}
const closeMend = () => { document.querySelector(".mend-row")?.remove(); };
async function openMend(row, address) {
  const response = await fetched(address).catch(() => null);
  if (!response?.ok) { location.assign(address); return; }
  showMend(row, await response.text());
}
function showMend(row, html) {
  closeMend();
  const place = document.createElement("tr");
  place.className = "mend-row";
  place.innerHTML = `<td colspan="4">${html}</td>`;
  row.after(place);
  (place.querySelector("[data-focus]") || place.querySelector("textarea")).focus();
}
document.querySelector(".report")?.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-mend]"), close = event.target.closest("[data-mend-close]");
  if (!link && !close) return;
  event.preventDefault();
  const at = event.target.closest("tr"), row = at.matches(".mend-row") ? at.previousElementSibling : at;
  if (close) { closeMend(); row.querySelector("a[data-mend]")?.focus(); } else openMend(row, link.href);
});
// a form inside the report's form would be no form: what Enter and its submit button mean is carried out here
document.querySelector(".report")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches(".mend-row input:not([type=file])")) return;
  event.preventDefault();
  event.target.closest(".mend-row").querySelector("button[type=submit]").click();
});
document.querySelector(".report")?.addEventListener("click", async (event) => {
  const button = event.target.closest(".mend-row button[type=submit]");
  if (!button) return;
  event.preventDefault();
  const place = button.closest(".mend-row"), row = place.previousElementSibling, box = place.querySelector("[data-mend-form]");
  const body = new FormData();
  box.querySelectorAll("input,textarea,select").forEach((el) => {
    if (!el.name || ((el.type === "checkbox" || el.type === "radio") && !el.checked)) return;
    if (el.type === "file") { if (el.files[0]) body.append(el.name, el.files[0]); } else body.append(el.name, el.value);
  });
  const response = await fetched(box.dataset.action, { method: "POST", body }).catch(() => null);
  if (!response) { const lost = place.querySelector("[data-unsaved]"); lost.textContent = lost.dataset.lost; lost.hidden = false; return; }
  const html = await response.text();
  if (response.status === 422) { showMend(row, html); return; }
  if (!response.ok) { location.reload(); return; }
  const table = document.createElement("table");
  table.innerHTML = html;
  const fresh = table.querySelector("tr");
  closeMend(); row.replaceWith(fresh); fresh.querySelector("a[data-mend]")?.focus();
  recount();
});

// The editor: Enter goes to the next option, Ctrl and Enter save, the preview follows the typing.
document.querySelectorAll("form[data-editor]").forEach((form) => {
  const preview = form.querySelector("[data-preview]");
  let waiting = 0, asked = 0;
  const refresh = async () => {
    const mine = (asked += 1), body = new FormData(form);
    body.set("what", "preview");
    try {
      const response = await fetched(form.action, { method: "POST", body });
      if (response.ok && mine === asked) preview.innerHTML = await response.text();
    } catch { /* no network: the preview stays as it was */ }
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(refresh, 800); });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) { event.preventDefault(); form.requestSubmit(form.querySelector("button[value=send]")); return; }
    const fields = [...form.querySelectorAll(".option-row input.form-control")], at = fields.indexOf(event.target);
    if (at >= 0) { event.preventDefault(); fields[at + 1]?.focus(); }
  });
});
