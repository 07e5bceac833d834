// Both are extras: the page reads the same without them.
// Columns of long tables sort when their head is pressed; printing unfolds what is folded.
(() => {
  "use strict";
  const keyOf = (cell) => {
    const given = cell.dataset.sort ?? cell.textContent.trim().replace(/,/g, "");
    const value = parseFloat(given);
    return Number.isNaN(value) ? given : value;
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  const sortBy = (table, place, head) => {
    const body = table.tBodies[0];
    const rising = head.getAttribute("aria-sort") !== "ascending";
    const rows = [...body.rows].filter((row) => !row.classList.contains("everyone"));
    const keys = new Map(rows.map((row) => [row, keyOf(row.cells[place])]));
    rows.sort((a, b) => (rising ? 1 : -1) * compare(keys.get(a), keys.get(b)));
    body.append(...rows);
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    if (table.tBodies[0].rows.length < 4) continue;
    [...table.tHead.rows[0].cells].forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sortBy(table, place, head));
      head.append(button);
    });
  }
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details:not([open])")) folded.open = true;
  });
})();
