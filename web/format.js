// SPDX-License-Identifier: Apache-2.0
// Numbers and times for people. What is not known is a dash, never a zero.

export const UNKNOWN = "–";
const NARROW = "\u202f";
const locale = "en-GB";

function known(value) {
  return value !== null && value !== undefined && value !== "" && Number.isFinite(Number(value));
}

/** Three significant digits, as people say numbers. */
function digits(value) {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

function scaled(value, steps, base, unit) {
  let step = 0;
  value = Number(value);
  while (Math.abs(value) >= base * 0.9995 && step < steps.length - 1) {
    value /= base;
    step++;
  }
  const text = step === 0 && Number.isInteger(value) ? String(value) : digits(value);
  return text + NARROW + steps[step] + unit;
}

/** The unit of a coin's hash rate: Equihash counts solutions, Cuckoo graphs. */
export function hashUnit(algorithm) {
  if (/^(equihash|beamhash)/i.test(algorithm || "")) return "Sol/s";
  return /^cuck/i.test(algorithm || "") ? "gps" : "H/s";
}

export function hashrate(value, algorithm) {
  return known(value) && Number(value) > 0 ?
      scaled(value, ["", "k", "M", "G", "T", "P", "E"], 1000, hashUnit(algorithm)) :
      UNKNOWN;
}

export function hashes(value) {
  return known(value) && Number(value) > 0 ?
      scaled(value, ["", "k", "M", "G", "T", "P", "E", "Z"], 1000, "H") :
      UNKNOWN;
}

/** A relative error as the sensor gives it, 0.12: "± 12 %". */
export function relativeError(value) {
  if (!known(value) || Number(value) <= 0) return "";
  const percent = Number(value) * 100;
  return "±" + NARROW + (percent < 1 ? "1" : percent.toFixed(0)) + NARROW + "%";
}

export function bytes(value) {
  return known(value) ? scaled(value, ["", "k", "M", "G", "T", "P"], 1000, "B") : UNKNOWN;
}

export function bits(value) {
  return known(value) ? scaled(value, ["", "k", "M", "G", "T"], 1000, "bit/s") : UNKNOWN;
}

/** Counts: exact up to 99,999, then shortened. */
export function count(value) {
  if (!known(value)) return UNKNOWN;
  value = Number(value);
  if (Math.abs(value) < 1e5)
    return value.toLocaleString(locale, {maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0});
  return scaled(value, ["", "k", "M", "G", "T"], 1000, "").trim();
}

export function exact(value) { return known(value) ? Number(value).toLocaleString(locale) : UNKNOWN; }

export function share(value) {
  if (!known(value)) return UNKNOWN;
  const percent = Number(value) * 100;
  if (percent === 0) return "0" + NARROW + "%";
  return (percent < 0.01      ? "< 0.01" :
                 percent < 1  ? percent.toFixed(2) :
                 percent < 10 ? percent.toFixed(1) :
                                percent.toFixed(0)) +
      NARROW + "%";
}

/** "€ 2.76"; a currency that the browser does not know is written as it came. */
export function money(value, currency) {
  if (!known(value)) return UNKNOWN;
  value = Number(value);
  const places = Math.abs(value) >= 1000 ? 0 : 2;
  const small = value !== 0 && Math.abs(value) < 0.005;
  const text = (amount) => {
    try {
      return amount.toLocaleString(locale, {
        style: "currency",
        currency: currency || "USD",
        currencyDisplay: "narrowSymbol",
        minimumFractionDigits: places,
        maximumFractionDigits: places
      });
    } catch {
      return amount.toFixed(places) + NARROW + currency;
    }
  };
  return small ? "< " + text(0.01) : text(value);
}

/** Why costs are not drawn as one sum; "" where they can be. `costs` as in the overview, a currency each. */
export function unlikeCosts(costs) {
  if (costs.length < 2) return "";
  return "Sensors count in " + costs.map((one) => one.currency).sort().join(" and ") +
      ", which cannot be added. Trends shows the costs of one sensor.";
}

/** For axes and their like: no cents where there are none. */
export function moneyRound(value, currency) {
  const text = money(value, currency);
  return Number.isInteger(Number(value)) ? text.replace(/[.,]00(?!\d)/, "") : text;
}

export function duration(seconds) {
  if (!known(seconds) || seconds < 0) return UNKNOWN;
  seconds = Math.floor(seconds);
  const days = Math.floor(seconds / 86400), hours = Math.floor(seconds / 3600) % 24,
        minutes = Math.floor(seconds / 60) % 60;
  const part = (number, unit) => number + NARROW + unit;
  if (days > 0) return part(days, "d") + " " + part(hours, "h");
  if (hours > 0) return part(hours, "h") + " " + part(minutes, "min");
  if (minutes > 0) return part(minutes, "min") + (minutes < 10 ? " " + part(seconds % 60, "s") : "");
  return part(seconds, "s");
}

/** Times of the interface are seconds since 1970. */
export function ago(seconds, now) {
  if (!known(seconds) || Number(seconds) <= 0) return UNKNOWN;
  const age = now - seconds;
  if (age < 1) return "now";
  if (age < 60) return Math.floor(age) + NARROW + "s ago";
  if (age < 3600) return Math.floor(age / 60) + NARROW + "min ago";
  if (age < 2 * 86400) return Math.floor(age / 3600) + NARROW + "h ago";
  return Math.floor(age / 86400) + NARROW + "d ago";
}

const clock = new Intl.DateTimeFormat(locale, {hour: "2-digit", minute: "2-digit", second: "2-digit"});
const clockShort = new Intl.DateTimeFormat(locale, {hour: "2-digit", minute: "2-digit"});
const day = new Intl.DateTimeFormat(locale, {day: "numeric", month: "short"});
const dayYear = new Intl.DateTimeFormat(locale, {day: "numeric", month: "short", year: "numeric"});

/** Local time; the day where it is not today. */
export function time(seconds, now) {
  if (!known(seconds) || Number(seconds) <= 0) return UNKNOWN;
  const date = new Date(seconds * 1000), today = new Date((now || Date.now() / 1000) * 1000);
  if (date.toDateString() === today.toDateString()) return clock.format(date);
  return (date.getFullYear() === today.getFullYear() ? day : dayYear).format(date) + ", " +
      clockShort.format(date);
}

export function timeOfAxis(seconds, span) {
  const date = new Date(seconds * 1000);
  if (span > 2 * 86400) return day.format(date);
  return span < 600 ? clock.format(date) : clockShort.format(date);
}

/** For the title of a time: "2026-01-05 09:35:10 UTC". */
export function utc(seconds) {
  if (!known(seconds) || Number(seconds) <= 0) return "";
  const text = new Date(seconds * 1000);
  return Number.isNaN(text.getTime()) ? "" : text.toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

/** The middle of what is long left out: wallets are known by their ends. */
export function shorten(text, length) {
  if (!text || text.length <= length) return text || "";
  const head = Math.ceil((length - 1) / 2);
  return text.slice(0, head) + "…" + text.slice(text.length - (length - 1 - head));
}

export function plural(number, one, many) {
  return exact(number) + " " + (Number(number) === 1 ? one : many || one + "s");
}
