// The map of passages: draws the points that the page's JSON gives, and asks the server what stands behind them.

import { hideCard, rest } from "./mapcard.js";

const plot = document.querySelector("[data-map]");
const SHAPES = { 1: "circle", 2: "square", 3: "diamond", 4: "triangle-up", 5: "triangle-down", 6: "cross", 7: "hexagon", 8: "star", 9: "pentagon", none: "circle-open" };
const SIZE = { normal: 6, lit: 9, dim: 4 };
const BUTTONS = [["lasso2d", "select2d", "zoom2d", "pan2d", "resetScale2d"]];
let drawn = null;

function say(text, level = "") {
  document.dispatchEvent(new CustomEvent("inspector:toast", { detail: { text, level } }));
}

// Colours come from the swatches of the table, so that the stylesheet alone knows them.
function colourOf(category) {
  const swatch = document.querySelector(`[data-category="${category}"] .swatch`);
  const style = getComputedStyle(swatch);
  return swatch.dataset.series === "none" ? style.borderTopColor : style.backgroundColor;
}

function traces(data) {
  const found = data.categories.map((category, number) => ({
    type: "scatter", mode: "markers", hoverinfo: "none", x: [], y: [], customdata: [],
    marker: { size: SIZE.normal, opacity: 0.8, symbol: SHAPES[category.series] || "circle", color: colourOf(number), line: { width: 0 } },
    selected: { marker: { opacity: 1 } }, unselected: { marker: { opacity: 0.15 } },
  }));
  for (const point of data.points) {
    const trace = found[point.category];
    trace.x.push(point.x);
    trace.y.push(point.y);
    trace.customdata.push(point.id);
  }
  return found;
}

function layout() {
  const style = getComputedStyle(document.documentElement);
  const axis = { visible: false, fixedrange: false };
  return {
    autosize: true, showlegend: false, dragmode: "lasso", hovermode: "closest", hoverdistance: 12,
    margin: { l: 8, r: 8, t: 34, b: 8 }, xaxis: axis, yaxis: { ...axis, scaleanchor: "x" },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: style.fontFamily },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: resolved("--muted"), activecolor: resolved("--accent") },
    newselection: { line: { color: resolved("--accent"), width: 1.5, dash: "dot" } },
  };
}

function resolved(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  plot.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

async function draw() {
  const response = await fetch(plot.dataset.points);
  if (!response.ok) throw new Error(String(response.status));
  drawn = await response.json();
  plot.querySelector("[data-wait]")?.remove();
  await Plotly.newPlot(plot, traces(drawn), layout(), { displaylogo: false, displayModeBar: true, responsive: true, modeBarButtons: BUTTONS });
  plot.on("plotly_hover", (event) => rest(plot, event));
  plot.on("plotly_unhover", hideCard);
  plot.on("plotly_relayouting", hideCard);
  plot.on("plotly_click", (event) => open(event));
  plot.on("plotly_selected", (event) => select(event));
  plot.dataset.drawn = drawn.points.length;
}

function open({ points, event }) {
  const address = plot.dataset.passage.replace("PASSAGE", encodeURIComponent(points[0].customdata));
  if (event.ctrlKey || event.metaKey || event.button === 1) window.open(address, "_blank", "noopener");
  else location.assign(address);
}

function select(event) {
  const ids = (event?.points ?? []).map((point) => point.customdata);
  if (ids.length) show(ids);
}

// The form's answer replaces the section of selected passages; every one of them goes on record.
function show(ids) {
  const form = document.querySelector("[data-selection]");
  if (!form) return say("Seeing texts needs the right to see content.");
  const most = Number(plot.dataset.most);
  form.elements.ids.value = ids.slice(0, most).join(" ");
  form.elements.chosen.value = ids.length;
  form.requestSubmit();
  if (ids.length > most) say(`The first ${most} of ${ids.length} points are listed.`);
}

// Lights up the points that `isLit` names and dims the others; null puts all back.
function light(isLit) {
  const looks = plot.data.map((trace, number) => trace.customdata.map((id) => (isLit ? isLit(id, number) : null)));
  const each = (values) => looks.map((look) => look.map((lit) => (lit === null ? values[0] : lit ? values[1] : values[2])));
  Plotly.restyle(plot, { "marker.opacity": each([0.8, 1, 0.12]), "marker.size": each([SIZE.normal, SIZE.lit, SIZE.dim]) });
}

function pressed(button) {
  for (const other of document.querySelectorAll("[data-light]")) other.setAttribute("aria-pressed", String(other === button));
}

async function find(form) {
  const note = form.querySelector("[data-found]");
  const response = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}&format=json`);
  if (!response.ok) return say("This search could not be answered. Try again, or a longer text.", "danger");
  const found = await response.json();
  const ids = new Set(found.ids);
  const here = drawn.points.filter((point) => ids.has(point.id)).length;
  note.textContent = found.message || `${here} lit${found.more ? `, of the first ${found.ids.length} found` : ids.size > here ? `, ${ids.size - here} not on the map` : ""}`;
  pressed(null);
  light((id) => ids.has(id));
}

function repaint() {
  if (!drawn) return;
  Plotly.restyle(plot, { "marker.color": plot.data.map((_, number) => colourOf(number)) });
  Plotly.relayout(plot, { "modebar.color": resolved("--muted"), "modebar.activecolor": resolved("--accent") });
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-find]")) return;
  event.preventDefault();
  find(event.target);
});
document.addEventListener("reset", (event) => {
  if (!event.target.matches("[data-find]")) return;
  event.target.querySelector("[data-found]").textContent = "";
  pressed(null);
  light(null);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-light]");
  if (!button || !drawn) return;
  const again = button.getAttribute("aria-pressed") === "true";
  pressed(again ? null : button);
  light(again ? null : (_, number) => number === Number(button.dataset.light));
});
document.addEventListener("change", (event) => event.target.closest("[data-choices]")?.requestSubmit());
document.addEventListener("inspector:theme", repaint);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

// The bundle is deferred, as this module is: the order of the page is the order of running.
if (plot) draw().catch(() => {
  plot.textContent = "The map could not be drawn. The table below opens the same passages.";
});
