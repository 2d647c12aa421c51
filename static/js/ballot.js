// Says how many nominations have a choice; the server settles it.
const form = document.querySelector("[data-ballot]"), line = form?.querySelector("[data-count-of]");
if (line) {
  const all = Number(line.dataset.countOf);
  const say = () => {
    const chosen = form.querySelectorAll("fieldset input:checked").length;
    line.textContent = chosen < all ? line.dataset.text.replace("{n}", chosen) : line.dataset.all;
  };
  form.addEventListener("change", say);
  say();
}
