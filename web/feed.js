// SPDX-License-Identifier: Apache-2.0
// The page's side of the interface (docs/dashboard-api.md): questions, the stream of changes, and the state
// of both.

const RETRY_MS = [1000, 2000, 4000, 8000];
const SILENT_S = 40;
const KINDS =
    ["hello", "reset", "overview", "incidents", "alerts", "sensors", "series", "state", "heartbeat"];

export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** GET as JSON. The sentence of an error comes from the server where it has one. */
export async function ask(path, query, signal) {
  const words = query ? "?" + new URLSearchParams(query) : "";
  let answer;
  try {
    answer = await fetch("api/v1/" + path + words,
        {signal, credentials: "same-origin", headers: {Accept: "application/json"}});
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, "The dashboard's server does not answer.");
  }
  if (answer.status === 401) {
    link.stream = "login";
    tell("link");
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok || body === null)
    throw new Refused(
        answer.status, (body && body.error) || "The server answered with status " + answer.status + ".");
  if (body.state) learn(body.state);
  return body;
}

export const link = {
  stream: "opening",  // opening, open, lost, login
  state: null,        // the newest `state` of the interface
  heard: 0,           // when the server was heard last, seconds of this browser's clock
  skew: 0,            // the server's clock less this browser's, seconds
};

const listeners = new Map();

/** What came: one of the kinds of events, or "link" where the state of the connection may be another. */
export function listen(kind, heard) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind).add(heard);
  return () => listeners.get(kind).delete(heard);
}

function tell(kind, data) {
  for (const heard of [...(listeners.get(kind) || [])]) heard(data);
}

function learn(state) {
  link.state = state;
  link.skew = state.time - Date.now() / 1000;
  link.heard = Date.now() / 1000;
  tell("link");
}

/** The server's time: ages are told by its clock, however wrong this one is. */
export function now() { return Date.now() / 1000 + link.skew; }

let source = null, failures = 0, timer = 0;

export function connect() {
  clearTimeout(timer);
  if (source) source.close();
  source = new EventSource("api/v1/events");
  for (const kind of KINDS) source.addEventListener(kind, (event) => receive(kind, event));
  source.onerror = lost;
}

function receive(kind, event) {
  let data;
  try {
    data = JSON.parse(event.data);
  } catch {
    return;  // cut off by the end of the connection
  }
  failures = 0;
  link.heard = Date.now() / 1000;
  const back = link.stream !== "open";
  link.stream = "open";
  if (data.state) learn(data.state);
  if (kind === "heartbeat") link.skew = data.time - link.heard;
  tell("link");
  if (kind === "hello" && back && data.resumed === false)
    tell("reset", data);
  else
    tell(kind, data);
}

/** EventSource gives up for good where the answer is no stream, so the next attempt is our own. */
async function lost() {
  source.close();
  const wait = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)];
  timer = setTimeout(again, wait);
  if (link.stream !== "login") link.stream = "lost";
  tell("link");
}

async function again() {
  try {
    await ask("overview");
  } catch (error) {
    if (error.status === 401) {
      link.stream = "login";
      tell("link");
      return;
    }
    if (error.status !== 503) {
      lost();
      return;
    }
  }
  connect();
  tell("reset", {});
}

/**
 * What to say of the connection: {kind, short, sentence}. kind: loading, live, redis, offline, stale, login.
 */
export function condition(time) {
  const at = Date.now() / 1000;
  if (link.stream === "login") return {kind: "login", short: "Locked", sentence: ""};
  if (link.stream === "lost") {
    return {
      kind: "offline",
      short: "Disconnected",
      sentence: "The dashboard's server does not answer. What you see is of " +
          (link.heard ? time(link.heard) : "no time") + "; the page tries again by itself."
    };
  }
  if (!link.state || link.stream === "opening") return {kind: "loading", short: "Connecting", sentence: ""};
  if (!link.state.connected) {
    const since = link.state.stale_since || link.state.updated;
    return {
      kind: "redis",
      short: "No Redis",
      sentence: "Redis does not answer" + (since ? " since " + time(since) : "") + ", so nothing new comes" +
          (link.state.message ? " (" + link.state.message.replace(/\.$/, "") + ")" : "") +
          ". What you see is of that time; the sensors go on, and keep their alerts."
    };
  }
  if (link.state.loading)
    return {
      kind: "loading",
      short: "Reading",
      sentence: "The server is still reading what Redis holds: what you see is not yet all."
    };
  if (at - link.heard > SILENT_S) {
    return {
      kind: "stale",
      short: "Silent",
      sentence:
          "The server has said nothing since " + time(link.heard + link.skew) + ". What you see may be old."
    };
  }
  return {kind: "live", short: "Live", sentence: ""};
}
