// Toasts, and what a reader sees when a request of htmx fails or the session has ended.

const SHOWN_MS = { "": 1800, danger: 8000 };

function toast({ text, level = "" }) {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const note = document.createElement("p");
  note.className = "toast";
  note.dataset.level = level;
  note.textContent = text;
  region.replaceChildren(note);
  setTimeout(() => note.remove(), SHOWN_MS[level] ?? SHOWN_MS[""]);
}

document.addEventListener("inspector:toast", (event) => toast(event.detail));

document.addEventListener("htmx:sendError", () => {
  toast({ text: "The console could not be reached. Check the network and try again.", level: "danger" });
});

document.addEventListener("htmx:timeout", () => {
  toast({ text: "The answer took too long. Try again, or narrow the filters.", level: "danger" });
});

// A session that ended answers with the sign-in page: open it whole instead of swapping it in.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname.startsWith("/account/login/")) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});
