// A sweep as JUnit XML, which every CI shows: a test per property over all runs, one per expectation of the sweep as a whole, and one per
// run that did not pass.
//
// The form is that of the Ant task, as CI systems read it (suites, suites' counts, cases with `failure` or `error`). Leaves out times:
// they are other ones each time.

import { escaped } from "../../report/markup.ts";
import type { SweepTotals } from "../summary.ts";
import { failureText } from "./interval.ts";

interface Case {
  readonly group: string;
  readonly name: string;
  readonly trouble: { readonly kind: "failure" | "error" | "skipped"; readonly why: string } | null;
}

/** The document. `againOf` is the command that runs the run of a number again. */
export function renderJunit(totals: SweepTotals, againOf: (index: number) => string): string {
  const { manifest, properties, unmet, troubles } = totals;
  const cases: Case[] = [
    ...properties.map(({ name, runsJudged, runsBroken }): Case => {
      const kind = runsJudged === 0 ? "skipped" : runsBroken > 0 ? "failure" : null;
      const why = runsJudged === 0 ? "no run judged it" : failureText(runsBroken, runsJudged);
      return { group: "properties", name, trouble: kind === null ? null : { kind, why } };
    }),
    ...(unmet.length === 0
      ? [{ group: "expectations", name: "all runs together", trouble: null } as const]
      : unmet.map((sentence): Case => ({
          group: "expectations",
          name: sentence,
          trouble: { kind: "failure", why: sentence },
        }))),
    ...troubles.map(({ index, seed, outcome, why }): Case => {
      const kind = outcome === "failed" || outcome === "undecided" ? "failure" : "error";
      return {
        group: "runs",
        name: `run ${index}, seed ${seed}: ${outcome}`,
        trouble: { kind, why: `${why}\nagain: ${againOf(index)}` },
      };
    }),
  ];
  const count = (kind: string): number => cases.filter(({ trouble }) => trouble?.kind === kind).length;
  const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
  const lines = cases.map(({ group, name, trouble }) => {
    const attributes = `classname="${cleaned(`${manifest.name}.${group}`)}" name="${cleaned(name)}"`;
    if (trouble === null) return `    <testcase ${attributes}/>`;
    const [first = ""] = trouble.why.split("\n");
    const inner = `<${trouble.kind} message="${cleaned(first)}">${cleaned(trouble.why)}</${trouble.kind}>`;
    return `    <testcase ${attributes}>${inner}</testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${cleaned(manifest.name)}" ${counts}>`,
    ...lines,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** Escaped, and without what XML 1.0 cannot hold at all. */
function cleaned(text: string): string {
  return escaped(text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu, "\uFFFD"));
}
