// SPDX-License-Identifier: Apache-2.0
// The whole story of one incident: what happened, why that is believed, whose it is, where else it was seen,
// what to do.

import {timeChart} from "./charts.js";
import {element, replace} from "./dom.js";
import {ask, listen, now} from "./feed.js";
import {bytes, count, duration, exact, hashes, money, plural, shorten, time, UNKNOWN, utc} from "./format.js";
import {identity, listAddress} from "./incidents.js";
import {activity, copyable, emptyState, icon, moment, skeleton, verdict} from "./parts.js";
import {link} from "./route.js";
import {address, hourly, KINDS, machine, place, poolName, rate, rateError, spent} from "./rows.js";

const REFRESH_MS = 3000;
const SHARES = {
  wallet: "same wallet",
  worker_scheme: "same workers",
  worker: "same workers",
  pool: "same pool"
};

/** What happened, in the words of one person to another. */
function story(row) {
  const length = row.last_seen - row.first_seen;
  const active = row.state === "active";
  const contact = row.kind === "pool-contact";
  const sentences = [];
  sentences.push((machine(row) === row.miner_ip ? row.miner_ip : machine(row) + " (" + row.miner_ip + ")") +
      (contact       ? " talked to the known pool " :
              active ? " mines " :
                       " mined ") +
      (contact ? "" : (row.coin || "a coin that is not known") + " at ") + poolName(row) +
      (row.pool_operator && !row.pool.includes(row.pool_operator) ? ", run by " + row.pool_operator : "") +
      ". First seen " + time(row.first_seen, now()) +
      (length >= 1 ? ", " + (active ? "for " : "over ") + duration(length) : "") +
      (active ? "." : ", last " + time(row.last_seen, now()) + "."));
  if (row.shares_submitted > 0) {
    sentences.push("It sent " + plural(row.shares_submitted, "share") +
        (row.shares_accepted > 0 ? ", of which the pool accepted " + exact(row.shares_accepted) : "") +
        (row.shares_proven > 0 ? "; " + exact(row.shares_proven) + " were computed again and hold" : "") +
        ".");
  }
  if (row.hashrate > 0)
    sentences.push("That is " + rate(row) + (rateError(row) ? " (" + rateError(row) + ")" : "") +
        (row.cost_hour > 0 ? ", for about " + hourly(row) + " an hour" : "") + ".");
  else if (row.hashrate_upper > 0)
    sentences.push("No share was seen, so it is at most " + rate(row, row.hashrate_upper) + ".");
  if (contact)
    sentences.push("A contact is not yet mining: a browser that opens the pool's web site does the same.");
  if (row.sanctioned)
    sentences.push("It is allowed" + (row.sanctioned_reason ? ": " + row.sanctioned_reason : "") +
        (row.sanctioned_until ? ", until " + row.sanctioned_until : "") + ".");
  return sentences.join(" ");
}

function heading(row) {
  const what = row.kind === "pool-contact" ?
      " contacted " + poolName(row) :
      (row.state === "active" ? " mines " : " mined ") + (row.coin || "an unknown coin");
  return machine(row) + what;
}

function tile(title, value, below) {
  return element("div", {class: "tile"}, element("dt", {}, title), element("dd", {}, value),
      below ? element("dd", {class: "sub"}, below) : null);
}

function tiles(row) {
  return element("dl", {class: "tiles"},
      tile("Hash rate",
          row.hashrate > 0           ? rate(row) :
              row.hashrate_upper > 0 ? "≤ " + rate(row, row.hashrate_upper) :
                                       UNKNOWN,
          rateError(row) || (row.hashrate_upper > 0 ? "no share seen" : "")),
      tile("Cost an hour", hourly(row), row.cost_basis),
      tile("Cost so far", spent(row), row.hashes > 0 ? hashes(row.hashes) + " computed" : ""),
      tile("Shares accepted", row.shares_submitted > 0 ? exact(row.shares_accepted) : UNKNOWN,
          row.shares_submitted > 0 ? "of " + exact(row.shares_submitted) + " sent" : "none seen"),
      tile("Seen for", duration(Math.max(0, row.last_seen - row.first_seen)),
          plural(row.flows, "connection") + ", " + bytes(row.bytes)));
}

function facts(pairs) {
  return element("dl", {class: "facts"},
      pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== 0)
          .flatMap(([title, value]) => [element("dt", {}, title), element("dd", {}, value)]));
}

function code(text) { return text ? copyable(text) : ""; }

function filtered(name, value, text = value) {
  return value ? element("a", {href: link("incidents", [], {[name]: value})}, text) : "";
}

function place_facts(row) {
  return facts([
    ["Address", code(row.miner_ip)], ["Machine", row.instance_name], ["Instance", code(row.instance)],
    ["Type", row.instance_type], ["Label", row.label], ["Cloud", row.provider],
    ["Account", row.account ? [filtered("account", row.account), " "] : ""],
    ["Region", filtered("region", row.region)],
    ["Seen by", element("a", {href: link("trends", [], {sensor: row.sensor})}, row.sensor)],
    [
      "Mirror",
      row.tunnel_type ?
          [
            row.tunnel_type, row.vni ? " " + row.vni : "", row.tunnel_src ? " from " + row.tunnel_src : ""
          ].join("") :
          ""
    ]
  ]);
}

function pool_facts(row) {
  return facts([
    ["Pool", code(row.pool)],
    ["Address", row.pool_ip && !row.pool.startsWith(row.pool_ip) ? code(row.pool_ip) : ""],
    ["Operator", row.pool_operator], ["Country", row.country],
    ["Network", row.asn || row.as_org ? [row.asn ? "AS" + row.asn + " " : "", row.as_org].join("") : ""],
    ["Wallet", code(row.wallet)], ["Worker", code(row.worker)],
    ["Login", row.user && row.user !== row.wallet ? code(row.user) : ""], ["Program", code(row.agent)],
    ["Coin", row.coin], ["Algorithm", row.algorithm],
    [
      "Protocol",
      [
        KINDS[row.kind] || row.kind, row.dialect && row.dialect !== row.kind ? " (" + row.dialect + ")" : ""
      ].join("")
    ],
    ["Carried by", row.carrier.split("/").filter(Boolean).join(" › ")],
    ["Difficulty", row.difficulty > 0 ? count(row.difficulty) : ""]
  ]);
}

function evidenceList(evidence) {
  if (evidence.length === 0)
    return element("p", {class: "faint"},
        "The records that told the reasons are no longer kept. The verdict above is the latest.");
  const largest = Math.max(...evidence.map((reason) => Math.abs(reason.weight))) || 1;
  const sum = evidence.reduce((total, reason) => total + reason.weight, 0);
  return [
    element("ol", {class: "evidence"}, evidence.map((reason) => {
      const fill = element("span", {class: "fill"});
      fill.style.width = ((Math.abs(reason.weight) / largest) * 100).toFixed(0) + "%";
      return element("li", {"data-against": reason.weight < 0 ? "yes" : null},
          element("span", {class: "weight"}, (reason.weight > 0 ? "+" : "") + exact(reason.weight)),
          element("span", {class: "reason"}, element("span", {}, reason.what),
              reason.detail ? element("span", {class: "sub"}, reason.detail) : null,
              element("span", {class: "track", "aria-hidden": "true"}, fill)));
    })),
    element("p", {class: "faint sum"},
        exact(sum) + " points: 40 make it suspected, 60 likely, 90 with a proof confirmed.")
  ];
}

function adviceList(advice) {
  return element("ol", {class: "advice"},
      advice.map((step) => element("li", {}, element("p", {class: "strong"}, step.what),
                     step.why ? element("p", {class: "sub"}, step.why) : null)));
}

function campaignText(campaign, row) {
  if (campaign.incidents <= 1) {
    return campaign.matched > 1 ?
        "Nobody else was seen with this wallet or scheme of workers. Others use the same pool, which proves nothing." :
        "Nobody else was seen with this wallet, this scheme of workers, or at this pool.";
  }
  const where = [
    campaign.accounts.length > 1 ? campaign.accounts.length + " accounts" : "",
    campaign.regions.length > 1 ? campaign.regions.length + " regions" : "",
    campaign.sensors.length > 1 ? campaign.sensors.length + " sensors" : ""
  ].filter(Boolean);
  return "The same hand, as far as wallet and workers tell: " + plural(campaign.miners, "machine") + " in " +
      plural(campaign.incidents, "incident") + (where.length ? ", over " + where.join(", ") : "") +
      (campaign.cost_total > 0 ? "; " + money(campaign.cost_total, row.cost_currency) + " so far" : "") +
      (campaign.cost_hour > 0 ? ", " + money(campaign.cost_hour, row.cost_currency) + " an hour" : "") + ".";
}

function campaignTable(campaign, row) {
  const others = campaign.related.filter((one) => identity(one) !== identity(row));
  if (others.length === 0) return null;
  return element("div",
      {class: "scroll", tabindex: "0", role: "region", "aria-label": "Where else it was seen"},
      element("table", {class: "related", "aria-label": "Others that have something in common"},
          element("thead", {},
              element("tr", {},
                  ["Machine", "In common", "Place", "Worker", "Hash rate", "Cost an hour", "Last seen"].map(
                      (title, at) => element("th",
                          {scope: "col", class: at === 4 || at === 5 || at === 6 ? "number" : null},
                          title)))),
          element("tbody", {},
              others.map((one) => element("tr", {},
                             element("th", {scope: "row"},
                                 element("a", {href: address(one)}, one.instance_name || one.miner_ip),
                                 one.instance_name ? element("span", {class: "sub"}, one.miner_ip) : null),
                             element("td", {},
                                 element("span", {class: "nowrap"},
                                     one.shares.map((name) => SHARES[name] || name).join(", "))),
                             element("td", {}, place(one) || UNKNOWN,
                                 one.account ? element("span", {class: "sub"}, one.account) : null),
                             element("td", {},
                                 one.worker ? element("code", {title: one.worker}, shorten(one.worker, 20)) :
                                              UNKNOWN),
                             element("td", {class: "number"}, rate(one)),
                             element("td", {class: "number"}, hourly(one)),
                             element("td", {class: "number"}, moment(one.last_seen, true)))))));
}

/** For a ticket: what is known, a line each. */
function asText(answer) {
  const row = answer.incident;
  const lines = [
    heading(row), story(row), "", "incident   " + row.id, "sensor     " + row.sensor,
    "miner      " + row.miner_ip, "verdict    " + row.verdict, "first seen " + utc(row.first_seen),
    "last seen  " + utc(row.last_seen)
  ];
  for (const [title, name] of [["instance", "instance"], ["account", "account"], ["region", "region"],
           ["pool", "pool"], ["pool ip", "pool_ip"], ["wallet", "wallet"], ["worker", "worker"],
           ["program", "agent"]]) {
    if (row[name]) lines.push(title.padEnd(11) + row[name]);
  }
  lines.push("", "Why:",
      ...answer.evidence.map((reason) => "  " + reason.weight + "  " + reason.what +
              (reason.detail ? ": " + reason.detail : "")));
  if (answer.advice.length)
    lines.push(
        "", "What to do next:", ...answer.advice.map((step, at) => "  " + (at + 1) + ". " + step.what));
  lines.push("", location.href);
  return lines.join("\n");
}

function section(title, ...content) {
  return element(
      "section", {class: "card"}, element("div", {class: "card-head"}, element("h2", {}, title)), ...content);
}

function alertList(alerts) {
  return element("ul", {class: "plain-alerts"},
      alerts.map((alert) => element("li", {}, moment(alert.time), element("span", {}, alert.signature),
                     copyable(alert.id, shorten(alert.id, 15)))));
}

export function start(root, route) {
  let stopped = false, waiting = 0, said = "", [sensor, id] = route.path;
  if (id === undefined) [sensor, id] = ["", sensor || ""];
  const charts = {
    rate: timeChart({
      title: "Hash rate",
      format: (value) => rate(unitRow, value || null).replace(UNKNOWN, "0"),
      gap: true,
      empty: "No hash rate was told: it takes shares to measure one."
    }),
    shares: timeChart({
      title: "Shares, counted up",
      gap: true,
      format: count,
      stepped: true,
      empty: "No share was seen.",
      least: 4
    }),
  };
  let unitRow = {algorithm: "", hashrate_unit: "H/s"};
  const back = element("a", {href: listAddress(), class: "back"}, icon("back"), "Incidents");
  const body = element("div", {}, element("div", {class: "card"}, skeleton(8)));
  root.append(back, body);

  /** The parts are made once; a refresh replaces those whose content changed, so that focus and selection stay. */
  const slots = {};
  function slot(name, data, make) {
    const key = JSON.stringify(data);
    if (!slots[name]) slots[name] = {node: element("div", {class: "slot"}), key: null};
    if (slots[name].key !== key) {
      slots[name].key = key;
      replace(slots[name].node, make());
    }
    return slots[name].node;
  }

  function show(answer) {
    const row = answer.incident;
    unitRow = row;
    document.title = heading(row) + " · geophone";
    const copyAll = () => copyButton(answer);
    const head = slot("head", row,
        () => [element("div", {class: "page-head incident-head"}, element("h1", {}, heading(row)),
                   verdict(row), activity(row), copyAll()),
            element("p", {class: "story"}, story(row)), element("div", {class: "card"}, tiles(row))]);
    const reasons = slot(
        "reasons", answer.evidence, () => section("Why geophone says so", evidenceList(answer.evidence)));
    const advice = slot("advice", answer.advice,
        () => (answer.advice.length ? section("What to do next", adviceList(answer.advice)) : null));
    const where = slot("where",
        [
          row.miner_ip, row.instance, row.instance_name, row.instance_type, row.provider, row.account,
          row.region, row.label, row.tunnel_type, row.vni, row.tunnel_src
        ],
        () => section("Where it stands", place_facts(row)));
    const whom = slot("whom",
        [
          row.pool, row.pool_ip, row.pool_operator, row.country, row.asn, row.as_org, row.wallet, row.worker,
          row.user, row.agent, row.coin, row.algorithm, row.kind, row.dialect, row.carrier, row.difficulty
        ],
        () => section("Whom it works for", pool_facts(row)));
    const campaign = slot("campaign", answer.campaign,
        () => section("Where else it was seen",
            element("p", {class: "soft"}, campaignText(answer.campaign, row)),
            campaignTable(answer.campaign, row)));
    const told = slot("told", [answer.alerts, row.id],
        () => section("Identifiers and alerts",
            facts([["Incident", code(row.id)], ["Sensor", code(row.sensor)]]),
            answer.alerts.length ? alertList(answer.alerts) : null));
    if (!said) {
      replace(body, head,
          element("div", {class: "grid detail-grid"},
              element("div", {class: "stack"},
                  element("div", {class: "grid grid-2 flush"}, charts.rate.figure, charts.shares.figure),
                  reasons),
              element("div", {class: "stack"}, advice, where, whom)),
          element("div", {class: "stack spaced"}, campaign, told));
    }
    said = "shown";
    const history = answer.history;
    const points = (name) => history.time.map((at, number) => ({x: at, y: history[name][number]}));
    const any = (name) => history[name].some((value) => value > 0);
    charts.rate.update(
        [{name: "Hash rate", points: any("hashrate") ? points("hashrate") : [], colour: "series-1"}],
        history.time.length ? plural(history.time.length, "report") : "");
    const lines = [
      ["shares_submitted", "Sent", "series-6"], ["shares_accepted", "Accepted", "series-3"],
      ["shares_rejected", "Rejected", "series-5"]
    ].filter(([name]) => any(name));
    charts.shares.update(
        lines.map(([name, title, colour]) => ({name: title, colour, points: points(name)})), "");
  }

  function copyButton(answer) {
    const holder = copyable(asText(answer), "");
    holder.querySelector("code").remove();
    const button = holder.querySelector("button");
    button.className = "button with-icon";
    button.setAttribute("aria-label", "Copy all as text, for a ticket");
    button.append("Copy as text");
    return element("span", {class: "right"}, holder);
  }

  async function load() {
    waiting = 0;
    try {
      const answer = await ask("incidents/" + encodeURIComponent(id), sensor ? {sensor} : undefined);
      if (!stopped) show(answer);
    } catch (error) {
      if (stopped || said === "shown" && error.status !== 404) return;
      said = "";
      replace(body,
          element("div", {class: "card"},
              emptyState(
                  error.status === 404 ? "This incident is not known" : "The incident could not be loaded",
                  error.status === 404 ?
                      "Redis keeps incidents for seven days after their latest event; or the link is of another Redis." :
                      error.message)));
    }
  }

  function changed(news) {
    if (!waiting && (news.more || news.incidents.some((row) => row.id === id)))
      waiting = setTimeout(load, said ? REFRESH_MS : 0);
  }

  const ends = [listen("incidents", changed), listen("reset", load)];
  load();
  return {
    title: "Incident",
    stop() {
      stopped = true;
      clearTimeout(waiting);
      ends.forEach((end) => end());
    }
  };
}
