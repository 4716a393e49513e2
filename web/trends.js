// SPDX-License-Identifier: Apache-2.0
// How it went: traffic, flows, alerts, miners, hash rate and cost, over an hour, a day or two, of all sensors
// or one.

import {timeChart} from "./charts.js";
import {element, refresh, replace} from "./dom.js";
import {ask, listen, now} from "./feed.js";
import {bits, count, hashrate, moneyRound, unlikeCosts} from "./format.js";
import {moment} from "./parts.js";
import {link} from "./route.js";
import {appendPoint} from "./overview.js";

const SPANS = [[3600, "1 hour"], [86400, "1 day"], [172800, "2 days"]];
const RELOAD_MS = 60000;
const EMPTY = "No sensor wrote statistics in this time.";

let currency = "USD";  // that of the costs that are shown
const CHARTS = [
  {title: "Traffic", format: bits, columns: [["bps", "Traffic", "series-1"]]},
  {title: "Packets a second", format: count, columns: [["pps", "Packets", "series-1"]]},
  {title: "Flows", format: count, columns: [["flows", "Open", "series-1"], ["new_flows", "New", "series-3"]]},
  {title: "Drops", format: count, columns: [["drops", "Drops", "series-5"]], least: 5},
  {
    title: "Miners",
    format: count,
    stepped: true,
    least: 3,
    columns: [["miners", "Miners", "series-1"], ["incidents", "Incidents", "series-4"]]
  },
  {title: "Alerts", format: count, stepped: true, least: 3, columns: [["alerts", "Alerts", "series-5"]]},
  {
    title: "Hash rate, all coins",
    format: (value) => (value === 0 ? "0" : hashrate(value)),
    columns: [["hashrate", "Hash rate", "series-3"]]
  },
  {
    title: "Cost an hour",
    format: (value) => moneyRound(value, currency),
    columns: [["cost_hour", "Cost an hour", "series-2"]]
  },
];

export function start(root, route) {
  let stopped = false, series = null, span = 3600, sensor = "", timer = 0, unlike = "", coins = 0;
  const spans = element("nav", {class: "choice", "aria-label": "Span of time"});
  const sensors = element("select", {id: "trend-sensor", onchange: (event) => go(span, event.target.value)});
  const note = element("p", {id: "trend-note"});
  const charts =
      CHARTS.map((description) => ({...description, chart: timeChart({...description, empty: EMPTY})}));
  root.append(
      element("div", {class: "page-head"}, element("h1", {}, "Trends"), note,
          element("div", {class: "right tools-inline"},
              element("label", {class: "field inline"}, element("span", {}, "Sensor"), sensors), spans)),
      element("div", {class: "grid grid-2"}, charts.map((one) => one.chart.figure)));

  function read(next) {
    const wanted = Number(next.query.get("span"));
    span = SPANS.some(([seconds]) => seconds === wanted) ? wanted : 3600;
    sensor = next.query.get("sensor") || "";
    replace(spans,
        SPANS.map(([seconds, title]) => element("a", {
          href: link("trends", [], {span: seconds === 3600 ? "" : String(seconds), sensor}),
          "aria-current": seconds === span ? "true" : null
        },
                      title)));
  }

  function go(seconds, name) {
    location.hash = link("trends", [], {span: seconds === 3600 ? "" : String(seconds), sensor: name});
  }

  function show() {
    const range = [series.time[0], series.time[series.time.length - 1]];
    const old = now() - range[1] > Math.max(900, 2 * series.step);
    replace(note, old ? ["The newest figures are of ", moment(range[1])] : "");
    for (const one of charts) {
      one.chart.gap = Math.max(150, 3 * series.step);
      const [first] = one.columns[0];
      const refused = first === "cost_hour" ? unlike : "";
      one.chart.empty = refused || EMPTY;
      one.chart.update(refused ? [] : one.columns.map(([name, title, colour]) => ({
        name: title,
        colour,
        points: series.time.map((at, number) => ({x: at, y: series[name][number]}))
      })),
          first === "hashrate" && coins > 1 ? "hashes of different coins are different work" : "", range);
    }
  }

  /** What can be said of sums: `own` are incidents of the sensor that was chosen. */
  function learnUnits(overview, own) {
    const known =
        [...own.map((row) => row.cost_currency), ...overview.costs.map((one) => one.currency)].filter(
            Boolean);
    currency = known[0] || currency;
    unlike = sensor ? "" : unlikeCosts(overview.costs);
    coins = overview.coins.length;
  }

  async function load() {
    clearTimeout(timer);
    timer = setTimeout(load, RELOAD_MS);
    try {
      const [values, known, overview, own] = await Promise.all([
        ask("series", sensor ? {span, sensor} : {span}), ask("sensors"), ask("overview"),
        sensor ? ask("incidents", {sensor, sort: "cost_total", limit: 1}) : {incidents: []}
      ]);
      if (stopped) return;
      series = values;
      learnUnits(overview, own.incidents);
      showSensors(known.sensors.map((one) => one.name));
      show();
    } catch (error) {
      if (!stopped) replace(note, error.message);
    }
  }

  function showSensors(names) {
    if (sensor && !names.includes(sensor)) names.unshift(sensor);
    refresh(sensors, names, () => [element("option", {value: ""}, "All"), ...names.map((name) => {
      const option = element("option", {}, name);
      option.value = name;
      return option;
    })]);
    sensors.value = sensor;
  }

  function point(news) {
    if (series && sensor === "" && span === 3600 && appendPoint(series, news)) show();
  }

  const ends = [listen("series", point), listen("reset", load)];
  read(route);
  load();
  return {
    title: "Trends",
    change(next) {
      read(next);
      load();
      return true;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      ends.forEach((end) => end());
    },
  };
}
