// A story: tells the server once that it was read, and helps to pass it on. Without script nothing is counted.
const story = document.querySelector("[data-story]");

// The address says from where a reader came. It has been counted, and a copied address should not say it again.
const here = new URL(location.href);
if (here.searchParams.has("tu")) {
  here.searchParams.delete("tu");
  history.replaceState(history.state, "", here);
}

if (story) {
  const opened = performance.now();
  const longEnough = Math.min(Number(story.dataset.minutes) * 60, 180) * 500; // half of the time it takes to read
  let told = false;
  const tell = () => {
    if (told) return;
    told = true;
    fetch(story.dataset.story, {
      method: "POST",
      headers: { "X-CSRFToken": story.dataset.csrf, "X-Requested-With": "fetch" },
      body: new URLSearchParams({ tu: story.dataset.origin }),
      keepalive: true,
    }).catch(() => { /* without a network nobody is counted */ });
  };
  // at the end of the text, but not by flinging the page down within seconds
  new IntersectionObserver(([end], watcher) => {
    if (!end.isIntersecting || told) return;
    const left = Math.max(0, Math.min(longEnough / 4, 10000) - (performance.now() - opened));
    setTimeout(() => { tell(); watcher.disconnect(); }, left);
  }).observe(document.querySelector("[data-story-end]"));
  // or with the page in view for long enough
  let seen = 0, since = document.hidden ? 0 : performance.now();
  const look = () => {
    const now = performance.now();
    if (since) seen += now - since;
    since = document.hidden ? 0 : now;
    if (seen >= longEnough) { tell(); clearInterval(timer); }
  };
  const timer = setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
}

document.querySelectorAll("[data-copy]").forEach((button) => button.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    prompt("", button.dataset.copy); // an old browser, or one that forbids it: it can be copied by hand
    return;
  }
  document.querySelector("[data-copy-said]").textContent = button.dataset.copied;
  button.textContent = button.dataset.copied;
}));
