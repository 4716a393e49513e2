// SPDX-License-Identifier: Apache-2.0
// All at a glance: who mines, how fast, for how much money; whether the sensors are well; and what is largest
// of each kind.

import {timeChart} from "./charts.js";
import {element, refresh, replace, setText} from "./dom.js";
import {ask, listen, now} from "./feed.js";
import {bits, bytes, count, exact, hashrate, money, moneyRound, plural, share} from "./format.js";
import {shorten, UNKNOWN, unlikeCosts} from "./format.js";
import {card, emptyState, moment, skeleton, sparkline, verdict} from "./parts.js";
import {link} from "./route.js";

const TOP_EVERY_MS = 15000;
const LEADING_COINS = 3;
const EMPTY = "No sensor has written statistics in the last hour.";
const TOPS = [
  {dimension: "pools", title: "Pools", filter: "pool", by: "miners"},
  {dimension: "wallets", title: "Wallets", filter: "wallet", by: "miners", mono: true},
  {dimension: "regions", title: "Regions", filter: "region", by: "miners"},
  {dimension: "countries", title: "Countries of the pools", filter: "country", by: "miners", country: true},
  {dimension: "networks", title: "Networks of the pools", by: "miners"},
  {dimension: "applications", title: "Applications on the wire", by: "bytes"},
];

const countries = new Intl.DisplayNames(["en"], {type: "region"});

function countryName(code) {
  try {
    return /^[A-Z]{2}$/.test(code) ? countries.of(code) : code;
  } catch {
    return code;
  }
}

/** What stands beside it. */
function besides(data) {
  const words = [];
  if (data.contacts_active > 0)
    words.push(plural(data.contacts_active, "contact") + " with known pools besides");
  if (data.sanctioned_active > 0) words.push(plural(data.sanctioned_active, "miner") + " allowed");
  return words.join(", ");
}

/** The first sentence that a manager reads. */
function headline(data) {
  const machines = data.miners_active;
  const cost =
      data.costs.filter((one) => one.hour > 0).map((one) => money(one.hour, one.currency)).join(" and ");
  if (machines > 0)
    return plural(machines, "machine is", "machines are").replace(/^1 /, "One ") + " mining" +
        (cost ? ", for about " + cost + " an hour" : "");
  if (data.sensors.known === 0) return "No sensor has reported yet";
  if (data.sensors.alive === 0) return "Nobody listens: no sensor is alive";
  return "Nobody mines, as far as " +
      (data.sensors.alive === 1 ? "the sensor sees" : exact(data.sensors.alive) + " sensors see");
}

function verdicts(data) {
  return ["confirmed", "likely", "suspected"]
      .filter((name) => data.verdicts[name] > 0)
      .map((name) => exact(data.verdicts[name]) + "\u00a0" + name)
      .join(", ");
}

function figure(title, target) {
  const value = element("p", {class: "glance-value"});
  const sub = element("p", {class: "glance-sub"});
  const spark = element("div", {class: "glance-spark"});
  const node = element("section", {class: "card glance"},
      element("h2", {}, target ? element("a", {href: target}, title) : title), value, sub, spark);
  return {
    node,
    /** `make` shows `shown` where that is no text. */
    show(shown, below, level, make = (text) => text) {
      refresh(value, shown, () => shown === null ? UNKNOWN : make(shown));
      setText(sub, below);
      node.dataset.level = level || "";
    },
    line(values) { replace(spark, sparkline(values)); },
    meter(part) {
      const fill = element("span", {class: "fill"});
      fill.style.width = (part * 100).toFixed(1) + "%";
      replace(spark, element("div", {class: "meter"}, fill));
    }
  };
}

function coinLines(coins) {
  const order = coins.slice().sort(
      (a, b) => (b.hashrate > 0) - (a.hashrate > 0) || b.cost_hour - a.cost_hour || b.miners - a.miners);
  return element("span", {class: "coins"}, order.slice(0, LEADING_COINS).map((coin) => {
    const rate = hashrate(coin.hashrate).replace(/H\/s$/, coin.hashrate_unit || "H/s");
    return element("a", {href: "#/incidents?" + new URLSearchParams({coin: coin.coin, state: "active"})},
        element("span", {class: "coin-name"}, coin.coin || "unknown coin"), element("span", {}, rate));
  }));
}

function alertLine(alert) {
  return element("li", {},
      element("a", {href: link("incident", [alert.sensor, alert.incident]), class: "alert-line"},
          verdict(alert),
          element("span", {class: "alert-what"},
              element("span", {class: "strong clip"}, alert.miner_ip || UNKNOWN),
              element("span", {class: "sub clip"},
                  [alert.budget ? "budget of the " + alert.budget + " passed" : alert.coin, alert.pool]
                      .filter(Boolean)
                      .join(" · "))),
          element("span", {class: "faint nowrap"}, moment(alert.time, true))));
}

function topValue(row, by, currency) {
  if (by === "bytes") return bytes(row.bytes);
  const cost = row.cost_hour > 0 ? " · " + money(row.cost_hour, currency) + "/h" : "";
  return plural(row.miners, "miner") + cost;
}

function topList(top, answer) {
  const rows = answer.top.filter((row) => top.by !== "bytes" || row.bytes > 0).slice(0, 6);
  if (rows.length === 0)
    return element("p", {class: "faint"},
        top.dimension === "applications" ? "The sensors tell of no flow yet." : "Nothing yet.");
  const largest = Math.max(...rows.map((row) => row[top.by])) || 1;
  return element("ol", {class: "bars"}, rows.map((row) => {
    const name = row.value === "" ? "unknown" :
        top.country               ? countryName(row.value) :
                                    shorten(row.value, top.mono ? 21 : 60);
    const fill = element("span", {class: "fill"});
    fill.style.width = Math.max(1, (row[top.by] / largest) * 100).toFixed(1) + "%";
    const words = [
      top.mono && row.value ? element("code", {}, name) : name,
      row.label ? element("span", {class: "label"}, row.label) : null
    ];
    const target = "#/incidents?" + new URLSearchParams({[top.filter]: row.value});
    const linked = top.filter ? element("a", {class: "name", title: row.value, href: target}, words) :
                                element("span", {class: "name", title: row.value}, words);
    return element("li", {},
        element("div", {class: "row"}, linked,
            element("span", {class: "value"}, topValue(row, top.by, answer.currency))),
        element("div", {class: "track"}, fill));
  }));
}

export function start(root) {
  let stopped = false, topTimer = 0, series = null, currency = "USD", unlike = "";
  const title = element("h1", {}, "Reading what the sensors have told");
  const sub = element("p", {});
  const parts = {
    miners: figure("Active miners", link("incidents", [], {state: "active"})),
    rate: figure("Hash rate by coin"),
    money: figure("Cost an hour"),
    sensors: figure("Sensors alive", link("sensors")),
    packets: figure("Packets a second"),
    drops: figure("Drops, last hour", link("sensors")),
  };
  const alerts = element("div", {}, skeleton(6));
  const cost =
      timeChart({title: "Cost an hour", format: (value) => moneyRound(value, currency), empty: EMPTY});
  const miners = timeChart({title: "Miners", least: 3, format: count, stepped: true, empty: EMPTY});
  const tops = TOPS.map((top) => ({...top, holder: element("div", {}, skeleton(4))}));
  root.append(element("div", {class: "page-head headline"}, title, sub),
      element("div", {class: "glances"}, Object.values(parts).map((part) => part.node)),
      element("div", {class: "grid overview-grid"},
          element("div", {class: "stack"}, cost.figure, miners.figure),
          card(
              "Latest alerts", element("a", {href: "#/incidents", class: "aside"}, "All incidents"), alerts)),
      element("div", {class: "grid grid-3"},
          tops.map((top) => card(top.title, top.by === "bytes" ? "by traffic" : "by miners", top.holder))));

  function show(data) {
    currency = data.costs[0] ? data.costs[0].currency : "USD";
    setText(title, headline(data));
    setText(sub, besides(data));
    parts.miners.show(exact(data.miners_active),
        data.incidents_active > 0 ? verdicts(data) : plural(data.incidents, "incident") + " in 7 days",
        data.miners_active > 0 ? "bad" : "");
    showRates(data.coins);
    showCosts(data.costs);
    const before = unlike;
    unlike = unlikeCosts(data.costs);
    if (unlike !== before) showSeries();
    showSensors(data.sensors);
    showTraffic(data.traffic);
    refresh(alerts, data.alerts,
        () => data.alerts.length ?
            element("ul", {class: "alerts"}, data.alerts.slice(0, 9).map(alertLine)) :
            emptyState("No alert", "Alerts stand here as soon as a sensor recognises mining."));
  }

  function showRates(coins) {
    const more = coins.length - LEADING_COINS;
    parts.rate.show(
        coins.length ? coins : null, more > 0 ? "and " + plural(more, "more coin") : "", "", coinLines);
  }

  function showCosts(costs) {
    const hourly = costs.filter((one) => one.hour > 0).slice(0, 2);
    const amounts = hourly.length ? hourly.map((one) => money(one.hour, one.currency)) : [money(0, currency)];
    const total = costs.map((one) => money(one.total, one.currency)).join(" and ") || money(0, currency);
    parts.money.show(amounts, total + " so far, in 7 days", "",
        (texts) => texts.map((text) => element("span", {class: "amount"}, text)));
  }

  function showSensors({alive, known}) {
    const silent = known - alive;
    parts.sensors.show([alive, known],
        known === 0      ? "none has written yet" :
            silent === 0 ? "all are heard" :
                           plural(silent, "is", "are") + " silent",
        silent > 0 ? "warn" : "",
        () => [exact(alive), element("span", {class: "of"}, " of " + exact(known))]);
    parts.sensors.meter(known ? alive / known : 0);
  }

  function showTraffic(traffic) {
    parts.packets.show(
        count(Math.round(traffic.pps)), bits(traffic.bps) + " · " + count(traffic.packets) + " in all");
    const dropped = traffic.drops_hour, seen = traffic.pps * 3600;
    parts.drops.show(count(dropped),
        dropped === 0 ? "nothing was missed" :
            seen > 0  ? "about " + share(dropped / (seen + dropped)) + " of the packets" :
                        "packets missed",
        dropped > 0 ? "warn" : "");
  }

  function showSeries() {
    if (!series) return;
    const points = (name) => series.time.map((at, number) => ({x: at, y: series[name][number]}));
    const range = [series.time[0], series.time[series.time.length - 1]];
    const behind = now() - range[1] > 900;
    const note = behind ? "of the capture's time" : "last hour";
    cost.empty = unlike || EMPTY;
    cost.update(
        unlike ? [] : [{name: "Cost an hour", points: points("cost_hour"), colour: "series-2"}], note, range);
    miners.update(
        [
          {name: "Miners", points: points("miners"), colour: "series-1"},
          {name: "Incidents", points: points("incidents"), colour: "series-4"}
        ],
        note, range);
    const some = (name) => series[name].some((value) => value !== null);
    for (const [part, name] of [[parts.miners, "miners"], [parts.money, "cost_hour"], [parts.packets, "pps"],
             [parts.drops, "drops"]]) {
      if (some(name)) part.line(name === "cost_hour" && unlike ? [] : thin(series[name]));
    }
  }

  async function load() {
    try {
      const [data, values] = await Promise.all([ask("overview"), ask("series", {span: 3600})]);
      if (stopped) return;
      series = values;
      show(data);
      showSeries();
      loadTops();
    } catch (error) {
      if (!stopped && error.status !== 401) {
        title.textContent = "The overview could not be loaded";
        sub.textContent = error.message;
      }
    }
  }

  async function loadTops() {
    clearTimeout(topTimer);
    topTimer = 0;
    await Promise.all(tops.map(async (top) => {
      try {
        const answer = await ask("top/" + top.dimension, {by: top.by, limit: 6});
        if (!stopped) refresh(top.holder, answer.top, () => topList(top, answer));
      } catch (error) {
        if (!stopped) replace(top.holder, element("p", {class: "faint"}, error.message));
      }
    }));
  }

  function later() {
    if (!topTimer) topTimer = setTimeout(loadTops, TOP_EVERY_MS);
  }

  function point(news) {
    if (!series || !appendPoint(series, news)) return;
    showSeries();
  }

  const ends =
      [listen("overview", show), listen("incidents", later), listen("series", point), listen("reset", load)];
  load();
  return {
    title: "Overview",
    stop() {
      stopped = true;
      clearTimeout(topTimer);
      ends.forEach((end) => end());
    }
  };
}

/** At most 60 points, so that a small line stays a line. */
function thin(values) {
  const step = Math.ceil(values.length / 60);
  const made = [];
  for (let at = 0; at < values.length; at += step) {
    const known = values.slice(at, at + step).filter((value) => value !== null);
    made.push(known.length ? Math.max(...known) : null);
  }
  return made;
}

/** Puts the newest point of the stream into the columns of a series: at its place, or behind the last one. */
export function appendPoint(series, news) {
  if (!news.time || series.time.length === 0) return false;
  const columns = Object.keys(series).filter((name) => Array.isArray(series[name]) && name !== "time");
  const place = Math.floor(news.time / series.step) * series.step;
  const last = series.time.length - 1;
  if (place < series.time[0]) return false;
  if (place > series.time[last] + series.step * series.time.length)
    return false;  // another time altogether: the next reset tells
  for (let at = series.time[last] + series.step; at <= place; at += series.step) {
    series.time.shift();
    series.time.push(at);
    for (const name of columns) {
      series[name].shift();
      series[name].push(null);
    }
  }
  const at = series.time.indexOf(place);
  if (at < 0) return false;
  for (const name of columns)
    if (name in news && news[name] !== null) series[name][at] = news[name];
  return true;
}
