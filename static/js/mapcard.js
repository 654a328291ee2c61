// The card beside a point on which the pointer rests: the beginning of its passage, asked for once.

const REST_MS = 350;
const GAP = 14;
const seen = new Map();
let timer = null;
let wanted = "";

function card() {
  return document.querySelector("[data-card]");
}

export function hideCard() {
  clearTimeout(timer);
  wanted = "";
  const found = card();
  if (found) found.hidden = true;
}

// Only a pointer that stays gets the text: every text shown goes on record.
export function rest(plot, { points, event }) {
  hideCard();
  if (!plot.dataset.glance || event.buttons) return;
  const id = points[0].customdata;
  wanted = id;
  timer = setTimeout(() => show(plot, id, event), REST_MS);
}

async function show(plot, id, event) {
  const answer = seen.get(id) ?? (await ask(plot, id));
  if (answer === null || wanted !== id) return;
  seen.set(id, answer);
  const found = card();
  found.replaceChildren(...new DOMParser().parseFromString(answer, "text/html").body.childNodes);
  found.hidden = false;
  place(found, event);
}

async function ask(plot, id) {
  const address = plot.dataset.glance.replace("PASSAGE", encodeURIComponent(id));
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true", "HX-Target": "glance" } });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

function place(found, { clientX, clientY }) {
  const { width, height } = found.getBoundingClientRect();
  const left = clientX + GAP + width > innerWidth ? clientX - GAP - width : clientX + GAP;
  const top = clientY + GAP + height > innerHeight ? clientY - GAP - height : clientY + GAP;
  found.style.left = `${Math.max(GAP, left)}px`;
  found.style.top = `${Math.max(GAP, top)}px`;
}
