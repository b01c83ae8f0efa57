// The tables of conflicts that stand when a run is over: those that were left to people, and those that a resolver has settled
// without asking anybody. Leaves out how many there were at any time before, which is a plot.

import { renderMicros, renderNumber } from "../cli/tables.ts";
import { fateTexts, versionText } from "../cli/render-report.ts";
import type { RunReport } from "../run/report.ts";
import { element, escaped, table } from "./markup.ts";

/** Rows of one table; more are counted, and are all in the page's data. */
const ROWS_MAX = 200;

const number = { isNumber: true } as const;

/** Both tables; a sentence in their place where no conflict stands. */
export function renderConflicts({ openSiblings, hiddenLosers }: RunReport): string {
  const open = openSiblings
    .slice(0, ROWS_MAX)
    .map(({ key, scope, since, cloudlets, versions }) => [
      escaped(key),
      escaped(scope),
      renderMicros(since),
      renderNumber(cloudlets),
      list(versions.map((version) => escaped(versionText(version)))),
    ]);
  const hidden = hiddenLosers.slice(0, ROWS_MAX).map(({ key, resolver, cloudlets, versions }) => [
    escaped(key),
    escaped(resolver),
    renderNumber(cloudlets),
    list(
      versions.map((version) => {
        const fate = element(
          "span",
          { class: version.fate === "never-shown" ? "open" : "says" },
          fateTexts[version.fate],
        );
        return `${escaped(versionText(version))}: ${fate}`;
      }),
    ),
  ]);
  if (open.length + hidden.length === 0) return element("p", { class: "nothing" }, "None.");
  const openHead = [
    { title: "key" },
    { title: "scope" },
    { title: "since", ...number },
    { title: "cloudlets", ...number },
    { title: "versions" },
  ];
  const hiddenHead = [
    { title: "key" },
    { title: "resolver" },
    { title: "cloudlets", ...number },
    { title: "versions, and what became of each" },
  ];
  const openCaption = captionOf("Open siblings, left to people", open.length, openSiblings.length);
  const hiddenCaption = captionOf("Hidden losers, settled by a resolver", hidden.length, hiddenLosers.length);
  return [
    open.length === 0 ? "" : element("div", { id: "open-siblings" }, table(openCaption, openHead, open)),
    hidden.length === 0 ? "" : element("div", { id: "hidden-losers" }, table(hiddenCaption, hiddenHead, hidden)),
  ].join("");
}

function list(items: readonly string[]): string {
  return element("ul", { class: "versions" }, ...items.map((item) => element("li", {}, item)));
}

function captionOf(title: string, shown: number, all: number): string {
  return shown === all ? title : `${title}: ${shown} of ${renderNumber(all)}`;
}
