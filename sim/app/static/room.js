// The script of a story and of a seat: keys, what is fetched afterwards; what every page has is in head.js. All else is links.
"use strict";

let typed = "";

async function fill(place, address) {
  const answer = await fetch(address);
  place.innerHTML = await answer.text(); // of our own templates, which escape all they are given
}

document.querySelectorAll("[data-fetch]").forEach((place) => fill(place, place.dataset.fetch));

document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-whatif]");
  if (!asked) return;
  const place = asked.closest(".ask").querySelector(".answer");
  place.textContent = "Played again and again …";
  fill(place, asked.dataset.whatif);
});

// Digits go to the signal of that number, Enter then sends it; letters go to what says so.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  if (/^[0-9]$/.test(event.key)) {
    typed = (typed + event.key).slice(-2);
    const numbered = (digits) => document.querySelector(`[data-number="${Number(digits)}"]`);
    const found = numbered(typed) ?? numbered(typed = event.key);
    if (!found) return;
    found.closest("details")?.setAttribute("open", "");
    found.focus();
    return;
  }
  typed = "";
  const keyed = { "?": "adviser", n: "after", p: "before", r: "other" }[event.key];
  if (keyed && at(keyed)) at(keyed).click();
});

at("ready")?.focus();

at("luck")?.addEventListener("change", (event) => {
  const address = new URLSearchParams(location.search);
  address.set("run", event.target.value);
  location.search = address;
});
