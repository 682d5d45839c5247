// The page's own script: it sends what is done, puts what comes back in its place, and draws nothing itself.
"use strict";

let socket, readings = [], waits = 500;

function connect() {
  socket = new WebSocket(`ws://${location.host}/talk`);
  socket.onopen = () => { waits = 500; tell({ do: "open", address: location.search, width: width() }); };
  socket.onmessage = (event) => take(JSON.parse(event.data));
  socket.onclose = () => {
    at("status").textContent = "connection lost; trying again …";
    setTimeout(connect, waits = Math.min(2 * waits, 8000));
  };
}

function tell(message) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

const width = () => Math.floor(at("course").clientWidth || 760);

function take(message) {
  for (const [id, markup] of Object.entries(message.html ?? {})) put(id, markup);
  if (message.address !== undefined) leadTo(message.address);
  if (message.title) document.title = `${message.title} – Brink`;
  if (message.status) at("status").textContent = message.status;
  if (message.notices) notices(message.notices);
  if (message.readings) { readings = message.readings; showDays(); }
  if (message.moved && at("moves-box").open) at("moves").classList.add("stale");
  if (message.html?.moves) at("moves").classList.remove("stale");
  if (message.whole && at("moves").classList.contains("stale")) askForMoves();
  if (message.whole !== undefined) document.body.dataset.whole = message.whole;
}

// The other views are of the same scenario; a seat gets no run, whose end the page may have told.
function leadTo(address) {
  history.replaceState(null, "", `?${address}`);
  for (const link of document.querySelectorAll("a[data-view]")) {
    const at = link.dataset.view === "/seat" ? address.replace(/&run=\d+/, "") : address;
    link.href = `${link.dataset.view}?${at}`;
  }
}

// What had the focus keeps it, and what was open stays open.
function put(id, markup) {
  const place = at(id), focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...place.querySelectorAll("[popover]:popover-open")].map((each) => each.id);
  place.innerHTML = markup;
  if (focused) at(focused)?.focus({ preventScroll: true });
  open.forEach((each) => at(each)?.showPopover());
}

function notices(lines) {
  at("notices").replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
}

// What moves war most takes seconds: it is asked for while its box is open, and when all else is there.
const askForMoves = () => tell({ do: "moves", open: at("moves-box").open });
at("moves-box").addEventListener("toggle", askForMoves);

// A drawing as PNG, twice as fine as on the screen.
async function png(source) {
  const drawing = new Image();
  drawing.src = URL.createObjectURL(await (await fetch(source)).blob());
  await drawing.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * drawing.width, height: 2 * drawing.height });
  const brush = canvas.getContext("2d");
  brush.scale(2, 2);
  brush.drawImage(drawing, 0, 0);
  canvas.toBlob((blob) => Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: "days.png" }).click());
}

// A day is read by the pointer over the drawing, or by the slider under it.
function showDays() {
  const day = at("day"), last = readings.length - 1, atEnd = Number(day.value) >= Number(day.max);
  day.max = last;
  if (atEnd || Number(day.value) > last) day.value = last;
  showDay(Number(day.value));
}

function showDay(day) {
  const drawing = document.querySelector("#course svg.figure");
  if (!drawing || readings[day] === undefined) return;
  const { left, right, days } = drawing.dataset;
  const x = Number(left) + (right - left) * day / days;
  drawing.querySelector(".crosshair").setAttribute("transform", `translate(${x} 0)`);
  at("reading").textContent = readings[day];
  at("day").setAttribute("aria-valuetext", readings[day]);
}

document.addEventListener("pointermove", (event) => {
  const drawing = event.target.closest?.("#course svg.figure");
  if (!drawing) return;
  const { left, right, days } = drawing.dataset;
  const x = (event.clientX - drawing.getBoundingClientRect().left - left) / (right - left);
  const day = Math.round(x * days);
  if (day >= 0 && day <= Number(days)) { at("day").value = day; showDay(day); }
});

document.addEventListener("input", (event) => {
  const slider = event.target;
  if (slider.id === "day") showDay(Number(slider.value));
  if (!slider.dataset.key || slider.type !== "range") return;
  const value = Number(slider.value), lever = slider.closest(".lever");
  lever.querySelector("output").textContent = value.toFixed(slider.dataset.places).replace("-", "−");
  lever.classList.toggle("changed", value !== Number(slider.dataset.own));
  own(at("preset"));
  tell({ do: "set", key: slider.dataset.key, value });
});

// What was ready-made is one's own once a slider moves.
function own(list) {
  list.options[0].textContent = "your own";
  list.value = "";
}

document.addEventListener("change", (event) => {
  const list = event.target;
  if (list.tagName === "SELECT" && list.dataset.do) tell({ do: list.dataset.do, value: list.value });
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.png) png(button.dataset.png);
  if (button?.dataset.do) tell({ ...button.dataset });
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  tell({ ...form.dataset, ...Object.fromEntries(new FormData(form)) });
});

at("compare").onchange = (event) => document.body.classList.toggle("alone", !event.target.checked);

at("open-levers").onclick = (event) => {
  const open = at("panel").classList.toggle("open");
  event.target.setAttribute("aria-expanded", open);
};

let resizing, lastWidth = 0;
new ResizeObserver(() => {
  clearTimeout(resizing);
  resizing = setTimeout(() => {
    if (lastWidth && width() !== lastWidth) tell({ do: "width", width: width() });
    lastWidth = width();
  }, 150);
}).observe(at("course"));

connect();
