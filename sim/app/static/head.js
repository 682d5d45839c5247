// What every page has: its link to copy, light or dark.
"use strict";

const at = (id) => document.getElementById(id);

at("copy").onclick = async () => {
  await navigator.clipboard.writeText(location.href);
  at("status").textContent = "link copied";
};

at("theme").onclick = () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  theme(now === "dark" ? "light" : "dark");
};

function theme(name) {
  document.documentElement.dataset.theme = name;
  localStorage.setItem("theme", name);
}

if (localStorage.getItem("theme")) theme(localStorage.getItem("theme"));
