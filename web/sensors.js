// SPDX-License-Identifier: Apache-2.0
// The sensors: who is alive, what each sees, and how good the traffic is that it is given.

import {element, replace} from "./dom.js";
import {ask, listen} from "./feed.js";
import {bits, bytes, count, duration, exact, plural, share, UNKNOWN} from "./format.js";
import {emptyState, level, moment, skeleton} from "./parts.js";
import {link} from "./route.js";

const FAULTS = {
  drops: "Drops",
  one_sided: "One side only",
  duplicates: "Duplicates",
  gaps: "Gaps",
  truncated: "Cut off",
  reordered: "Out of order",
  unreadable: "Unreadable",
  clock_steps: "Clock steps"
};
const RANK = {
  poor: 0,
  fair: 1,
  "": 2,
  good: 3
};
const SHOWN = 60;

function life(sensor) {
  if (sensor.alive) return element("span", {class: "life", "data-state": "alive"}, "Alive");
  return element("span", {class: "life", "data-state": sensor.mode === "read" ? "done" : "silent"},
      sensor.mode === "read" ? "Capture read" : "Silent");
}

function quality(sensor) {
  if (!sensor.alive && sensor.mode !== "read") {
    return element("p", {class: "soft"}, "Nothing has come from it since ", moment(sensor.last_seen),
        ": see whether it runs, and whether it reaches Redis. The figures are its last.");
  }
  const faults = sensor.quality.filter((fault) => fault.level !== "good");
  if (sensor.quality.length === 0)
    return element("p", {class: "faint"}, "It has not said yet how good its traffic is.");
  if (faults.length === 0)
    return element("p", {class: "soft"},
        "Nothing is missing from what it is shown: no drops, both sides, no gaps, true times.");
  return element("ul", {class: "faults"},
      faults.map((fault) => element("li", {}, level(fault.level),
                     element("span", {},
                         element("span", {class: "strong"},
                             (FAULTS[fault.fault] || fault.fault) +
                                 (fault.share > 0 ? ", " + share(fault.share) : "")),
                         fault.advice ? element("span", {class: "sub"}, fault.advice) : null))));
}

function fact(title, value, loud) {
  return element(
      "div", {class: loud ? "fact loud" : "fact"}, element("dt", {}, title), element("dd", {}, value));
}

/** "listens to eth1, version 0.9.0, up 2 d 7 h". */
function about(sensor) {
  const source = sensor.interfaces === "-" ? "standard input" : sensor.interfaces || "a capture";
  const what = sensor.mode === "read" ? (sensor.alive ? "reads " : "read ") + source :
                                        "listens to " + (sensor.interfaces || "an interface");
  const words = [what];
  if (sensor.version) words.push("version " + sensor.version);
  if (sensor.running > 0) words.push("up " + duration(sensor.running));
  return element("p", {class: "sub"}, words.join(", "),
      sensor.alive ? null : [", heard ", moment(sensor.last_seen, true)]);
}

function figures(sensor) {
  const miners = element(
      "a", {href: link("incidents", [], {sensor: sensor.name, state: "active"})}, exact(sensor.miners));
  return element("dl", {class: "sensor-facts"}, fact("Packets a second", count(Math.round(sensor.pps))),
      fact("Traffic", bits(sensor.bps)), fact("Packets", count(sensor.packets)),
      fact("Drops, last hour", exact(sensor.drops_hour), sensor.drops_hour > 0),
      fact("Flows", count(sensor.flows)), fact("Miners", miners),
      fact("Lost events", exact(sensor.lost_events), sensor.lost_events > 0),
      fact("Memory", sensor.memory > 0 ? bytes(sensor.memory) : UNKNOWN));
}

function sensorCard(sensor) {
  const name = element("a", {href: link("trends", [], {sensor: sensor.name})}, sensor.name);
  const marks = [life(sensor), sensor.alive || sensor.mode === "read" ? level(sensor.level) : null];
  return element("article", {class: "card sensor", "data-sensor": sensor.name},
      element("div", {class: "card-head"}, element("h2", {}, name), element("span", {class: "pair"}, marks)),
      about(sensor), figures(sensor), quality(sensor));
}

export function start(root) {
  let stopped = false, known = new Map(), all = false, waiting = 0;
  const summary = element("p", {}, "Loading the sensors.");
  const list = element("div", {class: "grid grid-2 sensors"}, element("div", {class: "card"}, skeleton(6)));
  const more = element("p", {class: "centre", hidden: true});
  root.append(element("div", {class: "page-head"}, element("h1", {}, "Sensors"), summary), list, more);

  function show() {
    waiting = 0;
    if (stopped) return;
    const sensors =
        [...known.values()].sort((a, b) => trouble(a) - trouble(b) || a.name.localeCompare(b.name));
    const alive = sensors.filter((sensor) => sensor.alive).length;
    if (sensors.length === 0) {
      summary.textContent = "";
      replace(list,
          element("div", {class: "card wide"},
              emptyState("No sensor has written to this Redis yet",
                  "Start one beside the traffic: geophone -i eth0 --redis redis://USER@HOST:6379/0",
                  "It stands here within ten seconds.")));
      return;
    }
    summary.textContent = exact(alive) + " of " + plural(sensors.length, "sensor") + " alive";
    const shown = all ? sensors : sensors.slice(0, SHOWN);
    const focused =
        list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    replace(list, shown.map(sensorCard));
    if (focused)
      [...list.querySelectorAll("a")].find((node) => node.getAttribute("href") === focused)?.focus({
        preventScroll: true
      });
    more.hidden = shown.length === sensors.length;
    replace(more,
        element("button", {
          type: "button",
          class: "button",
          onclick: () => {
            all = true;
            show();
          }
        },
            "Show the other " + exact(sensors.length - shown.length)));
  }

  /** Those that want attention first. */
  function trouble(sensor) {
    return (sensor.alive ? 4 : sensor.mode === "read" ? 8 : 0) + (RANK[sensor.level] ?? 2);
  }

  async function load() {
    try {
      const answer = await ask("sensors");
      if (stopped) return;
      known = new Map(answer.sensors.map((sensor) => [sensor.name, sensor]));
      show();
    } catch (error) {
      if (!stopped) summary.textContent = error.message;
    }
  }

  function changed(news) {
    if (news.more) return load();
    for (const sensor of news.sensors) known.set(sensor.name, sensor);
    if (!waiting) waiting = setTimeout(show, 1000);
  }

  const ends = [listen("sensors", changed), listen("reset", load)];
  load();
  return {
    title: "Sensors",
    stop() {
      stopped = true;
      clearTimeout(waiting);
      ends.forEach((end) => end());
    }
  };
}
