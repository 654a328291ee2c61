// What Plotly is told to draw for one chart of the cluster page; no state, no events.

const PAPER = { xref: "x", yref: "paper", layer: "below", line: { width: 0 } };

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

export function palette() {
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

export function traces(list, colours, names) {
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

export function events(data, colours) {
  const all = (data && data.events) || [];
  const found = all.length > MANY ? all.filter((one) => !/paus|resum/.test(one.kind)) : all;
  return {
    x: found.map((one) => one.at), y: found.map(() => 1), text: found.map((one) => `${one.kind}: ${one.message}`),
    name: "events", type: "scatter", mode: "markers", yaxis: "y2", showlegend: false, cliponaxis: false,
    hovertemplate: "%{text}<extra></extra>",
    marker: { symbol: "triangle-down", size: 9, color: found.map((one) => colours[/fail|restart/.test(one.kind) ? "danger" : "info"]) },
  };
}

export function shapes(data, colours, until) {
  const bands = ((data && data.pauses) || []).map(([from, to]) => ({
    ...PAPER, type: "rect", x0: from, x1: to || until, y0: 0, y1: 1, fillcolor: colours.paused,
  }));
  return bands;
}

export function limits(data, colours) {
  const cluster = data && data.cluster;
  if (!cluster) return [];
  return [["min_acu", "minimum"], ["max_acu", "maximum"]].filter(([key]) => cluster[key] !== null).map(([key, name]) => ({
    x: [data.start, data.end], y: [cluster[key], cluster[key]], name, type: "scatter", mode: "lines", hoverinfo: "skip",
    line: { width: 1, color: colours.muted, dash: "longdash" },
  }));
}

export function layout(colours, from, until, unit, bands, { names, width, range }) {
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
