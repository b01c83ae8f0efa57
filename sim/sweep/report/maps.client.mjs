// Small pictures of maps: choosing one chooses its runs, as the filter of topologies does, and once more all of them.

/** @param columns those of words, as the page has them */
export function listenToMaps(columns) {
  const known = columns.find(({ name }) => name === "topology")?.words ?? [];
  const select = document.querySelector('select[data-filter="topology"]');
  const buttons = [...document.querySelectorAll("button[data-map]")];
  const codeOf = (button) => String(known.indexOf(button.dataset.map));
  for (const button of buttons) {
    // Where there is one map alone its runs are chosen already; where a page holds only some runs, a map may have none in it.
    button.disabled = select === null || codeOf(button) === "-1";
    button.addEventListener("click", () => {
      select.value = select.value === codeOf(button) ? "" : codeOf(button);
      select.dispatchEvent(new Event("change"));
    });
  }
  select?.addEventListener("change", () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(select.value === codeOf(button)));
  });
}
