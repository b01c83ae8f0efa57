/**
 * What the form's check found wrong, as problems with a place: the path to the value, and the words of pieces.ts.
 *
 * An entry that fits no variant is explained as the variant it was meant to be, told by its key. Leaves out the wording.
 */
import type * as z from "zod";
import { nearestName } from "../../model/topology/names.ts";
import { describeFound } from "./quantity.ts";
import type { FormPath } from "./problem.ts";
import { isPlainMap } from "./settings.ts";

/** One mistake by path; `at` says whether the key or the value is to be pointed at. */
export interface FormProblem {
  readonly path: FormPath;
  readonly at: "key" | "value";
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** Explains every issue found in `root`. */
export function explainIssues(issues: readonly Issue[], root: unknown): FormProblem[] {
  return issues.flatMap((issue) => explain(issue, issue.path.map(formStep), root));
}

/** @param path the issue's path from the root; issues inside a union have one that begins at the union */
function explain(issue: Issue, path: FormPath, root: unknown): FormProblem[] {
  if (issue.code === "unrecognized_keys") {
    const messages = issue.message.split("\n");
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      at: "key",
      message: messages[index] ?? issue.message,
    }));
  }
  if (issue.code !== "invalid_union") return [{ path, at: "value", message: issue.message }];

  const branches = issue.errors as readonly (readonly Issue[])[];
  const deeper = (branch: readonly Issue[]): FormProblem[] =>
    branch.flatMap((inner) => explain(inner, [...path, ...inner.path.map(formStep)], root));
  const [head = "", rest] = issue.message.split("\n");
  if (rest === undefined) {
    // Alternatives of different type: the one whose type fits has only inner problems.
    const fitting = branches.find((branch) =>
      branch.every((inner) => inner.path.length > 0 || inner.code === "unrecognized_keys"),
    );
    return fitting === undefined ? [{ path, at: "value", message: head }] : deeper(fitting);
  }
  const found = valueAt(root, path);
  if (!isPlainMap(found)) return [{ path, at: "value", message: rest }];
  const verbs = head.split(" ");
  const present = verbs.filter((verb) => Object.hasOwn(found, verb));
  const meant = present.length === 1 ? branches[verbs.indexOf(present[0] ?? "")] : undefined;
  if (meant !== undefined && meant.length > 0) return deeper(meant);
  const expectation = rest.slice(0, rest.lastIndexOf(", found "));
  if (present.length > 1) {
    return [
      {
        path: [...path, present[1] ?? ""],
        at: "key",
        message: `${expectation}, found ${present.join(" and ")}; keep one`,
      },
    ];
  }
  const keys = Object.keys(found);
  const shown = keys.slice(0, 8).map(describeFound).join(", ");
  const misspelt = keys.filter((key) => branches.every((branch) => branch.some((inner) => isUnknownIn(inner, key))));
  const near = misspelt.map((key) => nearestName(key, verbs)).find((verb) => verb !== null) ?? null;
  const remedy = near === null ? "" : `; did you mean "${near}"?`;
  return [
    {
      path,
      at: "value",
      message: `${expectation}, found ${keys.length === 0 ? "an empty map" : `the keys ${shown}`}${remedy}`,
    },
  ];
}

function isUnknownIn(issue: Issue, key: string): boolean {
  return issue.code === "unrecognized_keys" && issue.path.length === 0 && issue.keys.includes(key);
}

function formStep(step: PropertyKey): string | number {
  return typeof step === "number" ? step : String(step);
}

function valueAt(root: unknown, path: FormPath): unknown {
  let here = root;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Readonly<Record<string | number, unknown>>)[step];
  }
  return here;
}
