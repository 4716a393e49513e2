// SPDX-License-Identifier: Apache-2.0
// The table of incidents: search, filters and order stand in the address; rows are asked of the server as
// they come into view.

import {element, replace} from "./dom.js";
import {ask, listen} from "./feed.js";
import {exact, shorten, UNKNOWN} from "./format.js";
import {activity, emptyState, icon, moment, verdict} from "./parts.js";
import * as rows from "./rows.js";
import {longTable} from "./table.js";

const PAGE = 100;
const REFRESH_MS = 2000;
const SELECTS = [
  ["state", "State"], ["verdict", "Verdict"], ["coin", "Coin"], ["region", "Region"], ["account", "Account"],
  ["sensor", "Sensor"], ["pool", "Pool"]
];
const OTHERS = {
  wallet: "Wallet",
  kind: "Kind",
  dialect: "Dialect",
  provider: "Provider",
  pool_operator: "Operator",
  country: "Country",
  miner_ip: "Miner",
  sanctioned: "Allowed"
};
const SORTS = [
  "last_seen", "miner_ip", "verdict", "coin", "pool", "wallet", "region", "hashrate", "cost_hour",
  "cost_total"
];

const COLUMNS = [
  {
    key: "miner_ip",
    title: "Miner",
    sort: true,
    down: false,
    class: "col-miner",
    cell: (row) => [element("a", {href: rows.address(row), class: "clip strong"}, rows.machine(row)),
        element("span", {class: "sub clip"},
            rows.machine(row) === row.miner_ip ? row.instance || row.sensor : row.miner_ip)]
  },
  {key: "verdict", title: "Verdict", sort: true, class: "col-verdict", cell: (row) => verdict(row)},
  {
    key: "coin",
    title: "Coin",
    sort: true,
    down: false,
    class: "col-coin",
    cell: (row) => [element("span", {}, row.coin || UNKNOWN),
        element("span", {class: "sub clip"}, row.algorithm)]
  },
  {
    key: "pool",
    title: "Pool",
    sort: true,
    down: false,
    class: "col-pool",
    cell: (row) => [element("span", {class: "clip", title: rows.poolName(row)}, rows.poolName(row)),
        element("span", {class: "sub clip"}, rows.poolDetail(row))]
  },
  {
    key: "wallet",
    title: "Wallet",
    sort: true,
    down: false,
    class: "col-wallet",
    cell: (row) => [element("span", {class: "clip"}, rows.walletNode(row)),
        element("span", {class: "sub clip", title: row.worker}, row.worker)]
  },
  {
    key: "region",
    title: "Place",
    sort: true,
    down: false,
    class: "col-place",
    cell: (row) => [element("span", {class: "clip"}, rows.place(row) || UNKNOWN),
        element("span", {class: "sub clip"}, rows.placeDetail(row))]
  },
  {
    key: "hashrate",
    title: "Hash rate",
    sort: true,
    class: "number col-rate",
    cell: (row) => [element("span", {}, rows.rate(row)), element("span", {class: "sub"}, rows.rateError(row))]
  },
  {
    key: "cost_hour",
    title: "Cost an hour",
    sort: true,
    class: "number col-cost",
    cell: (row) => [element("span", {}, rows.hourly(row)),
        element("span", {class: "sub"}, row.cost_total > 0 ? rows.spent(row) + " so far" : "")]
  },
  {
    key: "last_seen",
    title: "Last seen",
    sort: true,
    class: "number col-seen",
    cell: (row) => [activity(row), element("span", {class: "sub"}, moment(row.last_seen, true))]
  },
];

export function identity(row) { return row.sensor + "/" + row.id; }

/** What the address asks for, cleaned of what the interface would refuse. */
function readQuery(route) {
  const query = {};
  for (const [name, value] of route.query) {
    if (name === "q" || OTHERS[name] || SELECTS.some(([key]) => key === name)) query[name] = value;
  }
  const sort = route.query.get("sort") || "-last_seen";
  const key = sort.replace(/^-/, "");
  return {
    query,
    order: SORTS.includes(key) ? {key, down: sort.startsWith("-")} : {key: "last_seen", down: true}
  };
}

let lastAddress = "#/incidents";

/** Where the way back from an incident leads: to the table as it was. */
export function listAddress() { return lastAddress; }

export function start(root, route) {
  let {query, order} = readQuery(route);
  let pages = new Map(), matched = 0, total = null, generation = 0, refreshing = 0, stopped = false;
  const asked = new Set();
  const summary = element("p", {id: "matched"}, "Loading the incidents.");
  const search = element("input", {
    type: "search",
    id: "search",
    placeholder: "Search miner, pool, wallet, worker, agent, place …",
    "aria-label": "Search incidents",
    autocomplete: "off"
  });
  const selects = SELECTS.map(([name, title]) => ({
    name,
    title,
    node: element("select", {id: "filter-" + name, onchange: (event) => filter(name, event.target.value)})
  }));
  const chips = element("ul", {class: "chips", "aria-label": "Further filters"});
  const clear = element(
      "button", {type: "button", class: "button", id: "clear", onclick: () => change({}, order)}, "Clear");
  const nothing = element("div", {class: "card", id: "nothing", hidden: true});
  const table = longTable({
    label: "Incidents",
    columns: COLUMNS,
    identity,
    address: rows.address,
    missing: fetchRows,
    sorted: (key, down) => change(query, {key, down})
  });
  const holder = element("div", {class: "card table-card"}, table.node);

  const filters = element("details", {class: "filters"}, element("summary", {}, "Filters"),
      element("div", {class: "filter-row"},
          selects.map(
              (select) => element("label", {class: "field"}, element("span", {}, select.title), select.node)),
          clear));
  const wide = window.matchMedia("(min-width: 761px)");
  const unfold = () => {
    filters.open = wide.matches || SELECTS.some(([name]) => query[name] !== undefined);
  };
  wide.addEventListener("change", unfold);
  root.append(element("div", {class: "page-head"}, element("h1", {}, "Incidents"), summary),
      element("form", {class: "tools", role: "search", onsubmit: (event) => event.preventDefault()},
          element("div", {class: "search"}, icon("search"), search), filters, chips),
      holder, nothing);

  let typing = 0;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => filter("q", search.value.trim()), 160);
  });

  function filter(name, value) {
    const wanted = {...query};
    if (value === "")
      delete wanted[name];
    else
      wanted[name] = value === UNSET ? "" : value;
    change(wanted, order);
  }

  /** Other filters or another order: into the address, and ask anew. */
  function change(newQuery, newOrder) {
    query = newQuery;
    order = newOrder;
    const plain = order.key === "last_seen" && order.down;
    const words = new URLSearchParams(query);
    if (!plain) words.set("sort", (order.down ? "-" : "") + order.key);
    history.replaceState(null, "", "#/incidents" + (words.toString() ? "?" + words : ""));
    lastAddress = location.hash;
    restart();
  }

  function restart() {
    generation++;
    pages = new Map();
    asked.clear();
    showFields();
    fetchPage(0, true);
  }

  function fetchRows(first, last) {
    for (let page = Math.floor(first / PAGE); page <= Math.floor((last - 1) / PAGE); page++)
      fetchPage(page, false);
  }

  async function fetchPage(page, anew) {
    if (!anew && (pages.has(page) || asked.has(page))) return;
    asked.add(page);
    const mine = generation;
    try {
      const answer = await ask("incidents",
          {...query, sort: order.key, order: order.down ? "desc" : "asc", offset: page * PAGE, limit: PAGE});
      if (stopped || mine !== generation) return;
      pages.set(page, answer.incidents);
      matched = answer.matched;
      total = answer.total;
      showChoices(answer.facets);
      showRows();
    } catch (error) {
      if (!stopped && mine === generation) summary.textContent = error.message;
    } finally {
      if (mine === generation) asked.delete(page);
    }
  }

  function rowAt(at) {
    const page = pages.get(Math.floor(at / PAGE));
    return (page && page[at % PAGE]) || null;
  }

  function showRows() {
    const narrowed = Object.keys(query).length > 0;
    summary.textContent = total === 0 ? "" :
        narrowed                      ? exact(matched) + " of " + exact(total) :
                                        exact(total) + (total === 1 ? " incident" : " incidents");
    holder.hidden = matched === 0;
    nothing.hidden = matched !== 0;
    if (matched === 0 && total === 0) {
      replace(nothing,
          emptyState("No incident",
              "No sensor has seen anybody mine, or talk to a known pool, in the last seven days."));
    } else if (matched === 0) {
      replace(nothing,
          emptyState("Nothing matches",
              "None of the " + exact(total) + " incidents matches the search and the filters."),
          element("p", {class: "centre"},
              element("button", {type: "button", class: "button", onclick: () => change({}, order)},
                  "Clear search and filters")));
    }
    table.show(matched, rowAt, order);
  }

  /** Fields that somebody is in are left alone. */
  function showFields() {
    if (document.activeElement !== search) search.value = query.q || "";
    for (const select of selects)
      select.node.toggleAttribute("data-chosen", query[select.name] !== undefined);
    clear.disabled = Object.keys(query).length === 0;
    replace(chips,
        Object.keys(OTHERS)
            .filter((name) => query[name] !== undefined)
            .map((name) => element("li", {},
                     element("button", {
                       type: "button",
                       class: "chip",
                       "aria-label": "Remove the filter " + OTHERS[name],
                       onclick: () => filter(name, "")
                     },
                         OTHERS[name] + ": " + (shorten(query[name], 24) || "unknown"),
                         element("span", {"aria-hidden": "true"}, " ×")))));
  }

  const UNSET = "\u0000";

  function showChoices(facets) {
    for (const select of selects) {
      const chosen = query[select.name];
      const choices =
          (facets[select.name] || [])
              .map((facet) => [facet.value,
                       (shorten(facet.value, 40) || "unknown") + " (" + exact(facet.count) + ")"]);
      if (chosen !== undefined && !choices.some(([value]) => value === chosen))
        choices.unshift([chosen, (shorten(chosen, 40) || "unknown") + " (0)"]);
      const key = JSON.stringify([choices, chosen]);
      if (select.key === key ||
          document.activeElement === select.node && select.key !== undefined && select.chosen === chosen)
        continue;
      select.key = key;
      select.chosen = chosen;
      replace(select.node, element("option", {value: ""}, "Any"), choices.map(([value, title]) => {
        const option = element("option", {}, title);
        option.value = value === "" ? UNSET : value;
        return option;
      }));
      select.node.value = chosen === undefined ? "" : chosen === "" ? UNSET : chosen;
    }
  }

  /** News: rows that are shown change at once; order, number and choices follow, not oftener than REFRESH_MS. */
  function changed(news) {
    const fresh = new Map(news.incidents.map((row) => [identity(row), row]));
    for (const page of pages.values()) {
      page.forEach((row, at) => {
        if (fresh.has(identity(row))) page[at] = {...fresh.get(identity(row)), changed: true};
      });
    }
    table.show(matched, rowAt, order);
    if (!refreshing) refreshing = setTimeout(refresh, REFRESH_MS);
  }

  function refresh() {
    refreshing = 0;
    const seen = new Set([...root.querySelectorAll("tr[aria-rowindex]")].map(
        (line) => Math.floor((Number(line.getAttribute("aria-rowindex")) - 2) / PAGE)));
    seen.delete(-1);
    for (const page of pages.keys())
      if (!seen.has(page)) pages.delete(page);
    if (seen.size === 0) seen.add(0);
    for (const page of seen) fetchPage(page, true);
  }

  const ends = [listen("incidents", changed), listen("reset", restart)];
  lastAddress = location.hash || "#/incidents";
  unfold();
  showFields();
  fetchPage(0, true);
  return {
    title: "Incidents",
    change(next) {
      ({query, order} = readQuery(next));
      lastAddress = location.hash;
      restart();
      return true;
    },
    stop() {
      stopped = true;
      clearTimeout(refreshing);
      wide.removeEventListener("change", unfold);
      ends.forEach((end) => end());
      table.destroy();
    },
  };
}
