// What a report's page does when somebody points at a plot: one line through all plots at that moment, and under each what
// its lines say there. Without it the page is complete; it reads the page's own data and nothing else.

const data = JSON.parse(document.getElementById("data").textContent);
const space = "http://www.w3.org/2000/svg";
const pictures = [...document.querySelectorAll("svg[data-plot]")];
const said = new Map(
  [...document.querySelectorAll("output[data-readout]")].map((output) => [output, output.textContent]),
);

for (const picture of pictures) {
  picture.addEventListener("pointermove", (event) => {
    const box = picture.getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * picture.viewBox.baseVal.width;
    const share = (place - data.field.left) / (data.field.right - data.field.left);
    if (share >= 0 && share <= 1) show(share * data.end, place);
    else hide();
  });
  picture.addEventListener("pointerleave", hide);
}

function show(at, place) {
  const slice = Math.min(Math.floor(at / data.width), Math.ceil(data.end / data.width) - 1);
  for (const picture of pictures) {
    const line = picture.querySelector(".cursor") ?? picture.appendChild(document.createElementNS(space, "line"));
    line.setAttribute("class", "cursor");
    line.setAttribute("x1", place);
    line.setAttribute("x2", place);
    line.setAttribute("y1", data.field.top);
    line.setAttribute("y2", picture.dataset.bottom);
  }
  for (const { id, lines, unit } of data.plots) {
    const output = document.querySelector(`output[data-readout="${id}"]`);
    if (output === null) continue;
    const values = lines.flatMap(({ label, values: of }) => {
      const value = of[slice] ?? null;
      return value === null ? [] : [`${label} ${worded(value, unit)}`];
    });
    output.textContent = `${worded(slice * data.width, "microseconds")}: ${values.join(", ") || "nothing"}`;
  }
}

function hide() {
  for (const line of document.querySelectorAll(".cursor")) line.remove();
  for (const [output, text] of said) output.textContent = text;
}

function worded(value, unit) {
  if (unit === "microseconds") {
    if (value >= 1_000_000) return `${round(value / 1_000_000)} s`;
    return value >= 1_000 ? `${round(value / 1_000)} ms` : `${round(value)} us`;
  }
  if (unit !== "bytes per second" && unit !== "bytes") return String(round(value));
  const per = unit === "bytes" ? "" : "/s";
  if (value >= 1_048_576) return `${round(value / 1_048_576)} MiB${per}`;
  return value >= 1_024 ? `${round(value / 1_024)} KiB${per}` : `${round(value)} B${per}`;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
