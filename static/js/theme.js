// Light and dark: the server writes data-theme from a cookie, so that no page flashes; this changes both.

const root = document.documentElement;
const YEAR = 31536000;

function shownTheme() {
  return root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function toggle() {
  const next = shownTheme() === "dark" ? "light" : "dark";
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  // Choosing what the system shows anyway means following the system again.
  if (next === system) delete root.dataset.theme;
  else root.dataset.theme = next;
  const value = next === system ? "" : next;
  document.cookie = `inspector_theme=${value}; Path=/; Max-Age=${value ? YEAR : 0}; SameSite=Lax`;
  document.dispatchEvent(new CustomEvent("inspector:theme", { detail: next }));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) toggle();
});
document.addEventListener("inspector:toggle-theme", toggle);
