// SPDX-License-Identifier: Apache-2.0
// Start: shows the view that the address names, what is to say of the connection, and how old what is seen
// is.

import {redrawCharts, destroyCharts} from "./charts.js";
import {element, find, setText} from "./dom.js";
import {condition, connect, link, listen, now} from "./feed.js";
import {ago, time, utc} from "./format.js";
import {refreshTimes} from "./parts.js";
import {readRoute} from "./route.js";
import {startTheme} from "./theme.js";
import * as detail from "./detail.js";
import * as incidents from "./incidents.js";
import * as login from "./login.js";
import * as overview from "./overview.js";
import * as sensors from "./sensors.js";
import * as trends from "./trends.js";

const VIEWS = {
  overview,
  incidents,
  incident: detail,
  trends,
  sensors
};
const TABS = {
  incident: "incidents"
};
let shown = null;  // {name, view}
let told = "";

function show(first) {
  const route = readRoute(location.hash);
  const name = link.stream === "login" ? "login" : VIEWS[route.view] ? route.view : "overview";
  if (shown && shown.name === name && shown.view.change && shown.view.change(route)) return;
  if (shown) shown.view.stop();
  destroyCharts();
  const main = find("main");
  main.replaceChildren();
  for (const tab of document.querySelectorAll("[data-view]")) {
    if (tab.dataset.view === (TABS[name] || name))
      tab.setAttribute("aria-current", "page");
    else
      tab.removeAttribute("aria-current");
  }
  const view = name === "login" ? login.start(main) : VIEWS[name].start(main, route);
  shown = {name, view};
  document.title = view.title + " · geophone";
  if (!first) {
    window.scrollTo(0, 0);
    if (!main.contains(document.activeElement) || main === document.activeElement)
      main.focus({preventScroll: true});
  }
}

/** The mark in the header, the notice below it, and one sentence for screen readers when it changes. */
function showCondition() {
  const is = condition((seconds) => time(seconds, now()));
  const mark = find("live"), notice = find("notice");
  mark.dataset.state = is.kind;
  const age = link.state ? ago(link.heard, Date.now() / 1000) : "";
  setText(find("live-text"), is.short + (is.kind === "live" && age ? " · " + age : ""));
  mark.title = link.state && link.state.updated ?
      "Redis was read last at " + time(link.state.updated, now()) + " (" + utc(link.state.updated) + ")" :
      "";
  notice.hidden = is.sentence === "";
  notice.dataset.kind = is.kind === "offline" || is.kind === "redis" ? "bad" : "warn";
  setText(notice, is.sentence);
  const again = is.kind === "live" && !["", "live", "loading"].includes(told);
  const say = again ? "Connected again" : is.sentence;
  if (told !== is.kind) setText(find("announce"), say);
  if ((told === "login") !== (is.kind === "login")) show(false);
  told = is.kind;
}

function foot(data) {
  setText(find("foot"),
      "geophone " + data.version +
          ". Times are local; UTC stands where you point at them. Costs and hash rates are estimates.");
}

find("main").append(element("p", {class: "unseen"}, "Loading"));
startTheme(find("theme"), redrawCharts);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  find("main").focus();
});
window.addEventListener("hashchange", () => show(false));
listen("overview", foot);
listen("link", showCondition);
setInterval(() => {
  showCondition();
  refreshTimes();
}, 1000);
show(true);
connect();
