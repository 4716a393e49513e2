// SPDX-License-Identifier: Apache-2.0
// Light, dark, or as the system says. The choice stays in this browser.

const KEY = "geophone.theme";
const ORDER = ["system", "light", "dark"];
const NAMES = {
  system: "as the system",
  light: "light",
  dark: "dark"
};
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  try {
    const value = localStorage.getItem(KEY);
    return ORDER.includes(value) ? value : "system";
  } catch {
    return "system";
  }
}

/** Calls `changed` after each change of colours, as drawings on canvas have to be made again. */
export function startTheme(button, changed) {
  const show = (choice) => {
    const shown = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
    document.documentElement.dataset.theme = shown;
    button.setAttribute("aria-label", "Colours: " + NAMES[choice] + ". Change");
    button.title = "Colours: " + NAMES[choice];
    button.dataset.choice = choice;
    changed();
  };
  button.addEventListener("click", () => {
    const next = ORDER[(ORDER.indexOf(button.dataset.choice) + 1) % ORDER.length];
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // a browser that keeps nothing still shows it until the page is left
    }
    show(next);
  });
  dark.addEventListener("change", () => show(button.dataset.choice));
  show(chosen());
}
