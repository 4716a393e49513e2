// SPDX-License-Identifier: Apache-2.0
// What is shown stands in the address behind the #, so that a link shows another person the same:
// #/incidents?coin=XMR&sort=-cost_hour, #/incident/edge1/0422841d71dcdc48.

export function readRoute(hash) {
  const text = hash.replace(/^#\/?/, "");
  const mark = text.indexOf("?");
  const path = (mark < 0 ? text : text.slice(0, mark)).split("/").map(decode).filter((part) => part !== "");
  return {
    view: path[0] || "overview",
    path: path.slice(1),
    query: new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1))
  };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** link("incident", ["edge1", "0a"], {tab: "x"}); empty values are left out. */
export function link(view, path = [], query = {}) {
  const words = new URLSearchParams(
      Object.entries(query).filter(([, value]) => value !== "" && value !== undefined && value !== null));
  const tail = words.toString();
  return "#/" + [view, ...path].map(encodeURIComponent).join("/") + (tail ? "?" + tail : "");
}
