// The tables of conflicts that stand when a run is over: those that were left to people, and those that a resolver has settled
// without asking anybody; and those that somebody resolved while the run went on. Leaves out how many there were at any time before, which is a plot.

import { renderMicros, renderNumber } from "../cli/tables.ts";
import { fateTexts, versionText } from "../cli/render-report.ts";
import type { RunReport } from "../run/report.ts";
import { element, escaped, table } from "./markup.ts";
import type { Resolution } from "./series.ts";

/** Rows of one table; more are counted, and are all in the page's data. */
const ROWS_MAX = 200;

const number = { isNumber: true } as const;

/** The tables; a sentence in their place where no conflict stands and none was resolved. */
export function renderConflicts({ openSiblings, hiddenLosers }: RunReport, resolutions: readonly Resolution[]): string {
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
  const resolved = resolutions
    .slice(0, ROWS_MAX)
    .map(({ at, key, session, cloudlet, ended, value }) => [
      escaped(key),
      renderMicros(at),
      escaped(`${session} at ${cloudlet}`),
      renderNumber(ended),
      escaped(JSON.stringify(value)),
    ]);
  if (open.length + hidden.length + resolved.length === 0) return element("p", { class: "nothing" }, "None.");
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
  const resolvedHead = [
    { title: "key" },
    { title: "when", ...number },
    { title: "by" },
    { title: "versions ended", ...number },
    { title: "decided for" },
  ];
  const resolvedCaption = captionOf("Resolved by hand", resolved.length, resolutions.length);
  const hiddenCaption = captionOf("Hidden losers, settled by a resolver", hidden.length, hiddenLosers.length);
  return [
    open.length === 0 ? "" : element("div", { id: "open-siblings" }, table(openCaption, openHead, open)),
    hidden.length === 0 ? "" : element("div", { id: "hidden-losers" }, table(hiddenCaption, hiddenHead, hidden)),
    resolved.length === 0 ? "" : element("div", { id: "resolutions" }, table(resolvedCaption, resolvedHead, resolved)),
  ].join("");
}

function list(items: readonly string[]): string {
  return element("ul", { class: "versions" }, ...items.map((item) => element("li", {}, item)));
}

function captionOf(title: string, shown: number, all: number): string {
  return shown === all ? title : `${title}: ${shown} of ${renderNumber(all)}`;
}
