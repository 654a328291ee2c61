// The slider of near-duplicates says what each threshold would show, and shows it when it is let go.

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-threshold]");
  if (!form) return;
  const option = form.querySelector(`option[value="${event.target.value}"]`);
  form.querySelector("output").textContent = option?.dataset.words ?? "";
});

document.addEventListener("change", (event) => event.target.closest("[data-threshold]")?.requestSubmit());
