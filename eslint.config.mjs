/**
 * Lint rules: the strict type-aware set, and the bans that keep a run a function of its seed.
 *
 * Leaves out layout (prettier) and the direction of imports (.dependency-cruiser.mjs).
 */
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** The one file that may read the machine's clock. */
const wallclock = "sim/cli/wallclock.ts";

const dice = "draws are not repeatable; take a named stream from the simulator, or an Rng as an argument";
const clock = `the machine's clock is not part of a run; time comes in as an argument (progress and benchmarks: ${wallclock})`;
const power =
  "differs between Node versions; multiply whole numbers, or Math.round(Math.exp(exponent * Math.log(base))) at once";

const syntaxBans = [
  // Constants such as 2 ** 32 are exact everywhere.
  {
    selector: "BinaryExpression[operator='**']:not([left.raw=/^\\d+n?$/][right.raw=/^\\d+n?$/])",
    message: `** ${power}`,
  },
  { selector: "AssignmentExpression[operator='**=']", message: `**= ${power}` },
  { selector: "TSEnumDeclaration", message: "no enum: write a union of string literals" },
  { selector: "ExportDefaultDeclaration", message: "no default export: a name should be the same everywhere" },
  { selector: "TSAnyKeyword", message: "no any: write unknown and narrow it" },
];

const clockBans = [
  { object: "Date", property: "now", message: clock },
  { object: "performance", property: "now", message: clock },
  { object: "process", property: "hrtime", message: clock },
];

const propertyBans = [
  { object: "Math", property: "random", message: dice },
  { object: "Math", property: "pow", message: `Math.pow ${power}` },
];

export default defineConfig(
  globalIgnores(["dist/", "node_modules/", "coverage/", ".cache/"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-ignore": true, "ts-expect-error": "allow-with-description" },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // Flat hot paths read typed arrays whose bounds the loop has already checked.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      eqeqeq: ["error", "always"],
      "no-console": "error",
      "no-restricted-globals": ["error", { name: "Date", message: clock }],
      "no-restricted-properties": ["error", ...propertyBans, ...clockBans],
      "no-restricted-syntax": ["error", ...syntaxBans],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  {
    files: [wallclock],
    rules: {
      "no-restricted-globals": "off",
      "no-restricted-properties": ["error", ...propertyBans],
    },
  },
  {
    // The tools that read these files expect a default export.
    files: ["vitest.config.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
);
