// Tells the server the reader's time zone, and which zone times are wanted in; both are cookies without content.

const YEAR = 31536000;

function cookie(name) {
  const pair = document.cookie.split("; ").find((text) => text.startsWith(`${name}=`));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : "";
}

function remember(name, value) {
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
if (cookie("inspector_zone") !== zone) remember("inspector_zone", zone);

for (const note of document.querySelectorAll("[data-reader-zone]")) note.textContent = zone;

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-times]");
  if (!choice) return;
  remember("inspector_times", choice.dataset.times);
  location.reload();
});
