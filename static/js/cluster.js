// Charts of the cluster page: drawn by Plotly from the page's own JSON, zoomed and pointed at together.

import { events, layout, limits, palette, shapes, traces } from "./clusterdrawing.js";

const drawn = new Set(); // plot elements
let answer = null; // the newest JSON
let range = null; // [from, until] in view, or null for the whole
let busy = false;

function draw(element, data) {
  const colours = palette();
  const own = element.dataset.inline ? JSON.parse(element.dataset.inline) : null;
  const names = element.dataset.names ? JSON.parse(element.dataset.names) : {};
  const wanted = (element.dataset.series || "").split(" ");
  const list = own || wanted.flatMap((pair) => data.series.filter((one) => `${one.metric}:${one.statistic}` === pair && one.points.length));
  const from = element.dataset.from || data.start, until = element.dataset.until || data.end;
  const lines = traces(list, colours, names);
  if (element.dataset.chart === "capacity") lines.push(...limits(data, colours));
  if (data) lines.push(events(data, colours));
  const size = { names: lines.filter((one) => one.showlegend !== false).length, width: element.clientWidth, range };
  const look = layout(colours, from, until, element.dataset.unit, shapes(data, colours, until), size);
  Plotly.react(element, lines, look, { displayModeBar: false, responsive: true, doubleClick: false });
  if (!drawn.has(element)) listen(element);
  drawn.add(element);
  element.dataset.drawn = "";
}

function listen(element) {
  element.on("plotly_relayout", (change) => {
    if (busy) return;
    if (change["xaxis.range[0]"]) zoom([change["xaxis.range[0]"], change["xaxis.range[1]"]]);
    else if (change["xaxis.range"]) zoom(change["xaxis.range"]);
  });
  element.on("plotly_doubleclick", () => zoom(null));
  element.on("plotly_hover", (hover) => {
    if (busy || !hover.xvals) return;
    const at = Date.parse(`${String(hover.xvals[0]).replace(" ", "T")}Z`); // Plotly gives UTC without saying so
    together((other) => other !== element && Plotly.Fx.hover(other, { xval: at, ypx: 40 }, "xy", true));
  });
  element.on("plotly_unhover", () => together((other) => other !== element && Plotly.Fx.unhover(other)));
}

function together(act) {
  if (busy) return;
  busy = true;
  for (const element of drawn) {
    if (element.isConnected) act(element);
    else drawn.delete(element);
  }
  busy = false;
}

function whole() {
  if (answer) return [answer.start, answer.end];
  const [element] = drawn;
  return element ? [element.dataset.from, element.dataset.until] : null;
}

async function zoom(to) {
  range = to;
  const shown = to || whole();
  if (!shown) return;
  busy = true;
  await Promise.all([...drawn].filter((one) => one.isConnected).map((one) => Plotly.relayout(one, { "xaxis.range": shown, "yaxis.autorange": true })));
  busy = false;
  tell(shown);
}

function tell(shown) {
  const words = (text) => new Date(text).toISOString().slice(0, 16).replace("T", " ");
  document.querySelectorAll("[data-zoom-state]").forEach((output) => {
    output.value = range ? `${words(shown[0])} to ${words(shown[1])} UTC` : "";
    output.dataset.range = range ? shown.join(" ") : "";
  });
}

function step(name) {
  const all = whole();
  if (!all) return;
  const [first, last] = all.map((text) => Date.parse(text));
  const [from, until] = (range || all).map((text) => Date.parse(String(text).replace(" ", "T").replace(/(\d)$/, "$1Z").replace("ZZ", "Z")));
  const width = until - from, middle = (from + until) / 2;
  const least = 5 * 60000;
  const moved = {
    in: [middle - Math.max(width / 4, least / 2), middle + Math.max(width / 4, least / 2)],
    out: [middle - width, middle + width],
    earlier: [from - width / 2, until - width / 2],
    later: [from + width / 2, until + width / 2],
  }[name];
  if (!moved || (name === "out" && moved[0] <= first && moved[1] >= last)) return zoom(null);
  const span = moved[1] - moved[0];
  const start = Math.min(Math.max(moved[0], first), Math.max(first, last - span));
  return zoom([start, Math.min(start + span, last)].map((at) => new Date(at).toISOString()));
}

async function load(root) {
  const response = await fetch(root.dataset.url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`status ${response.status}`);
  answer = await response.json();
  document.querySelectorAll("[data-chart]").forEach((element) => draw(element, answer));
  root.dataset.loadedAt = Date.now();
  root.dataset.loads = Number(root.dataset.loads || 0) + 1;
}

// Tabs in the background ask nothing; one that comes back asks at once when its figures are old.
function refresh(root) {
  const every = Number(root.dataset.refreshS) * 1000;
  const due = () => Date.now() - Number(root.dataset.loadedAt || 0) >= every * 0.9;
  const ask = () => {
    if (document.hidden || !due()) return;
    root.dataset.loadedAt = Date.now();
    load(root).catch((error) => { root.dataset.failed = String(error); });
    const now = document.getElementById("now");
    if (now && window.htmx) window.htmx.trigger(now, "refresh");
  };
  setInterval(ask, every / 4);
  document.addEventListener("visibilitychange", ask);
}

// AWS was late and goes on answering in the background: look again soon, a few times.
function lookAgain(root) {
  const times = (history.state && history.state.again) || 0; // a reload keeps it
  if (root.dataset.incomplete === undefined || times >= 5) return;
  history.replaceState({ ...history.state, again: times + 1 }, "");
  setTimeout(() => document.hidden || location.reload(), 3000);
}

function drawInline() {
  document.querySelectorAll("[data-chart][data-inline]:not([data-drawn])").forEach((element) => draw(element, answer));
}

function redraw() {
  together((element) => draw(element, answer));
}

function start() {
  const root = document.querySelector("[data-charts]");
  if (root) {
    root.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => step(button.dataset.zoom)));
    load(root).catch((error) => { root.dataset.failed = String(error); });
    if (root.dataset.live === "yes") refresh(root);
    lookAgain(root);
  }
  drawInline();
  document.addEventListener("htmx:afterSwap", drawInline);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

start();
