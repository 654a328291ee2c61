// Says of what a page asks for by itself (polls, later parts) that no person did: that keeps nothing open.
// A person who turns the wheel, touches, types or points has asked for what loads in that minute.

const PRESENT_MS = 60_000;
let lastInput = -Infinity;

for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  document.addEventListener(kind, (event) => { if (event.isTrusted) lastInput = event.timeStamp; }, { passive: true, capture: true });
}

document.addEventListener("htmx:configRequest", (event) => {
  const { triggeringEvent, headers } = event.detail;
  const acted = triggeringEvent?.isTrusted || performance.now() - lastInput < PRESENT_MS;
  if (!acted) headers["Inspector-By-Itself"] = "1";
});
