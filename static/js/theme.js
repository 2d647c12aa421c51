// Loaded before the first paint: the visitor's choice, else the device's.
let theme; try { theme = localStorage.theme; } catch { /* private mode */ }
document.documentElement.dataset.bsTheme = theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
document.documentElement.classList.add("js-on");
