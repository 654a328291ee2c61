// Opens <dialog> elements by id; closing is the browser's own (Esc, the form inside), plus a click beside it.

function open(id) {
  const dialog = document.getElementById(id);
  for (const menu of document.querySelectorAll(":popover-open")) menu.hidePopover();
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) open(opener.dataset.dialogOpen);
  else if (event.target.matches("dialog.dialog")) event.target.close();
});
document.addEventListener("inspector:dialog", (event) => open(event.detail));
