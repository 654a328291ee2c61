// A page that waits for a sleeping cluster: asks every 2 s whether it is up, counts visibly, reloads when it is.

const EVERY_MS = 2000;

function start(notice) {
  if (notice.dataset.started !== undefined) return;
  notice.dataset.started = "";
  const began = Number(notice.dataset.since) * 1000 || Date.now();
  const seconds = notice.querySelector("[data-seconds]");
  const counting = setInterval(() => {
    if (!notice.isConnected) return stop();
    seconds.value = Math.round((Date.now() - began) / 1000);
  }, 1000);
  const asking = setInterval(ask, EVERY_MS);

  function stop() {
    clearInterval(counting);
    clearInterval(asking);
  }

  async function ask() {
    if (document.hidden) return;
    try {
      const response = await fetch(notice.dataset.poll, { headers: { Accept: "application/json" } });
      const { state } = await response.json();
      if (state === "waking") return;
    } catch {
      return; // The console itself may be restarting: ask again.
    }
    stop();
    location.reload();
  }
}

function startAll() {
  document.querySelectorAll("[data-waking]").forEach(start);
}

startAll();
document.addEventListener("htmx:afterSwap", startAll);
