/**
 * Import rules: model <- workloads <- sim <- properties, each layer knowing only what is left of it.
 *
 * Tests and benchmarks sit beside their subject and may use everything; nothing may import them.
 */
const beside = String.raw`\.(test|bench)\.ts$`;

/** One layer may not reach the others named. */
const layer = (from, to) => ({
  name: `${from}-not-to-${to.join("-or-")}`,
  severity: "error",
  comment: "imports go one way: model <- workloads <- sim <- properties",
  from: { path: `^${from}/`, pathNot: beside },
  to: { path: `^(${to.join("|")})/` },
});

export default {
  forbidden: [
    layer("model", ["workloads", "sim", "properties", "docs", "scripts"]),
    layer("workloads", ["sim", "properties", "docs", "scripts"]),
    layer("sim", ["properties", "docs", "scripts"]),
    {
      name: "pure-layers-stand-alone",
      severity: "error",
      comment: "model and workloads compute; whatever touches a machine or a package belongs in sim",
      from: { path: "^(model|workloads)/", pathNot: beside },
      to: { pathNot: "^(model|workloads)/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "two files that need each other are one file, or hide a third",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      severity: "error",
      comment: "a file that imports nothing and is imported by nothing is left over",
      from: {
        orphan: true,
        pathNot: [
          String.raw`\.d\.m?ts$`,
          String.raw`/index\.ts$`,
          String.raw`^sim/causeway\.mjs$`,
          String.raw`\.client\.mjs$`,
          `^[^/]+$`,
        ],
      },
      to: {},
    },
    {
      name: "not-to-tests",
      severity: "error",
      comment: "what a test or benchmark shares belongs in a file of its own",
      from: { pathNot: String.raw`^(sim/bench/registry|properties/bench)\.ts$` },
      to: { path: beside },
    },
    {
      name: "unresolvable",
      severity: "error",
      comment: "an import that leads nowhere",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "shipped-code-needs-no-development-tool",
      severity: "error",
      comment: "an installed package has no devDependencies; load such a tool with import() and do without it",
      from: { path: "^(model|workloads|sim)/", pathNot: [beside, "^sim/bench/"] },
      to: { dependencyTypes: ["npm-dev"], dynamic: false, dependencyTypesNot: ["type-only", "npm-peer"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(node_modules|dist)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["causeway-source", "import", "node", "default", "types"],
    },
  },
};
