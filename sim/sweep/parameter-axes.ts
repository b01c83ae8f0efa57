// Axes of what may be chosen about members of families: `km: [100, 400]`. Of several families each takes what it has; what none of them has is
// told. Leaves out their sizes and their links (read-sweep.ts).

import {
  type FamilyName,
  type FamilyParameter,
  familyParameterNames,
  familyTable,
} from "../../workloads/topologies/index.ts";
import type { FormPath } from "../scenario/problem.ts";
import type { ProblemList } from "../scenario/resolving.ts";
import { type Axis, readAxis } from "./axes.ts";
import type { ChoiceForm } from "./schema-sweep.ts";

/** What results call the column of a parameter. */
export function columnOfParameter(name: FamilyParameter): string {
  return `topology.${name}`;
}

type ParametersForm = { readonly [Name in FamilyParameter]?: ChoiceForm | undefined };

/** The axes that a family brings, of those that the entry at `path` has. */
export function parameterAxes(
  entry: ParametersForm,
  families: readonly FamilyName[],
  path: FormPath,
  problems: ProblemList,
): (family: FamilyName) => readonly Axis[] {
  const axes = familyParameterNames.flatMap((name) => {
    const choice = entry[name];
    if (choice === undefined) return [];
    const knowing = familyTable.filter(({ takes }) => takes?.includes(name)).map((known) => known.name);
    if (!families.some((family) => knowing.includes(family))) {
      const message = `expected a family that has ${name} (${knowing.join(", ")}), found ${families.join(", ")}`;
      problems.add([...path, name], `${message}; leave it out, or name one`, "key");
    }
    const outcome = readAxis(columnOfParameter(name), choice);
    if (outcome.kind === "axis") return [{ knowing, axis: outcome.axis }];
    problems.add(outcome.at === "value" ? [...path, name] : [...path, name, outcome.at], outcome.why);
    return [];
  });
  return (family) => axes.flatMap(({ knowing, axis }) => (knowing.includes(family) ? [axis] : []));
}
