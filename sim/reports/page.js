// Sort a table by a column: a click on its head, another for the other way round. Without this, the page is whole.
"use strict";
function key(row, column) {
  const text = row.cells[column].textContent.trim();
  const number = text.replace(/,/g, "").match(/^\D{0,8}?([-+−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)/);
  return [number ? Number(number[1].replace("−", "-")) : null, text];
}
function before(a, b) {
  if (a[0] !== null && b[0] !== null) return a[0] - b[0];
  if (a[0] !== b[0]) return a[0] === null ? 1 : -1;
  return a[1].localeCompare(b[1]);
}
for (const table of document.querySelectorAll("table")) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  if (!body || body.rows.length < 3) continue;
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    button.title = "Sort by this column";
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => [key(row, column), row]);
      rows.sort((a, b) => (down ? before(b[0], a[0]) : before(a[0], b[0])));
      body.append(...rows.map((pair) => pair[1]));
    });
  });
}
