// Charts of the cluster page: drawn by Plotly from the page's own JSON, zoomed and pointed at together.

const PAPER = { xref: "x", yref: "paper", layer: "below", line: { width: 0 } };
const drawn = new Set(); // plot elements
let answer = null; // the newest JSON
let range = null; // [from, until] in view, or null for the whole
let busy = false;


// light-dark() is resolved by the browser only where it is used.
function resolved(name) {
  const probe = document.createElement("span");
  probe.className = `charts__probe charts__probe--${name}`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

const LINES = ["accent", "warn", "ok", "danger", "info", "quiet", "muted", "customer"];

function palette() {
  return Object.fromEntries(["text", "muted", "line", "surface", "paused", ...LINES].map((name) => [name, resolved(name)]));
}

// A hole of more than one period and a half is a gap in the line.
function withGaps(series) {
  const x = [], y = [];
  let before = null;
  for (const [iso, value] of series.points) {
    const at = Date.parse(iso);
    if (before !== null && at - before > series.period * 1500) {
      x.push(new Date(before + series.period * 1000).toISOString());
      y.push(null);
    }
    x.push(iso);
    y.push(value);
    before = at;
  }
  return { x, y };
}

function bars(series, name, colour) {
  return {
    x: series.points.map(([iso]) => iso), y: series.points.map(([, value]) => value), name, type: "bar",
    offset: 0, width: series.period * 1000, marker: { color: colour, line: { width: 0 } },
  };
}

function traces(list, colours, names) {
  return list.map((series, index) => {
    const who = series.instance ? (names[series.instance] || series.instance) : "cluster";
    const several = new Set(list.map((one) => one.metric)).size > 1;
    const name = series.metric === "AgentWork" ? who
      : `${who}, ${several ? `${series.metric} ` : ""}${series.statistic.toLowerCase()}`;
    const dash = { Maximum: "dot", Minimum: "dash" }[list.length > 1 ? series.statistic : ""] || "solid";
    const colour = colours[LINES[index % LINES.length]];
    if (series.metric === "AgentWork") return bars(series, name, colour);
    return {
      ...withGaps(series), name, type: "scatter", connectgaps: false,
      mode: series.points.length > 1 ? "lines" : "markers", line: { width: 1.5, color: colour, dash },
    };
  });
}

// Pauses and resumes are bands already: where they would hide each other only the rest is marked.
const MANY = 60;

function events(data, colours) {
  const all = (data && data.events) || [];
  const found = all.length > MANY ? all.filter((one) => !/paus|resum/.test(one.kind)) : all;
  return {
    x: found.map((one) => one.at), y: found.map(() => 1), text: found.map((one) => `${one.kind}: ${one.message}`),
    name: "events", type: "scatter", mode: "markers", yaxis: "y2", showlegend: false, cliponaxis: false,
    hovertemplate: "%{text}<extra></extra>",
    marker: { symbol: "triangle-down", size: 9, color: found.map((one) => colours[/fail|restart/.test(one.kind) ? "danger" : "info"]) },
  };
}

function shapes(data, colours, until) {
  const bands = ((data && data.pauses) || []).map(([from, to]) => ({
    ...PAPER, type: "rect", x0: from, x1: to || until, y0: 0, y1: 1, fillcolor: colours.paused,
  }));
  return bands;
}

function limits(data, colours) {
  const cluster = data && data.cluster;
  if (!cluster) return [];
  return [["min_acu", "minimum"], ["max_acu", "maximum"]].filter(([key]) => cluster[key] !== null).map(([key, name]) => ({
    x: [data.start, data.end], y: [cluster[key], cluster[key]], name, type: "scatter", mode: "lines", hoverinfo: "skip",
    line: { width: 1, color: colours.muted, dash: "longdash" },
  }));
}

function layout(colours, from, until, unit, bands, { names, width }) {
  const legend = 22 * Math.ceil(names / Math.max(1, Math.floor(width / 170))); // pixels
  const axis = { gridcolor: colours.line, linecolor: colours.line, zeroline: false, automargin: true };
  return {
    height: 230 + legend, margin: { l: 8, r: 12, t: 14, b: legend + 40 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colours.text },
    hovermode: "x unified", hoverlabel: { bgcolor: colours.surface, bordercolor: colours.line, font: { color: colours.text } },
    showlegend: true, legend: { orientation: "h", yref: "container", yanchor: "bottom", y: 0, x: 0, font: { size: 11 } },
    xaxis: { ...axis, type: "date", range: range || [from, until], showspikes: true, spikemode: "across", spikethickness: 1, spikedash: "dot", spikecolor: colours.muted },
    yaxis: { ...axis, rangemode: "tozero", title: { text: unit, font: { size: 11, color: colours.muted } }, exponentformat: "SI" },
    yaxis2: { overlaying: "y", range: [0, 1], visible: false, fixedrange: true },
    shapes: bands, dragmode: "zoom", barmode: "stack", bargap: 0,
  };
}

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
  const size = { names: lines.filter((one) => one.showlegend !== false).length, width: element.clientWidth };
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
    load(root).catch(() => {});
    const now = document.getElementById("now");
    if (now && window.htmx) window.htmx.trigger(now, "refresh");
  };
  setInterval(ask, every / 4);
  document.addEventListener("visibilitychange", ask);
}

// AWS was late and goes on answering in the background: look again soon, a few times.
function lookAgain(root) {
  const key = `inspector-cluster-again ${location.search}`;
  const times = Number(sessionStorage.getItem(key) || 0);
  if (root.dataset.incomplete === undefined || times >= 5) return sessionStorage.removeItem(key);
  sessionStorage.setItem(key, times + 1);
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
