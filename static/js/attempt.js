// The attempt page: one question at a time, autosave, lost network, server-given time.
// Without this file the page is a plain form with every question and one submit button.
const form = document.getElementById("attempt"), data = form.dataset;
const $ = (sel) => form.querySelector(sel), all = (sel) => [...form.querySelectorAll(sel)];
const TOTAL = Number(data.total), LAST = Number(data.last), guess = document.getElementById("du-doan"), GUESS = guess ? TOTAL + 1 : 0;
const KEEP = `hieu-luat:${data.code}`, TOKEN = form.csrf_token.value;
const opened = performance.now() - Number(data.sinceMs); // the start, on the server's clock
document.documentElement.classList.add("js");

// What is answered. `doc` is the whole responses document; `revision` grows with every version of it that may be sent.
const doc = { s: {}, w: {}, e: {}, b: {}, ...JSON.parse(data.stored) }, WAYS = ["a", "s", "w", "e"];
let acknowledged = Number(data.revision), revision = acknowledged;
let unsent = false, sending = false, stopped = false, submitting = false, wasOffline = false, failures = 0, retry = 0, typing = 0, typingSince = 0, now = 1;

// The fields of each question, in the order of the paper, and the part of the document that they answer in.
const fields = [null];
for (let n = 1; n <= TOTAL; n += 1) {
  const step = $(`#c${n}`), boxes = [...step.querySelectorAll("[type=radio],[type=checkbox]")], lists = [...step.querySelectorAll("select")], essay = step.querySelector("textarea");
  fields.push({ boxes, lists, essay, text: essay || step.querySelector("input.form-control"), order: step.querySelector("[data-order]"), way: boxes[0] ? "a" : lists[0] ? "s" : essay ? "e" : "w" });
}
const isAnswered = (n) => (n === GUESS ? doc.p !== null : n in doc[fields[n].way]);
const say = (text) => { $("#say").textContent = text; };
const store = {
  read() { try { return JSON.parse(localStorage.getItem(KEEP)); } catch { return null; } },
  write(value) { try { localStorage.setItem(KEEP, JSON.stringify(value)); } catch { /* private mode: the page itself still holds the answers */ } },
  drop() { try { localStorage.removeItem(KEEP); } catch { /* nothing kept */ } },
};

function given({ boxes, lists, text, way }) { // null: nothing
  if (way === "e") return text.value.normalize("NFC").replace(/\r\n?/g, "\n").trim() || null;
  if (way === "w") return text.value.normalize("NFC").replace(/\s+/g, " ").trim() || null;
  const numbers = way === "s" ? lists.map((el) => Number(el.value)) : boxes.filter((el) => el.checked).map((el) => Number(el.value));
  return numbers.some(Boolean) ? numbers : null;
}
function readFields() { // true when an answer is not what it was
  const before = JSON.stringify([doc.p, ...WAYS.map((way) => doc[way])]);
  for (let n = 1; n <= TOTAL; n += 1) {
    const part = doc[fields[n].way], value = given(fields[n]);
    if (JSON.stringify(value) === JSON.stringify(part[n] ?? null)) continue;
    if (value) part[n] = value; else delete part[n];
    doc.t[n] = Math.round(performance.now() - opened); doc.b[n] ??= doc.t[n];
  }
  if (guess) { const digits = guess.value.replace(/\D/g, "").slice(0, 9); doc.p = digits === "" ? null : Number(digits); }
  return before !== JSON.stringify([doc.p, ...WAYS.map((way) => doc[way])]);
}
function writeFields() {
  for (let n = 1; n <= TOTAL; n += 1) {
    const { boxes, lists, text, way } = fields[n], value = doc[way][n] || [];
    boxes.forEach((el) => { el.checked = value.includes(Number(el.value)); });
    lists.forEach((el, i) => { el.value = value[i] || ""; });
    if (text) text.value = doc[way][n] || "";
  }
  if (guess) guess.value = doc.p ?? "";
}

// Putting things in order: beside the lists stand buttons that move a thing, after which all of them have their positions.
// Choosing in a list moves nothing in the page, so that nothing jumps away from under a finger.
const inOrder = (rows) => [...rows].sort((a, b) => (Number(a.list.value) || 99) - (Number(b.list.value) || 99));
function arrange({ order, lists }, moved = null, by = 0) {
  const rows = inOrder(lists.map((list) => ({ list, box: list.parentElement })));
  if (moved) {
    const from = rows.findIndex((row) => row.box === moved), to = Math.min(rows.length - 1, Math.max(0, from + by));
    rows.splice(to, 0, ...rows.splice(from, 1));
    rows.forEach(({ list }, i) => { list.value = i + 1; });
    say(`${moved.querySelector("label").textContent}: vị trí ${to + 1} trên ${rows.length}.`);
  }
  rows.forEach(({ box }) => order.append(box));
}
function moveButton(by, word, name) {
  const button = document.createElement("button");
  button.type = "button"; button.className = "btn btn-sm btn-quiet"; button.textContent = word;
  button.dataset.by = by; button.setAttribute("aria-label", `${word}: ${name}`);
  return button;
}
fields.filter((field) => field?.order).forEach(({ lists }) => lists.forEach((list) => {
  const moves = document.createElement("span"), name = list.labels[0].textContent;
  moves.className = "moves"; moves.append(moveButton(-1, "Lên", name), moveButton(1, "Xuống", name));
  list.after(moves);
}));
function warnOfSamePositions() {
  const { order, lists } = fields[now] || {};
  if (!order) return;
  const values = lists.map((el) => el.value).filter(Boolean), twice = [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
  const note = order.parentElement.querySelector("[data-twice]");
  const text = twice.length ? `Vị trí ${twice.join(", ")} đang có hơn một mục. Mỗi vị trí nên dùng một lần. Câu trả lời vẫn được lưu như bạn chọn.` : "";
  if (note.textContent !== text) { note.textContent = text; note.hidden = !text; if (text) say(text); }
}

// Words of an essay are counted as the server counts them (rules/written.py): what stands between blanks and has a letter
// or a digit in it.
const many = new Intl.NumberFormat("vi-VN"), countWords = (text) => text.normalize("NFC").split(/[\s\p{C}\p{Z}]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
const excess = ({ essay }) => (essay?.dataset.words ? Math.max(0, countWords(essay.value) - Number(essay.dataset.words)) : 0);
function showWords({ essay }) {
  if (!essay) return;
  const most = Number(essay.dataset.words), n = countWords(essay.value), note = essay.parentElement.querySelector("[data-count]"), isOver = most > 0 && n > most;
  if (isOver && !note.classList.contains("mark-bad")) say(`Bài viết đã dài quá ${many.format(most)} từ. Vẫn lưu và nộp được.`);
  note.textContent = `${many.format(n)}${most ? ` trên ${many.format(most)}` : ""} từ${isOver ? `, dài quá ${many.format(n - most)} từ` : ""}${essay.value.length >= essay.maxLength ? ". Ô này không nhận thêm chữ." : ""}`;
  note.classList.toggle("mark-bad", isOver); note.classList.toggle("text-2", !isOver);
}

// Answers kept on this device that the server never acknowledged come back. Where another device has saved since, its
// answers stand, and ours only fill what it left open.
const kept = store.read();
if (kept) {
  const newer = kept.acknowledged === acknowledged;
  for (const way of WAYS) {
    const ours = kept.doc[way] || {};
    for (const [n, value] of Object.entries(ours)) if (newer || !doc[way][n]) { doc[way][n] = value; unsent = true; }
    if (newer) { for (const n of Object.keys(doc[way])) if (!ours[n]) delete doc[way][n]; }
  }
  if (kept.doc.p !== null && (newer || doc.p === null)) { doc.p = kept.doc.p; unsent = true; }
  if (newer) { doc.f = kept.doc.f; revision = Math.max(revision, kept.revision); unsent = true; }
}
writeFields();
fields.forEach((field) => { if (field) showWords(field); });
fields.forEach((field) => { if (field?.order) arrange(field); });

// Painting.
function paint() {
  all("[data-step]").forEach((el) => el.classList.toggle("on", Number(el.dataset.step) === now));
  all(".qmap a").forEach((a) => {
    const n = Number(a.hash.slice(2)), done = isAnswered(n), flag = doc.f.includes(n);
    a.classList.toggle("done", done); a.classList.toggle("flag", flag);
    if (n === now) a.setAttribute("aria-current", "step"); else a.removeAttribute("aria-current");
    a.lastElementChild.textContent = `${n === GUESS ? "Câu dự đoán" : `Câu ${n}`}, ${done ? "đã" : "chưa"} trả lời${flag ? ", đã đánh dấu" : ""}`;
  });
  const open = []; for (let n = 1; n <= TOTAL; n += 1) if (!isAnswered(n)) open.push(n);
  $("[data-done]").textContent = TOTAL - open.length;
  $("#left-text").textContent = (open.length ? `Còn ${open.length} câu chưa trả lời. Bấm vào số câu để quay lại.` : `Bạn đã trả lời đủ ${TOTAL} câu.`)
    + (GUESS && !isAnswered(GUESS) ? " Câu dự đoán còn trống." : "")
    + fields.map((field, n) => (field && excess(field) ? ` Câu ${n} dài quá giới hạn ${many.format(excess(field))} từ: vẫn nộp được, Ban Giám khảo sẽ thấy.` : "")).join("");
  const flag = $("[data-flag]"), on = doc.f.includes(now);
  flag.setAttribute("aria-pressed", on); flag.lastElementChild.textContent = on ? "Bỏ đánh dấu" : "Đánh dấu"; flag.hidden = now > TOTAL;
  warnOfSamePositions();
  $('[data-go="-1"]').disabled = now === 1; $('[data-go="1"]').hidden = now === LAST; $("#map").hidden = now === LAST;
}
function go(n, focus = true) {
  now = Math.min(LAST, Math.max(1, n)); paint();
  if (focus) { scrollTo(0, 0); $(`[data-step="${now}"] [tabindex]`).focus({ preventScroll: true }); }
}

// Save state: saving → saved, or offline (kept on the device) → saved, or error with a reason and one action.
const ICON = { saving: '<path d="M16 10a6 6 0 1 1-2-4.5M14.5 2.5v3.3h-3.3"/>', saved: '<path d="M4 10.5l4 4 8-9"/>', offline: '<path d="M3 3l14 14M6 15.5h8M5.3 8.6A3.5 3.5 0 0 0 6 15.5"/>', error: '<path d="M10 3l7.5 13.5h-15zM10 8v4M10 14.3v.1"/>' };
const TEXT = { saving: "Đang lưu…", saved: "Đã lưu", offline: "Giữ trong máy", error: "Chưa lưu được" };
function show(s) { $("#save").innerHTML = `<span class="save" data-s="${s}"><svg class="i" viewBox="0 0 20 20" aria-hidden="true">${ICON[s]}</svg> ${TEXT[s]}</span>`; }
function offline() {
  show("offline");
  if (!wasOffline) say("Mất kết nối. Bạn cứ làm tiếp, câu trả lời giữ trong máy này.");
  wasOffline = true; $("#offline").hidden = false;
}
function online() {
  show("saved"); $("#offline").hidden = true;
  if (wasOffline) say("Có mạng lại, mọi câu trả lời đã được lưu.");
  wasOffline = false;
}
function trouble(title, text, action, href) {
  stopped = true; show("error");
  const box = $("#trouble");
  box.querySelector("[data-title]").textContent = title; box.querySelector("[data-text]").textContent = text;
  const link = box.querySelector("[data-action]"); link.textContent = action; link.href = href;
  box.hidden = false; box.focus(); $("#shout").textContent = `${title} ${text}`;
}
const refused = {
  other_device: () => trouble("Bài đang mở trên máy khác.", "Câu đã lưu vẫn còn nguyên. Nếu làm tiếp ở đây, máy kia sẽ dừng lại.", "Làm tiếp ở máy này", location.pathname),
  submitted: () => { store.drop(); trouble("Bài thi này đã nộp.", "Những câu đã lưu được tính.", "Xem kết quả", data.outcome); },
  time_over: () => { store.drop(); trouble("Đã hết giờ làm bài.", "Những câu đã lưu được tính.", "Xem kết quả", data.outcome); },
  not_found: () => trouble("Không tìm thấy bài thi này.", "Có thể bạn đang đăng nhập bằng tài khoản khác. Câu trả lời vẫn giữ trong máy này.", "Đăng nhập lại", data.signIn),
  session: () => trouble("Phiên đăng nhập đã hết.", "Câu trả lời vẫn giữ trong máy này. Đăng nhập lại rồi làm tiếp, đồng hồ vẫn chạy.", "Đăng nhập lại", data.signIn),
  other: () => trouble("Máy chủ chưa nhận câu trả lời.", "Câu trả lời vẫn giữ trong máy này. Hãy tải lại trang để gửi lại.", "Tải lại trang", location.pathname),
};
async function reasonOf(response) {
  if (response.status === 401 || response.status === 400) return refused.session;
  let code = ""; try { code = (await response.json()).error; } catch { /* no reason given */ }
  return refused[code] || refused.other;
}

// At most one save is in flight; what changed meanwhile goes with the next one.
function changed() {
  paint(); unsent = true; revision += 1;
  store.write({ acknowledged, revision, doc }); save();
}
function answered() {
  clearTimeout(typing); typing = 0; typingSince = 0;
  if (readFields()) changed();
}
async function save() {
  if (sending || stopped || submitting || !unsent) return;
  clearTimeout(retry); sending = true; unsent = false; show("saving");
  const sent = revision;
  try {
    const response = await fetch(data.save, { method: "POST", keepalive: true, signal: AbortSignal.timeout(15000),
      headers: { "Content-Type": "application/json", "X-CSRFToken": TOKEN, "X-Requested-With": "fetch" }, body: JSON.stringify({ revision: sent, responses: doc }) });
    sending = false;
    if (response.ok) {
      failures = 0; acknowledged = sent; setClock(Number(response.headers.get("X-Left-Ms")));
      if (revision === sent) store.drop(); else store.write({ acknowledged, revision, doc });
      online(); if (unsent) save();
    } else if (response.status >= 500 || response.status === 429) { unsent = true; again(); } else (await reasonOf(response))();
  } catch { sending = false; unsent = true; again(); }
}
function again() {
  offline(); failures += 1;
  const wait = [2, 5, 10, 20][Math.min(failures, 4) - 1] * 1000;
  retry = setTimeout(submitting ? send : save, wait * (0.8 + Math.random() * 0.4));
}

// Submitting goes through fetch, so that a lost network leaves the person on this page, with everything kept.
async function send() {
  clearTimeout(retry); submitting = true;
  readFields(); revision += 1; store.write({ acknowledged, revision, doc });
  const body = new URLSearchParams({ csrf_token: TOKEN, revision, document: JSON.stringify(doc) }).toString();
  try {
    const response = await fetch(form.action, { method: "POST", body, keepalive: body.length < 60000, signal: AbortSignal.timeout(15000), // browsers let no more than 64 KB outlive a page
      headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-Requested-With": "fetch" } });
    if (response.ok) { store.drop(); stopped = true; location.replace((await response.json()).next); return; }
    if (response.status >= 500 || response.status === 429) { again(); return; }
    submitting = false; $("#ending").hidden = true; (await reasonOf(response))();
  } catch { again(); }
}
function ending(title) {
  $("#ending [data-title]").textContent = title; $("#ending").hidden = false; say(title);
  all("[data-submit]").forEach((b) => { b.disabled = true; });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (submitting || stopped) return;
  ending("Đang nộp bài…"); send();
});

// Time: the milliseconds left come from the server with the page and with each save, counted with a monotonic clock.
let left = Number(data.leftMs), since = performance.now();
const spoken = new Set(), CALLS = { 600: "Còn 10 phút.", 300: "Còn 5 phút.", 60: "Còn 1 phút. Hết giờ máy tự nộp bài." };
function setClock(ms) { if (Number.isFinite(ms)) { left = ms; since = performance.now(); } }
function tick() {
  const s = Math.max(0, Math.ceil((left - (performance.now() - since)) / 1000)), two = (n) => String(n).padStart(2, "0");
  $("[data-clock]").textContent = s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`;
  $(".timer").className = `timer mb-0${s <= 60 ? " last" : s <= 300 ? " soon" : ""}`;
  if (CALLS[s] && !spoken.has(s)) { spoken.add(s); $(s === 60 ? "#shout" : "#say").textContent = CALLS[s]; }
  if (s === 0 && !submitting && !stopped) {
    clearInterval(clock); ending("Hết giờ, đang nộp bài…"); submitting = true;
    // everybody's time may end in the same second: spread the posts over part of the grace
    setTimeout(send, Math.random() * Number(data.graceS) * 400);
  }
}
const clock = setInterval(tick, 250);

form.addEventListener("click", (event) => {
  const step = event.target.closest("[data-go]"), link = event.target.closest('a[href^="#c"]');
  if (step) go(now + Number(step.dataset.go));
  if (link) { event.preventDefault(); go(Number(link.hash.slice(2))); }
  const move = event.target.closest("[data-by]");
  if (move) { arrange(fields[now], move.closest(".thing"), Number(move.dataset.by)); move.focus(); answered(); }
  if (event.target.closest("[data-flag]")) { doc.f = doc.f.includes(now) ? doc.f.filter((n) => n !== now) : [...doc.f, now]; changed(); }
});
form.addEventListener("change", answered);
// A typed answer is saved when its writer pauses, not with every letter; who never pauses is saved now and then.
form.addEventListener("input", (event) => {
  if (!event.target.matches("input.form-control, textarea")) return;
  if (fields[now]) showWords(fields[now]);
  if (typingSince && performance.now() - typingSince > 15000) { answered(); return; }
  typingSince ||= performance.now();
  clearTimeout(typing); typing = setTimeout(answered, 1500 + Math.random() * 500);
});
// Keys 1–9 pick an option, only while focus is inside the question (WCAG 2.1.4). Enter there does not submit the paper.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest("fieldset.q")) return;
  const pick = "123456789".indexOf(event.key);
  const el = pick >= 0 && now <= TOTAL ? fields[now].boxes[pick] : null;
  if (el) { el.click(); el.focus(); }
});
addEventListener("online", () => { failures = 0; if (submitting) send(); else if (unsent) save(); else if (!sending && !stopped) online(); });
addEventListener("offline", offline);
addEventListener("pagehide", () => { if (typing) answered(); if (unsent && !sending) save(); });
// Pictures of later questions come while there is a network, once the page itself is there.
addEventListener("load", () => setTimeout(() => all("img").forEach((el) => { el.loading = "eager"; }), 1000 + Math.random() * 4000));
document.addEventListener("visibilitychange", async () => {
  if (typing && document.visibilityState !== "visible") answered(); // a phone may never come back to this page
  if (document.visibilityState !== "visible" || stopped || submitting) return;
  try { // a phone that slept may have stopped counting
    const response = await fetch(data.save, { headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(8000) });
    if (response.ok) setClock(Number(response.headers.get("X-Left-Ms"))); else if (response.status < 500) (await reasonOf(response))();
  } catch { /* the next save will tell */ }
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

tick();
go(Number(location.hash.slice(2)) || 1, false);
if (unsent) changed();
else if (kept) store.drop(); // all of it has arrived, perhaps with the last breath of a page that was closed
