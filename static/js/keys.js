// Keyboard first: / jump box, ? help, j k rows, Enter and o open, n p pages, g then a letter goes, t theme.

const GO_WITHIN_MS = 1200;
let goUntil = 0;

const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.checkVisibility());
const current = () => document.activeElement?.closest("[data-row]") ?? null;

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(current());
  const next = here < 0 ? startingRow(all, step) : all[Math.min(all.length - 1, Math.max(0, here + step))];
  next.tabIndex = -1;
  next.focus({ preventScroll: true, focusVisible: true });
  next.scrollIntoView({ block: "nearest" });
}

// Without a current row the walk begins at what is on the screen, not at the far end of the list.
function startingRow(all, step) {
  const seen = all.filter((row) => {
    const box = row.getBoundingClientRect();
    return box.bottom > 60 && box.top < innerHeight - 20;
  });
  const from = seen.length ? seen : all;
  return step > 0 ? from[0] : from[from.length - 1];
}

function fold(row) {
  const details = row?.querySelector("details");
  if (details) details.open = !details.open;
  return Boolean(details);
}

function openRow(row) {
  const link = row.querySelector("a[data-open]") ?? (row.matches("tr, li") ? row.querySelector("a[href]") : null);
  if (link) link.click();
  else fold(row);
}

function follow(selector) {
  const link = document.querySelector(selector);
  if (link) link.click();
  return Boolean(link);
}

function jump() {
  const box = document.querySelector("[data-jump]");
  box?.focus();
  box?.select();
  return Boolean(box);
}

function send(name, detail) {
  document.dispatchEvent(new CustomEvent(`inspector:${name}`, { detail }));
  return true;
}

const KEYS = {
  "/": jump,
  "?": () => send("dialog", "help"),
  j: () => (move(1), true),
  k: () => (move(-1), true),
  o: () => fold(current()),
  n: () => follow("main a[rel~=next]"),
  p: () => follow("main a[rel~=prev]"),
  t: () => send("toggle-theme"),
  g: () => ((goUntil = Date.now() + GO_WITHIN_MS), true),
};

function typing(target) {
  return target.isContentEditable || target.matches("input, select, textarea") || document.querySelector("dialog[open]");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && event.target.matches("input, select, textarea")) return event.target.blur();
  if (typing(event.target)) return;
  if (event.key === "Enter" && event.target.matches("[data-row]")) return openRow(event.target);
  const going = Date.now() < goUntil;
  goUntil = 0;
  const done = going && /^[a-z]$/.test(event.key) ? follow(`a[data-go="${event.key}"]`) : KEYS[event.key]?.();
  if (done) event.preventDefault();
});
