// Keeps an external key out of the browser's address bar and history, and takes one from behind the "#".

const form = document.querySelector("form[data-find-key]");
const key = new URLSearchParams(location.hash.slice(1)).get("identity");

if (location.search || location.hash) history.replaceState(null, "", location.pathname);

if (form && key) {
  form.elements.identity.value = key;
  form.requestSubmit();
}
