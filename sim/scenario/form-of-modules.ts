// Where a scenario is written to another folder than it was read from: paths of the user's code in it, from there.
//
// Leaves out the rest of the form (form-of.ts).

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { FormPart } from "./form-of-topology.ts";
import type { Scenario } from "./scenario.ts";

/** The form with functions of the user's named by their path from the folder that it is written to, which is absolute. */
export function withModules(form: FormPart, { resolvers }: Scenario, folder: string): FormPart {
  const paths = new Map(resolvers.map(({ name, url }) => [name, fileURLToPath(url)]));
  const scopes = (form["scopes"] as readonly FormPart[]).map((scope) => {
    const resolver = scope["resolver"] as { readonly module?: string; readonly export?: string } | string | undefined;
    if (typeof resolver !== "object") return scope;
    const path = paths.get(`custom:${resolver.module}#${resolver.export}`);
    const module = path === undefined ? resolver.module : `./${relative(folder, path).replaceAll("\\", "/")}`;
    return { ...scope, resolver: { ...resolver, module } };
  });
  return { ...form, scopes };
}
