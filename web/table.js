// SPDX-License-Identifier: Apache-2.0
// A table of any length whose rows are made only where they are seen. Rows have one height; two empty rows
// stand for those above and below, and aria-rowcount and aria-rowindex tell screen readers where they are.

import {element} from "./dom.js";

const SPARE_ROWS = 8;

/**
 * columns: [{key, title, sort, down, class, cell(row) -> nodes}]; sorted(key, down): another order is wished;
 * address(row): its link; identity(row): what makes it that row; missing(first, last): these rows are seen and not
 * there yet.
 * The height of a row is the custom property --row of the table.
 */
export function longTable({label, columns, sorted, address, identity, missing}) {
  // the roles are said because a narrow window shows the rows as blocks, which takes a table's meaning away
  const head = element("tr", {role: "row", "aria-rowindex": "1"});
  const body = element("tbody", {role: "rowgroup"});
  const table = element("table", {class: "long", role: "table", "aria-label": label},
      element("thead", {role: "rowgroup"}, head), body);
  const above = element(
      "tr", {class: "space", "aria-hidden": "true"}, element("td", {colspan: String(columns.length)}));
  const below = element(
      "tr", {class: "space", "aria-hidden": "true"}, element("td", {colspan: String(columns.length)}));
  const made = new Map();
  let count = 0, rowAt = () => null, order = {key: "", down: true}, waiting = false, shown = "";

  for (const column of columns) {
    const content = column.sort ?
        element("button", {
          type: "button",
          onclick: () => sorted(column.key, order.key === column.key ? !order.down : column.down !== false)
        },
            column.title, element("span", {class: "arrow", "aria-hidden": "true"})) :
        column.title;
    head.append(element(
        "th", {scope: "col", role: "columnheader", class: column.class, "data-key": column.key}, content));
  }

  function height() { return parseFloat(getComputedStyle(table).getPropertyValue("--row")) || 52; }

  function makeRow(row) {
    if (row === null)
      return element(
          "tr", {class: "waiting"}, columns.map(() => element("td", {}, element("span", {class: "blank"}))));
    return element("tr", {role: "row", "data-row": identity(row), class: row.changed ? "fresh" : null},
        columns.map((column, number) => element(number === 0 ? "th" : "td", {
          class: column.class,
          "data-key": column.key,
          scope: number === 0 ? "row" : null,
          role: number === 0 ? "rowheader" : "cell"
        },
                        column.cell(row))));
  }

  /** The row's nodes: those that are there, where it says the same as before. */
  function nodeOf(row, name) {
    const said = JSON.stringify(row);
    let entry = made.get(name);
    if (!entry || entry.said !== said) {
      entry = {row, said, node: makeRow(row)};
      made.set(name, entry);
    }
    return entry.node;
  }

  /** Makes the rows that are in the window, and lets go of the others. */
  function render(anew) {
    waiting = false;
    if (!table.isConnected) return;
    const step = height();
    const top = body.getBoundingClientRect().top;
    const first = Math.min(Math.max(0, Math.floor(-top / step) - SPARE_ROWS), Math.max(0, count - 1));
    const last = Math.max(first, Math.min(count, Math.ceil((window.innerHeight - top) / step) + SPARE_ROWS));
    if (!anew && first + "-" + last === shown) return;
    shown = first + "-" + last;
    const focused =
        body.contains(document.activeElement) ? document.activeElement.closest("tr").dataset.row : null;
    const wanted = new Set();
    const nodes = [];
    let lacking = false;
    for (let at = first; at < last; at++) {
      const row = rowAt(at);
      let name = row === null ? "#" + at : identity(row);
      if (wanted.has(name)) name += "#" + at;  // the order changed between two pages
      wanted.add(name);
      lacking = lacking || row === null;
      const node = nodeOf(row, name);
      node.setAttribute("aria-rowindex", String(at + 2));
      nodes.push(node);
    }
    for (const name of made.keys())
      if (!wanted.has(name)) made.delete(name);
    above.firstChild.style.height = first * step + "px";
    below.firstChild.style.height = Math.max(0, count - last) * step + "px";
    above.hidden = first === 0;
    below.hidden = last >= count;
    body.replaceChildren(above, ...nodes, below);
    if (focused && made.has(focused)) made.get(focused).node.querySelector("a")?.focus({preventScroll: true});
    if (lacking) missing(first, last);
  }

  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => render(false));
  }

  function open(event) {
    const line = event.target.closest("tr[data-row]");
    if (!line || event.target.closest("a, button") || String(getSelection()) !== "") return;
    location.hash = address(made.get(line.dataset.row).row);
  }

  /** Up and down go from row to row, beyond those that are made now as well. */
  function move(event) {
    const line = event.target.closest("tr[data-row]");
    const step = {ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10}[event.key];
    if (!line || (!step && event.key !== "Home" && event.key !== "End")) return;
    event.preventDefault();
    const from = Number(line.getAttribute("aria-rowindex")) - 2;
    const to = event.key === "Home" ? 0 :
        event.key === "End"         ? count - 1 :
                                      Math.min(count - 1, Math.max(0, from + step));
    const at = body.getBoundingClientRect().top + window.scrollY + to * height();
    if (at < window.scrollY + 160)
      window.scrollTo(0, at - 160);
    else if (at + height() > window.scrollY + window.innerHeight - 20)
      window.scrollTo(0, at + height() - window.innerHeight + 40);
    render(true);
    body.querySelector("tr[aria-rowindex=\"" + (to + 2) + "\"] a")?.focus({preventScroll: true});
  }

  body.addEventListener("click", open);
  body.addEventListener("keydown", move);
  window.addEventListener("scroll", later, {passive: true});
  window.addEventListener("resize", later);

  return {
    node: table,
    /** Rows 0 to newCount - 1; newRowAt(n) gives a row, or null where it has to be fetched. */
    show(newCount, newRowAt, newOrder) {
      count = newCount;
      rowAt = newRowAt;
      order = newOrder;
      table.setAttribute("aria-rowcount", String(count + 1));
      for (const cell of head.children) {
        if (cell.dataset.key === order.key)
          cell.setAttribute("aria-sort", order.down ? "descending" : "ascending");
        else
          cell.removeAttribute("aria-sort");
      }
      render(true);
    },
    destroy() {
      window.removeEventListener("scroll", later);
      window.removeEventListener("resize", later);
    },
  };
}
