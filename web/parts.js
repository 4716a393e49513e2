// SPDX-License-Identifier: Apache-2.0
// Small parts that several views are made of.

import {element, drawing} from "./dom.js";
import {ago, time, utc, UNKNOWN} from "./format.js";
import {now} from "./feed.js";

/** A moment as local time, with UTC in its title; `relative` ones grow older by themselves (refreshTimes). */
export function moment(seconds, relative = false) {
  if (!seconds || seconds <= 0) return element("span", {class: "faint"}, UNKNOWN);
  const made = element("time", {
    datetime: new Date(seconds * 1000).toISOString(),
    title: (relative ? time(seconds, now()) + "  " : "") + "(" + utc(seconds) + ")",
    "data-relative": relative ? String(seconds) : null
  },
      relative ? ago(seconds, now()) : time(seconds, now()));
  return made;
}

export function refreshTimes() {
  for (const node of document.querySelectorAll("time[data-relative]")) {
    const text = ago(Number(node.dataset.relative), now());
    if (node.textContent !== text) node.textContent = text;
  }
}

const VERDICTS = {
  confirmed: "Confirmed",
  likely: "Likely",
  suspected: "Suspected"
};

export function verdict(row) {
  if (row.sanctioned)
    return element(
        "span", {class: "badge", "data-verdict": "sanctioned", title: row.sanctioned_reason}, "Allowed");
  return element("span", {class: "badge", "data-verdict": VERDICTS[row.verdict] ? row.verdict : "other"},
      VERDICTS[row.verdict] || row.verdict || UNKNOWN);
}

export function activity(row) {
  return element("span", {class: "activity", "data-state": row.state === "active" ? "active" : "closed"},
      row.state === "active" ? "Active" : "Ended");
}

const LEVELS = {
  good: "Good",
  fair: "Fair",
  poor: "Poor"
};

export function level(value) {
  return element(
      "span", {class: "badge", "data-level": LEVELS[value] ? value : "none"}, LEVELS[value] || "Unknown");
}

/** A text that is copied whole by a click, however short it is shown. */
export function copyable(text, shown = text) {
  if (!text) return element("span", {class: "faint"}, UNKNOWN);
  const button = element(
      "button", {type: "button", class: "copy", "aria-label": "Copy " + text, title: "Copy"}, icon("copy"));
  button.addEventListener("click", async () => {
    const done = await copy(text);
    button.replaceChildren(icon(done ? "done" : "copy"));
    button.dataset.done = done ? "yes" : "no";
    document.getElementById("announce").textContent = done ? "Copied" : "The browser did not allow to copy";
    setTimeout(() => {
      button.replaceChildren(icon("copy"));
      delete button.dataset.done;
    }, 1600);
  });
  return element(
      "span", {class: "copyable"}, element("code", {title: shown === text ? null : text}, shown), button);
}

/** The clipboard's interface wants HTTPS or localhost; elsewhere the old way is left. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element("textarea", {class: "unseen"});
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

const PATHS = {
  copy: ["M7 7h8v9H7z", "M5 13H4V4h8v1"],
  done: ["M4 10.5l4 4 8-9"],
  back: ["M12 4l-6 6 6 6"],
  search: ["M13.2 13.2L17 17", "M8.7 14.4a5.7 5.7 0 1 0 0-11.4 5.7 5.7 0 0 0 0 11.4z"],
  link: ["M8 12l4-4", "M9 6l2-2a3.5 3.5 0 0 1 5 5l-2 2", "M11 14l-2 2a3.5 3.5 0 0 1-5-5l2-2"],
};

export function icon(name) {
  return drawing("svg", {
    viewBox: "0 0 20 20",
    width: "16",
    height: "16",
    "aria-hidden": "true",
    focusable: "false",
    class: "icon"
  },
      ...PATHS[name].map((path) => drawing("path", {d: path})));
}

/** A line without axes: how it went, beside a figure that says how it is. */
export function sparkline(values) {
  const points = values.map((value, at) => [at, value]).filter(([, value]) => value !== null);
  const svg = drawing("svg", {
    viewBox: "0 0 100 28",
    preserveAspectRatio: "none",
    class: "spark",
    "aria-hidden": "true",
    focusable: "false"
  });
  if (points.length < 2) return svg;
  const highest = Math.max(...points.map(([, value]) => value)) || 1;
  const width = values.length - 1;
  const line = points
                   .map(([at, value], number) => (number ? "L" : "M") + ((at / width) * 100).toFixed(2) +
                           " " + (26 - (value / highest) * 23).toFixed(2))
                   .join("");
  const from = ((points[0][0] / width) * 100).toFixed(2),
        to = ((points[points.length - 1][0] / width) * 100).toFixed(2);
  svg.append(drawing("path", {d: line + "L" + to + " 28L" + from + " 28Z", class: "spark-area"}),
      drawing("path", {d: line, class: "spark-line", "vector-effect": "non-scaling-stroke"}));
  return svg;
}

/** What stands where nothing stands: a sentence, and what to do. */
export function emptyState(title, ...sentences) {
  return element("div", {class: "empty"}, element("p", {class: "empty-title"}, title),
      ...sentences.map((sentence) => element("p", {}, sentence)));
}

export function card(title, aside, ...content) {
  return element("section", {class: "card"},
      element("div", {class: "card-head"}, element("h2", {}, title),
          typeof aside === "string" ? element("span", {class: "aside"}, aside) : aside),
      ...content);
}

export function skeleton(lines) {
  return element(
      "div", {class: "skeleton", "aria-hidden": "true"}, Array.from({length: lines}, () => element("span")));
}
