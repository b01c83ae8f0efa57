/** The look of a space-time picture, in the reader's choice of light or dark. It stands in the picture itself, which needs nothing beside it. */
import { readFileSync } from "node:fs";

/** The style sheet; with the colours of marks where cloudlets are watched. */
export function pictureStyle(isWatched: boolean): string {
  return isWatched ? `${style}${markStyle()}` : style;
}

let markRules = "";

// The same as on the page of a run; names of this picture's colours stand for those of the page.
function markStyle(): string {
  if (markRules === "") markRules = readFileSync(new URL("../report/marks.css", import.meta.url), "utf8");
  return `.space-time{--soft:var(--faint);--rule:var(--lane);print-color-adjust:exact}${markRules}${watchedStyle}`;
}

const watchedStyle = `
.of-mark{font-size:9.5px;fill:var(--ink);stroke:var(--ground);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.said,.confirmed circle{fill:var(--ink);stroke:var(--ground);stroke-width:1.5}.said.clear{fill:var(--ground);stroke:var(--ink)}
`;

const style = `
.space-time{font:12px system-ui,sans-serif;--ink:#1d2733;--faint:#8a97a6;--ground:#fff;--lane:#d3dae2;--records:#4a6178;--past:#1f6feb;--breach:#d1242f;--fault:#f59e0b;--down:#9aa4b0;--box:#eef2f6}
@media(prefers-color-scheme:dark){.space-time{--ink:#dbe3ec;--faint:#7d8a99;--ground:#12181f;--lane:#33404d;--records:#8fa6bd;--past:#58a6ff;--breach:#ff6b6b;--fault:#d29922;--down:#56616d;--box:#1f2a35}}
.ground{fill:var(--ground)}text{fill:var(--ink)}.head{font-size:15px;font-weight:600}.says,.small{font-size:11.5px}.small{fill:var(--faint);font-size:11px}
.name{font-weight:600}.lane{stroke:var(--lane);stroke-width:2}.tick line{stroke:var(--faint)}
.fault{fill:var(--fault);opacity:.09}.fault-bar{fill:var(--fault)}
.request{fill:var(--box);stroke:var(--records);stroke-width:1}.request.past{stroke:var(--past);stroke-width:2}.request.breach{stroke:var(--breach);stroke-width:2.5}
.down{fill:var(--down);opacity:.45}.label{font-size:11px}
.arrow{fill:none;stroke:var(--records);stroke-width:1.2}.arrow.ack,.arrow.hello,.arrow.parts{stroke:var(--faint);stroke-width:.8;opacity:.6}.arrow.hello,.arrow.parts{stroke-dasharray:2 3}.arrow.snapshot{stroke-width:2.4;stroke-dasharray:7 3}
.arrow.lost{stroke:var(--fault)}.arrow.past{stroke:var(--past);stroke-width:2.2;opacity:1}.arrow.breach{stroke:var(--breach);stroke-width:2.6;opacity:1}
.applied circle,.installed rect,.started path{fill:var(--records)}.past circle,.past rect{fill:var(--past)}.breach circle,.breach rect{fill:var(--breach)}
.crashed path{stroke:var(--breach);stroke-width:2.2;fill:none}.clock path,.disk path,.noted path{fill:var(--fault)}.way-up path{stroke:var(--records);stroke-width:2}.way-down path{stroke:var(--fault);stroke-width:2}
.breach-line{stroke:var(--breach);stroke-width:1.2;stroke-dasharray:4 3}.breach-text{fill:var(--breach);font-weight:600}.breach-ring{fill:none;stroke:var(--breach);stroke-width:2.5}
`;
