// How long a story has become, while it is being written.
const field = document.querySelector("[data-count]");
const out = document.getElementById(field.dataset.count);
const count = () => {
  const words = field.value.trim() ? field.value.trim().split(/\s+/).length : 0;
  const minutes = Math.max(1, Math.round(words / Number(field.dataset.speed)));
  out.textContent = field.dataset.say.replace("{words}", words.toLocaleString("vi")).replace("{minutes}", minutes);
};
field.addEventListener("input", count);
count();
