// A conversation page: opens at its newest or asked-for message, loads its neighbours on scroll, images on click.

const NEAR = "600px 0px";

// Whole pages of messages come as the fragment this page is made of; only its rows are taken.
async function fetchRows(link, transcript) {
  const response = await fetch(link.href, {
    headers: { "HX-Request": "true", "HX-Target": transcript.id, "HX-Current-URL": location.href },
  });
  if (response.redirected) return location.reload();
  if (!response.ok) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("[data-transcript]");
}

// Rows added above push the rest down: the scroll position moves with them, so nothing jumps.
function keepInPlace(anchor, change) {
  const before = anchor.getBoundingClientRect().top;
  change();
  scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
}

// The day of the first old row is announced by the new rows already.
function dropRepeatedDay(first, added) {
  const days = added.querySelectorAll("[data-day]");
  const last = days[days.length - 1];
  if (first?.matches("[data-day]") && last?.dataset.day === first.dataset.day) first.remove();
}

function insert(link, page, older) {
  const transcript = link.closest("[data-transcript]");
  const more = page.querySelector(older ? "[data-older]" : "[data-newer]");
  page.querySelectorAll("[data-older], [data-newer]").forEach((extra) => extra !== more && extra.remove());
  const fragment = document.createDocumentFragment();
  fragment.append(...page.childNodes);
  const edge = older ? link.nextElementSibling : link.previousElementSibling;
  const anchor = transcript.querySelector("[data-row]") ?? transcript;
  const focused = document.activeElement === link;
  const change = () => {
    if (older) dropRepeatedDay(edge, fragment);
    else dropRepeatedDay(fragment.querySelector("[data-day]"), transcript);
    link.replaceWith(fragment);
  };
  if (older) keepInPlace(anchor, change);
  else change();
  if (focused) more?.focus({ preventScroll: true });
  globalThis.htmx?.process(transcript);
  if (more) watch(more);
}

async function load(link, older) {
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  link.textContent = "Loading …";
  try {
    const page = await fetchRows(link, link.closest("[data-transcript]"));
    if (page) insert(link, page, older);
  } catch {
    link.textContent = "These messages could not be loaded. Try again";
  } finally {
    link.ariaBusy = "false";
  }
}

const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      load(entry.target, entry.target.matches("[data-older]"));
    }
  },
  { rootMargin: NEAR },
);

// Nothing is read from Letta before the reader has moved: opening a page shows one page.
function watch(link) {
  addEventListener("scroll", () => near.observe(link), { once: true, passive: true });
}

function place(transcript) {
  const asked = transcript.querySelector("[data-at]") ?? document.querySelector(".turn:target");
  const [navigation] = performance.getEntriesByType("navigation");
  if (!asked && navigation?.type === "back_forward") return;
  if (asked) {
    asked.scrollIntoView({ block: "center", behavior: "instant" });
    asked.tabIndex = -1;
    asked.focus({ preventScroll: true });
  } else if (transcript.dataset.newest !== undefined) {
    scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
  }
}

// What calls did to memory comes after the rows: whoever reads keeps the line they are at.
const atEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
let held = null;

function hold(event) {
  const transcript = event.target.closest?.("[data-transcript]");
  if (!transcript || held) return;
  const first = [...transcript.querySelectorAll("[data-row]")].find((row) => row.getBoundingClientRect().bottom > 60);
  held = { end: atEnd() && scrollY > 0, row: first, top: first?.getBoundingClientRect().top };
  queueMicrotask(release);
}

function release() {
  const { end, row, top } = held;
  held = null;
  if (end) scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
  else if (row) scrollBy({ top: row.getBoundingClientRect().top - top, behavior: "instant" });
}

document.addEventListener("htmx:oobBeforeSwap", hold);

function showImage(button) {
  const image = new Image();
  image.className = "image-shown";
  image.alt = button.dataset.alt ?? "Image from the conversation";
  image.addEventListener("error", () => image.replaceWith("This image could not be shown."));
  image.src = button.dataset.src;
  button.replaceWith(image);
}

function start(transcript) {
  if (transcript.dataset.started !== undefined) return;
  transcript.dataset.started = "";
  place(transcript);
  requestAnimationFrame(() => transcript.querySelectorAll("[data-older], [data-newer]").forEach(watch));
}

document.addEventListener("click", (event) => {
  const image = event.target.closest("[data-src]");
  if (image) return showImage(image);
  const link = event.target.closest("[data-older], [data-newer]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  load(link, link.matches("[data-older]"));
});

const startAll = () => document.querySelectorAll("[data-transcript]").forEach(start);
startAll();
document.addEventListener("htmx:afterSwap", startAll);
