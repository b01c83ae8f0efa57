/**
 * What the documents show is what happens: console sessions are run, TypeScript examples are compiled and run, generated
 * tables are fresh, and files, scripts and commands that the text names exist.
 *
 * docs/testing.md says how a document marks its examples, and how to write them anew. Leaves out links (tidy.test.ts).
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { openWorkplace } from "../sim/cli/testing.ts";
import { markTable, oracleTable } from "../sim/oracles/names.ts";
import { everyPlant } from "../sim/plants/plants.ts";
import { readSource, scenarioSource } from "../sim/scenario/read.ts";
import { metricTable } from "../sim/scenario/metric-names.ts";
import { renderTraceLegend } from "../sim/trace/kinds.ts";
import { openTerminal, type Terminal } from "./documents/commands.ts";
import { renderLattice, renderModels, renderPatterns, renderSeparations } from "./documents/consistency-sections.ts";
import {
  type Fence,
  fencesOf,
  generatedSections,
  inlineCode,
  renderMarkdownTable,
  replaceFences,
  replaceGenerated,
} from "./documents/markdown.ts";
import { renderHuntSection } from "./documents/hunt-section.ts";
import { renderRequirementTable } from "./documents/requirement-table.ts";
import { renderResolverTable } from "./documents/resolver-table.ts";
import { bind, type Bindings, bound, compared, exchangesOf, rewritten } from "./documents/session.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const documents = ["README.md", ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).sort()]
  .filter((name) => name.endsWith(".md"))
  .map((name) => (name === "README.md" ? name : `docs/${name}`));
const texts = new Map(documents.map((path) => [path, readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n")]));
const textOf = (path: string): string => texts.get(path) ?? "";

/** Of these an example that is named is a file. */
const fileLanguages = new Set(["js", "yaml", "json", "jsonl", "edn", "csv", "xml", "graphml", "gml"]);
/** Its name, and for a scenario that is not valid on purpose the word for that. */
const isFile = ({ flags }: Fence): boolean => flags.length === 1 || (flags.length === 2 && flags[1] === "refused");

/** Where examples lie while they are tried: inside the checkout, ignored by everything. */
const folder = join(root, ".cache", "documents");
beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const code = (name: string): string => `\`${name}\``;
const sections: Readonly<Record<string, () => string>> = {
  "trace legend": renderTraceLegend,
  properties: () =>
    renderMarkdownTable(
      ["property", "shows", "says"],
      oracleTable.map(({ name, ids, says }) => [code(name), ids.join(", "), says]),
    ),
  marks: () =>
    renderMarkdownTable(
      ["mark", "says"],
      markTable.map(({ name, says }) => [code(name), says]),
    ),
  metrics: () =>
    renderMarkdownTable(
      ["metric", "unit", "says"],
      metricTable.map(({ name, unit, says }) => [code(name), unit, says]),
    ),
  requirements: renderRequirementTable,
  hunt: renderHuntSection,
  resolvers: renderResolverTable,
  lattice: renderLattice,
  models: renderModels,
  "separating histories": renderSeparations,
  "bad patterns": renderPatterns,
  plants: () =>
    renderMarkdownTable(
      ["planted bug", "caught by", "says"],
      everyPlant.map(({ name, catches, says }) => [code(name), catches.map(code).join(", "), says]),
    ),
};

describe("console sessions", () => {
  const terminals: Terminal[] = [];
  afterAll(() => {
    for (const terminal of terminals) terminal.remove();
  });
  const opened = (): Terminal => {
    const terminal = openTerminal();
    terminals.push(terminal);
    return terminal;
  };

  /** What each block of a document would show now, by line; and where that is not what it shows. */
  async function replayed(path: string, text: string): Promise<Replayed> {
    const terminal = opened();
    const differences: string[] = [];
    const bindings: Bindings = new Map();
    const contents = new Map<number, readonly string[]>();
    for (const fence of fencesOf(text)) {
      if (fence.language === "diff") terminal.apply(fence);
      if (fileLanguages.has(fence.language) && isFile(fence)) terminal.save(fence);
      if (fence.language !== "console") continue;
      const anyCounts = fence.flags.includes("any-counts");
      const content: string[] = [];
      for (const { command, lines, shown } of exchangesOf(fence.content)) {
        const real = bound(command, bindings);
        let printed = await terminal.run(real);
        let comparison = compared(shown, printed.lines, anyCounts);
        if (comparison.kind === "different" && !printed.isWhole) {
          printed = await terminal.run(real, "whole");
          comparison = compared(shown, printed.lines, anyCounts);
        }
        if (comparison.kind === "different") {
          differences.push(`${path}:${fence.line}: ${command}: nothing printed fits: ${comparison.shown}`);
        }
        const anew = printed.isWhole ? rewritten(shown, printed.lines) : shown;
        bind(comparison.kind === "same" ? comparison.pairs : zip(shown, anew), bindings);
        content.push(...lines.map((line) => bound(line, bindings)), ...anew);
      }
      contents.set(fence.line, content);
    }
    return { contents: differences.length === 0 ? new Map() : contents, differences };
  }

  test.each(documents)(
    "%s shows what happens",
    async (path) => {
      const text = textOf(path);
      const { contents, differences } = await replayed(path, text);
      const prints = new Map<number, readonly string[]>();
      for (const example of examplesOf(path, text)) {
        const printed = await runExample(example);
        if (example.outputLine !== null) prints.set(example.outputLine, printed);
        else expect.fail(`${path}:${example.line}: no block "text prints" follows the example`);
      }
      const shown = replaceFences(text, ({ line, content }) => contents.get(line) ?? prints.get(line) ?? content);
      await expect(await refreshed(shown), differences.join("\n")).toMatchFileSnapshot(join(root, path));
    },
    180_000,
  );

  test("a session that shows something else is noticed and written anew", async () => {
    const wrong = "```console\n$ npx causeway validate workloads/one-way.yaml\nworkloads/one-way.yaml: valid\n```\n";
    const { contents, differences } = await replayed("x.md", wrong);
    expect(differences).toEqual([expect.stringMatching(/^x\.md:1: npx causeway validate.*one-way\.yaml: valid$/)]);
    const text = replaceFences(wrong, ({ line, content }) => contents.get(line) ?? content);
    expect(text).toContain("one-way.yaml: scenario one-way is valid: 7 cloudlets");
    expect((await replayed("x.md", text)).differences).toEqual([]);
  });

  test("an exit status that is not 0 is shown", async () => {
    const { lines } = await opened().run("npx causeway validate absent.yaml");
    expect(lines).toEqual(["absent.yaml: there is no such file; check the path", "[exit 2]"]);
  });

  test("commands that nobody could try are refused", async () => {
    await expect(opened().run("rm -rf workloads")).rejects.toThrow("cannot run");
  });

  test("a change whose old lines are not there is refused", () => {
    const fence = (content: readonly string[]): Fence => ({
      language: "diff",
      flags: ["workloads/one-way.yaml"],
      line: 1,
      content,
    });
    opened().apply(fence(["-seed: 3", "+seed: 4"]));
    expect(() => {
      opened().apply(fence(["-seed: 4", "+seed: 3"]));
    }).toThrow("does not have these lines");
  });
});

describe("scenarios", () => {
  const problemsOf = (text: string): readonly string[] => {
    const fences = fencesOf(text);
    const tables = fences.filter(({ language }) => language === "csv");
    const attached = Object.fromEntries(tables.map(({ flags, content }) => [flags[0] ?? "", content.join("\n")]));
    return fences.flatMap(({ language, flags, content }) => {
      if (language !== "yaml" || flags.includes("refused") || !content.includes("causeway: 1")) return [];
      const read = readSource(scenarioSource("example", content.join("\n"), attached));
      return read.kind === "invalid" ? read.problems.map(({ message }) => message) : [];
    });
  };

  test("that documents show whole are valid", () => {
    expect(documents.flatMap((path) => problemsOf(textOf(path)))).toEqual([]);
  });

  test("one that is not is noticed", () => {
    expect(problemsOf("```yaml\ncauseway: 1\nnaem: x\n```\n").join("\n")).toContain('unknown key "naem"');
  });
});

describe("TypeScript examples", () => {
  const examples = documents.flatMap((path) => examplesOf(path, textOf(path)));

  test("there are some", () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  test("all of them have the right types, and one that has not is noticed", () => {
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../tsconfig.json", include: ["*.ts"] }));
    for (const { name, code } of examples) writeFileSync(join(folder, name), code);
    writeFileSync(join(folder, "wrong.ts"), 'export const count: number = "none";\n');
    const compiler = join(root, "node_modules/typescript7/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [compiler, "--noEmit", "-p", "."], {
      cwd: folder,
      encoding: "utf8",
    });
    // What is wrong elsewhere in the checkout is for `npm run check` to say.
    const complaints = stdout.split("\n").filter((line) => /^[^ .]/.test(line));
    expect(complaints).toEqual([expect.stringMatching(/^wrong\.ts.*not assignable/)]);
  });

  test("one that prints something else, or breaks, is noticed", async () => {
    const text = '```ts\nconsole.log("new");\n```\n\n```text prints\nold\n```\n\n```ts\nthrow new Error("no");\n```\n';
    const [first, second] = examplesOf("x.md", text) as [Example, Example];
    expect(await runExample(first)).toEqual(["new"]);
    expect(first.outputLine).toBe(5);
    expect(second.outputLine).toBeNull();
    await expect(runExample(second)).rejects.toThrow("no");
  });
});

describe("generated sections", () => {
  test("each is in one document", () => {
    const found = documents.flatMap((path) => generatedSections(textOf(path))).sort();
    expect(found).toEqual(Object.keys(sections).sort());
  });

  test("a stale one is noticed, a fresh one stays", async () => {
    const stale = "<!-- generated: marks -->\n\nold\n\n<!-- end of generated -->\n";
    const fresh = await refreshed(stale);
    expect(fresh).toContain("`tombstone`");
    expect(fresh).not.toContain("old\n");
    expect(await refreshed(fresh)).toBe(fresh);
  });

  test("the table of ground truths has a row for every property, in order", () => {
    const rows = Array.from(textOf("docs/simulator.md").matchAll(/^\| `([a-z-]+)`/gm), (match) => match[1] ?? "");
    const names = oracleTable.map(({ name }) => name as string);
    // The first table is the generated one.
    const second = rows.indexOf("causal-delivery", rows.indexOf("causal-delivery") + 1);
    expect(rows.slice(second, second + names.length)).toEqual(names);
  });
});

describe("what the text names exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const complaints = (path: string, text: string, commands: ReadonlySet<string>): readonly string[] => [
    ...Array.from(text.matchAll(/\bnpm run ([a-z:]+)/g), (match) => match[1] ?? "")
      .filter((name) => scripts[name] === undefined)
      .map((name) => `${path}: there is no script ${name}`),
    ...Array.from(text.matchAll(/\bnpx causeway ([a-z]+)/g), (match) => match[1] ?? "")
      .filter((name) => !commands.has(name))
      .map((name) => `${path}: there is no command ${name}`),
    ...inlineCode(text)
      .filter((code) => /^(?:model|workloads|sim|properties|docs|schema|scripts|\.ci)\/[\w./-]*$/.test(code))
      .filter((file) => !existsSync(join(root, file)))
      .map((file) => `${path}: there is no file ${file}`),
    ...fencesOf(text)
      .filter(({ language, content }) => language === "sh" && content.some((line) => line.includes("npx causeway")))
      .map(({ line }) => `${path}:${line}: commands of causeway stand in \`\`\`console blocks, where they are run`),
  ];
  const commandNames = async (): Promise<ReadonlySet<string>> => {
    const place = openWorkplace();
    const { out } = await place.run("--help");
    place.remove();
    return new Set(Array.from(out.matchAll(/^ {2}([a-z]+) /gm), (match) => match[1] ?? ""));
  };

  test("everywhere", async () => {
    const commands = await commandNames();
    expect(documents.flatMap((path) => complaints(path, textOf(path), commands))).toEqual([]);
  });

  test.each([
    ["npm run chekc", "no script chekc"],
    ["`npx causeway rum x.yaml`", "no command rum"],
    ["`sim/absent.ts`", "no file sim/absent.ts"],
    ["```sh\nnpx causeway run x.yaml\n```", "```console blocks"],
  ])("%j is refused", async (text, complaint) => {
    expect(complaints("x.md", text, await commandNames()).join("\n")).toContain(complaint);
  });
});

function zip<Left, Right>(left: readonly Left[], right: readonly Right[]): readonly (readonly [Left, Right])[] {
  return left.slice(0, right.length).map((one, index) => [one, right[index] as Right] as const);
}

/** What each block of a document would show now, by the line of its fence; empty when all is as shown. */
interface Replayed {
  readonly contents: ReadonlyMap<number, readonly string[]>;
  readonly differences: readonly string[];
}

/** A TypeScript block and the block beneath it that says what it prints. */
interface Example {
  readonly line: number;
  readonly name: string;
  readonly code: string;
  readonly outputLine: number | null;
}

function examplesOf(path: string, text: string): readonly Example[] {
  return fencesOf(text).flatMap(({ language, line, content }, index, all) => {
    if (language !== "ts") return [];
    const next = all[index + 1];
    const outputLine = next?.flags.includes("prints") === true ? next.line : null;
    return [
      { line, name: `${path.replaceAll(/[^a-z]/gi, "-")}-${line}.ts`, code: `${content.join("\n")}\n`, outputLine },
    ];
  });
}

/** Runs an example inside the checkout, where the package's own name resolves. Returns the lines it prints. */
async function runExample({ name, code }: Example): Promise<readonly string[]> {
  writeFileSync(join(folder, name), code);
  const printed: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...words) => void printed.push(words.join(" ")));
  await import(/* @vite-ignore */ join(folder, name)).finally(() => {
    log.mockRestore();
  });
  return printed.join("\n").split("\n");
}

/** The text with its generated sections as the code would have them, laid out as prettier leaves them. */
async function refreshed(text: string): Promise<string> {
  const rendered = new Map<string, string>();
  for (const name of generatedSections(text)) {
    const render = sections[name] ?? (() => `there is no generated section "${name}"\n`);
    rendered.set(name, await format(render(), { parser: "markdown", printWidth: 120 }));
  }
  return replaceGenerated(text, (name) => rendered.get(name) ?? "");
}
