/**
 * The report on one history as a single page that needs nothing beside it: verdicts, then every explanation with its picture.
 *
 * No script at all; every name is escaped. Leaves out the pictures (../report/history/picture.ts).
 */
import { readFileSync } from "node:fs";
import {
  type CheckReport,
  type Explanation,
  type History,
  historyText,
  type ModelName,
  verdictRows,
} from "../../model/consistency/index.ts";
import { drawExplanation } from "../report/history/picture.ts";
import { element, escaped, table } from "../report/markup.ts";
import { judgedVerdict } from "./render.ts";

/** What pictures are drawn from. */
interface Histories {
  readonly history: History;
  /** The part that `report.shrunk` speaks of. */
  readonly part: History | null;
}

/** The page's text. */
export function renderPage(report: CheckReport, { history, part }: Histories, judged: ModelName): string {
  const verdict = judgedVerdict(report, judged);
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  const head = element(
    "head",
    {},
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<link rel="icon" href="data:,">',
    element("title", {}, escaped(`${report.file}: ${judged} ${verdict}`)),
    `<style>\n${readFileSync(new URL("../report/page.css", import.meta.url), "utf8")}</style>`,
  );
  const list = (names: readonly ModelName[]): string => (names.length === 0 ? "none" : names.join(", "));
  const facts = [
    ["judged", judged],
    ["history", historyText(report)],
    ["weakest violated", list(report.weakestViolated)],
    ["strongest satisfied", list(report.strongestSatisfied)],
  ].flatMap(([term = "", text = ""]) => [element("dt", {}, term), element("dd", {}, escaped(text))]);
  const rows = verdictRows(report).map(([model, title, word, because]) => [
    element("code", {}, escaped(model)),
    escaped(title),
    element("span", { class: classOf(word) }, word),
    escaped(because),
  ]);
  const main = element(
    "main",
    {},
    element("p", { class: `verdict ${classOf(verdict)}`, id: "verdict" }, verdict.replace("-", " ")),
    element("h1", {}, escaped(report.file)),
    element("dl", { class: "facts" }, ...facts),
    ...report.notes.map((note) => element("p", { class: "says" }, escaped(note))),
    element("h2", {}, "Models"),
    table(
      "Every model, weaker ones first",
      ["model", "says", "verdict", "because"].map((title) => ({ title })),
      rows,
    ),
    ...(report.shrunk === undefined || part === null
      ? []
      : [
          element("p", {}, `Shrunk to ${report.shrunk.operations} operations:`),
          renderExplanation(part, report.shrunk.explanation, report.explanations.length),
        ]),
    ...report.explanations.map((explanation, at) => renderExplanation(history, explanation, at)),
  );
  return `<!doctype html>\n<html lang="en">\n${head}\n${element("body", {}, main)}\n</html>\n`;
}

function classOf(verdict: string): string {
  if (verdict === "holds") return "good";
  return verdict === "violated" ? "bad" : "open";
}

function renderExplanation(history: History, explanation: Explanation, at: number): string {
  const { models, pattern, says, source, operations, edges, conclusion, remarks } = explanation;
  const item = (text: string): string => element("li", {}, escaped(text));
  return [
    element("h2", { id: `explanation-${at}` }, escaped(`${models.join(", ")}: ${pattern}`)),
    element("p", {}, escaped(says), " ", element("span", { class: "says" }, escaped(`(${source})`))),
    element(
      "div",
      { class: "picture" },
      drawExplanation(history, explanation, { id: `picture-${at}`, isAlone: false }),
    ),
    element("ul", { class: "told" }, ...operations.map(({ text }) => item(text))),
    edges.length === 0 ? "" : element("ol", {}, ...edges.map(({ text }) => item(`${text}.`))),
    element("p", {}, escaped(conclusion)),
    ...remarks.map((remark) => element("p", { class: "says" }, escaped(remark))),
  ].join("");
}
