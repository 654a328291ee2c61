// Copy buttons ([data-copy] holds the text, [data-copy-from] takes it from its block) and the wrap switch of blocks.

const SHOWN_MS = 1500;

function say(text, level = "") {
  document.dispatchEvent(new CustomEvent("inspector:toast", { detail: { text, level } }));
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    say("The browser did not allow copying. Select the text instead.", "danger");
    return;
  }
  button.dataset.copied = "";
  say("Copied");
  setTimeout(() => delete button.dataset.copied, SHOWN_MS);
}

function textOf(button) {
  if (button.dataset.copy !== undefined) return button.dataset.copy;
  const block = button.closest("[data-code]").querySelector("pre").cloneNode(true);
  // Marks are drawn for characters that cannot be seen: what is copied is the text without both.
  for (const mark of block.querySelectorAll(".mark")) mark.remove();
  return block.textContent;
}

function switchWrap(button) {
  const block = button.closest("[data-code]");
  const wraps = block.toggleAttribute("data-nowrap") === false;
  button.setAttribute("aria-pressed", String(wraps));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (button) {
    event.preventDefault();
    copy(button, textOf(button));
    return;
  }
  const wrap = event.target.closest("[data-wrap]");
  if (wrap) switchWrap(wrap);
});
