// Where a row of links is wider than the screen, the one that is current is brought into view; the page stays where it is.

for (const link of document.querySelectorAll(".nav [aria-current], .tabs [aria-current]")) {
  let row = link.parentElement;
  while (row && row.scrollWidth <= row.clientWidth + 1) row = row.parentElement;
  if (!row || row === document.documentElement || row === document.body) continue;
  const [here, around] = [link.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += here.left - around.left - (around.width - here.width) / 2;
}
