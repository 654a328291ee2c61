// Says of what a page asks for by itself (polls, later parts) that no person did: that keeps nothing open.

document.addEventListener("htmx:configRequest", (event) => {
  const { triggeringEvent, headers } = event.detail;
  const acted = triggeringEvent?.isTrusted || navigator.userActivation?.isActive;
  if (!acted) headers["Inspector-By-Itself"] = "1";
});
