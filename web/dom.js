// SPDX-License-Identifier: Apache-2.0
// Building of elements. Whatever comes from the network is hostile: text enters the page as text nodes only,
// and attributes by a short list of names, so that no value of a miner can become markup, a script, a style
// or a link.

const ATTRIBUTES = new Set([
  "class", "id", "role", "title", "type", "for", "name", "value", "placeholder", "scope", "colspan",
  "datetime", "tabindex", "autocomplete", "hidden", "width", "height", "disabled", "selected", "checked"
]);

/** element("td", {class: "number"}, "text", child, ...): strings become text; null and false are left out. */
export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on"))
      made.addEventListener(name.slice(2), value);
    else if (name === "href")
      made.setAttribute("href", localTarget(value));
    else if (ATTRIBUTES.has(name) || name.startsWith("aria-") || name.startsWith("data-"))
      made.setAttribute(name, value === true ? "" : value);
    else
      throw new Error("element: attribute " + name + " is not in the list");
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Links stay inside the page, or on this server: everything else would be a miner's choice. */
function localTarget(target) {
  if (!target.startsWith("#") && !(target.startsWith("/") && !target.startsWith("//")))
    throw new Error("element: link " + target);
  return target;
}

const SVG = "http://www.w3.org/2000/svg";

/** Elements of drawings; attributes are the program's own, never data. */
export function drawing(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Sets the text only where it differs, so that screen readers and selections are left in peace. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function replace(node, ...children) {
  node.replaceChildren(
      ...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

const shown = new WeakMap();

/** Makes the content anew only where `data` is not what it was, so that focus and selection stay. */
export function refresh(node, data, make) {
  const key = JSON.stringify(data);
  if (shown.get(node) === key) return;
  shown.set(node, key);
  replace(node, make());
}

export function find(id) { return document.getElementById(id); }
