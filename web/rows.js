// SPDX-License-Identifier: Apache-2.0
// How an incident is named and told in the rows of tables and lists.

import {element} from "./dom.js";
import {hashrate, hashUnit, money, relativeError, shorten, UNKNOWN} from "./format.js";
import {link} from "./route.js";

/** The rate in the unit that the interface names. */
export function rate(row, value = row.hashrate) {
  const text = hashrate(value, row.algorithm);
  const unit = row.hashrate_unit || hashUnit(row.algorithm);
  return text.replace(/H\/s$|Sol\/s$|gps$/, unit);
}

export function rateError(row) { return row.hashrate > 0 ? relativeError(row.hashrate_error) : ""; }

export function address(row) { return link("incident", [row.sensor, row.id]); }

/** What people call the machine. */
export function machine(row) { return row.instance_name || row.label || row.miner_ip || UNKNOWN; }

export function hourly(row) { return row.cost_hour > 0 ? money(row.cost_hour, row.cost_currency) : UNKNOWN; }

export function spent(row) { return row.cost_total > 0 ? money(row.cost_total, row.cost_currency) : UNKNOWN; }

export function place(row) { return row.region || row.provider || ""; }

/** "i-0abc · aws 1234" and the like, without what is not known. */
export function placeDetail(row) { return [row.provider, row.account].filter(Boolean).join(" "); }

export function poolName(row) { return row.pool || row.pool_ip || UNKNOWN; }

export function poolDetail(row) {
  return [row.pool_operator, row.country, row.as_org].filter(Boolean).slice(0, 2).join(" · ");
}

export function walletNode(row) {
  return row.wallet ? element("code", {title: row.wallet}, shorten(row.wallet, 17)) :
      row.user      ? element("code", {title: row.user}, shorten(row.user, 17)) :
                      UNKNOWN;
}

export const KINDS = {
  "stratum": "Stratum",
  "getwork": "getwork over HTTP",
  "getblocktemplate": "block templates of a node",
  "node-rpc": "a node's interface",
  "websocket": "mining in a WebSocket",
  "stratum-v2": "Stratum V2",
  "p2pool": "P2Pool",
  "proxy": "a mining proxy",
  "encrypted": "encrypted mining",
  "pool-contact": "contact with a pool",
};
