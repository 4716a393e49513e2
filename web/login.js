// SPDX-License-Identifier: Apache-2.0
// Where the server wants a token: asks for it, and gets the cookie that the stream of changes needs.

import {element} from "./dom.js";
import {connect, link} from "./feed.js";

export function start(root) {
  const field = element("input", {
    type: "password",
    id: "token",
    name: "token",
    autocomplete: "current-password",
    "aria-describedby": "token-error"
  });
  const error = element("p", {id: "token-error", class: "form-error", role: "alert"});
  const form = element("form", {class: "card login"}, element("h1", {}, "This dashboard is locked"),
      element("p", {class: "soft"},
          "Enter the token that its server was started with. This browser remembers it for 30 days."),
      element("label", {class: "field"}, element("span", {}, "Token"), field), error,
      element("button", {type: "submit", class: "button primary"}, "Unlock"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    try {
      const answer = await fetch("api/v1/login",
          {headers: {Authorization: "Bearer " + field.value.trim()}, credentials: "same-origin"});
      const body = await answer.json().catch(() => ({}));
      if (!answer.ok) {
        error.textContent = body.error || "The server answered with status " + answer.status + ".";
        field.select();
        return;
      }
    } catch {
      error.textContent =
          "The token could not be sent: the server does not answer, or the token has signs that no token has.";
      return;
    }
    link.stream = "opening";
    connect();
  });
  root.append(form);
  field.focus();
  return {title: "Locked", stop() {}};
}
