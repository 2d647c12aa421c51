// Lists with boxes: choose a whole page, say how many are chosen. Uploads: say that a file is too large before it is sent.
document.querySelectorAll("[data-choose]").forEach((form) => {
  const boxes = [...form.querySelectorAll("td.pick input")];
  const all = form.querySelector("[data-choose-all]"), said = form.querySelector("[data-chosen]");
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    if (said) said.textContent = chosen ? said.dataset.chosen.replace("{n}", chosen) : "";
    if (all) { all.checked = chosen > 0 && chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
  };
  all?.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); count(); });
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
