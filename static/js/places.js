// The list that completes the ward field follows the province. Without script the server finds the ward all the same.
const box = document.querySelector("[data-places]");
const province = box?.querySelector("select");
const list = box?.querySelector("datalist");

province?.addEventListener("change", async () => {
  const asked = province.value;
  list.replaceChildren();
  try {
    const response = await fetch(box.dataset.places.replace(/0$/, asked));
    if (!response.ok || province.value !== asked) return; // another province was chosen meanwhile
    list.replaceChildren(...(await response.json()).map((name) => new Option(name, name)));
  } catch { /* no network: typing goes on without the list */ }
});
