// The slider over an agent's steps: it follows the links that stand beside it, one for each step.

const PAUSE_MS = 180;
let waiting = 0;

const links = (slider) => [...slider.querySelectorAll("li > a")];

// Says which step the knob is at, to those who see it and to those who hear it.
function tell(slider, link) {
  const range = slider.querySelector("input[type=range]");
  slider.querySelector("output").textContent = link.textContent;
  range.setAttribute("aria-valuetext", link.textContent);
  for (const one of links(slider)) one.toggleAttribute("aria-current", one === link);
  link.setAttribute("aria-current", "true");
}

// A knob that is still moving asks for nothing: only the step where it rests is read.
document.addEventListener("input", (event) => {
  const slider = event.target.matches("input[type=range]") && event.target.closest("[data-slider]");
  if (!slider) return;
  const link = links(slider)[Number(event.target.value)];
  if (!link) return;
  tell(slider, link);
  clearTimeout(waiting);
  waiting = setTimeout(() => link.click(), PAUSE_MS);
});

// A link of the list moves the knob.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "moment") return;
  const slider = document.querySelector("[data-slider]");
  const link = event.detail.requestConfig?.elt;
  if (!slider || !slider.contains(link)) return;
  slider.querySelector("input[type=range]").value = String(links(slider).indexOf(link));
  tell(slider, link);
});

function start() {
  const slider = document.querySelector("[data-slider]");
  const link = slider && links(slider)[Number(slider.querySelector("input[type=range]").value)];
  if (link) tell(slider, link);
}
start();
document.addEventListener("htmx:historyRestore", start);
