/** The house rules of tidy.ts, over every file of the repository, each shown first a file that breaks it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  banComplaints,
  headerComplaints,
  importComplaints,
  importsOf,
  lengthComplaints,
  lineCountMax,
  linkComplaints,
  type SourceFile,
} from "./tidy.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const code = ["model", "workloads", "sim", "properties", "docs", "scripts"].flatMap((folder) =>
  filesUnder(folder, /\.(ts|mjs)$/),
);
const markdown = [...filesAt(".", /\.md$/), ...filesUnder("docs", /\.md$/)];

/** These two write the banned words down, to ban them. */
const mentionsBans = new Set(["properties/tidy.ts", "properties/tidy.test.ts"]);

function filesUnder(folder: string, pattern: RegExp): readonly SourceFile[] {
  return existsSync(join(root, folder)) ? filesAt(folder, pattern, true) : [];
}

function filesAt(folder: string, pattern: RegExp, recursive = false): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: relative(root, file).split(sep).join(posix.sep), text: readFileSync(file, "utf8") }));
}

const source = (path: string, text: string): SourceFile => ({ path, text });

test("the repository's files are found", () => {
  expect(code.length).toBeGreaterThan(20);
  expect(code.map((file) => file.path)).toContain("model/assert.ts");
  expect(markdown.map((file) => file.path)).toContain("README.md");
});

describe("imports go one way", () => {
  test("everywhere", () => {
    expect(code.flatMap(importComplaints)).toEqual([]);
  });

  test.each([
    ["model/x.ts", `import { run } from "../sim/run.ts";`, "model must not import sim/run.ts"],
    ["model/deep/x.ts", `import { a } from "../../workloads/a.ts";`, "model must not import workloads/a.ts"],
    ["model/x.ts", `import type { World } from "causeway-sim/sim";`, "model must not import sim"],
    ["model/x.ts", `import { readFileSync } from "node:fs";`, "model is pure and must not import node:fs"],
    ["workloads/x.ts", `import {\n  parse,\n} from "yaml";`, "workloads is pure and must not import yaml"],
    ["workloads/x.ts", `export * from "../sim/run.ts";`, "workloads must not import sim/run.ts"],
    ["sim/x.ts", `const late = await import("../properties/prop.ts");`, "sim must not import properties/prop.ts"],
    ["sim/x.ts", `import "../scripts/build.mjs";`, "leaves the layers"],
    ["sim/x.ts", `import { a } from "./a";`, "does not name its file"],
  ])("%s with %j is refused", (path, text, complaint) => {
    expect(importComplaints(source(path, text)).join("\n")).toContain(complaint);
  });

  test.each([
    ["properties/x.ts", `import { run } from "../sim/run.ts";`],
    ["sim/x.ts", `import { Worker } from "node:worker_threads";\nimport { Replica } from "../model/index.ts";`],
    ["model/x.test.ts", `import { prop } from "../properties/prop.ts";`],
  ])("%s with %j is allowed", (path, text) => {
    expect(importComplaints(source(path, text))).toEqual([]);
  });

  test("the reader of imports sees every form", () => {
    const text = `import a from "./a.ts";\nimport type { B } from './b.ts';\nimport "./c.ts";\nexport { d } from "./d.ts";\nconst e = import("./e.ts");`;
    expect(importsOf(text)).toEqual(["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts"]);
  });
});

describe("the first lines say what a file is for", () => {
  test("everywhere", () => {
    expect(code.flatMap(headerComplaints)).toEqual([]);
  });

  test.each(["export const a = 1;\n", "\n/** Late, but it is a comment all the same. */\n", "/** Types. */\n", ""])(
    "%j is refused",
    (text) => {
      expect(headerComplaints(source("model/x.ts", text))).toHaveLength(1);
    },
  );

  test.each(["// The event queue: orders by time.\n", "#!/usr/bin/env node\n/** The command of the package. */\n"])(
    "%j is allowed",
    (text) => {
      expect(headerComplaints(source("sim/x.ts", text))).toEqual([]);
    },
  );
});

describe(`a file has at most ${lineCountMax} lines`, () => {
  test("everywhere", () => {
    expect(code.flatMap(lengthComplaints)).toEqual([]);
  });

  test("one line more is refused", () => {
    expect(lengthComplaints(source("sim/x.ts", "a\n".repeat(lineCountMax)))).toEqual([]);
    expect(lengthComplaints(source("sim/x.ts", "a\n".repeat(lineCountMax + 1)))).toHaveLength(1);
  });
});

describe("banned words", () => {
  test("nowhere", () => {
    const checked = code.filter((file) => !mentionsBans.has(file.path) && !file.path.startsWith("scripts/"));
    expect(checked.flatMap(banComplaints)).toEqual([]);
  });

  test.each([
    "// TODO later",
    "/* FIXME */",
    "test.only('x', f)",
    "describe.skip('x', f)",
    "const x = Math.random();",
    "const y = Math.pow(2, 0.5);",
    "const now = Date.now();",
    "const date = new Date();",
    "const t = performance.now();",
    "// @ts-ignore",
    "debugger;",
  ])("%j is refused", (line) => {
    expect(banComplaints(source("sim/x.ts", `// fine\n${line}\n`))).toEqual([expect.stringContaining("sim/x.ts:2:")]);
  });

  test("the one clock is allowed in its one place", () => {
    expect(banComplaints(source("sim/cli/wallclock.ts", "performance.now()"))).toEqual([]);
  });
});

describe("links in the documentation lead somewhere", () => {
  const exists = (path: string): boolean => existsSync(join(root, path));
  const read = (path: string): string => readFileSync(join(root, path), "utf8");

  test("everywhere", () => {
    expect(markdown.flatMap((file) => linkComplaints(file, exists, read))).toEqual([]);
  });

  const page = "# How it works\n\n## `run` and replay\n";
  test.each([
    ["[gone](absent.md)", "there is no docs/absent.md"],
    ["[gone](../model/absent.ts)", "there is no model/absent.ts"],
    ["[gone](page.md#nowhere)", "no such heading"],
    ["[gone](#nowhere)", "no such heading"],
  ])("%s is refused", (text, complaint) => {
    const file = source("docs/x.md", `# Title\n\n${text}\n`);
    const found = linkComplaints(
      file,
      (path) => path === "docs/x.md" || path === "docs/page.md",
      () => page,
    );
    expect(found.join("\n")).toContain(complaint);
  });

  test.each([
    "[page](page.md)",
    "[part](page.md#run-and-replay)",
    "[up](#title)",
    "[web](https://example.org/x)",
    "`a](b)`",
  ])("%s is allowed", (text) => {
    const file = source("docs/x.md", `# Title\n\n${text}\n`);
    const found = linkComplaints(
      file,
      (path) => path === "docs/x.md" || path === "docs/page.md",
      () => page,
    );
    expect(found).toEqual([]);
  });
});

describe("the map in docs/architecture.md shows every folder of the layers", () => {
  /** Folders right below this one of which the map says nothing. */
  function unmapped(map: string, layer: string, folders: readonly string[]): readonly string[] {
    const [, part = ""] = new RegExp(String.raw`^${layer}/ .*\n((?: {2}.*\n)*)`, "m").exec(map) ?? [];
    return folders.filter((folder) => !part.includes(`\n  ${folder}/ `) && !part.startsWith(`  ${folder}/ `));
  }
  const map = readFileSync(join(root, "docs/architecture.md"), "utf8");

  test.each(["model", "workloads", "sim"])("of %s", (layer) => {
    const folders = readdirSync(join(root, layer), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && readdirSync(join(root, layer, entry.name)).length > 0)
      .map(({ name }) => name);
    expect(folders.length).toBeGreaterThan(2);
    expect(unmapped(map, layer, folders)).toEqual([]);
  });

  test("one that is not there is noticed", () => {
    expect(unmapped("sim/  all\n  kernel/  events\nworkloads/  more\n  run/  no\n", "sim", ["kernel", "run"])).toEqual([
      "run",
    ]);
  });
});
