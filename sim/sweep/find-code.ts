// The code of the user's that a sweep names, by way of its workloads: which files, and what is in them. Nothing of it is run here.
//
// What is in the files decides what is run, so it is part of the plan's fingerprint. Leaves out loading (load-code.ts).

import { createHash } from "node:crypto";
import { MODULE_SIZE_MAX } from "../resolvers/module.ts";
import { nameBeside } from "../scenario/attached.ts";
import type { FileOutcome } from "../scenario/file.ts";
import type { Problem } from "../scenario/problem.ts";
import type { CodeReference } from "../scenario/read.ts";
import type { PlanCode } from "./plan.ts";

/** Where files of a sweep are. */
interface CodeFiles {
  readonly text: (path: string, sizeMax: number) => FileOutcome;
  /** `file:` and the absolute path of a file, by its path from the sweep's own. */
  readonly url: (path: string) => string;
}

/**
 * What these references name.
 *
 * @param workload the path of the text that has them, from the sweep's own file
 */
export function findCode(
  references: readonly CodeReference[],
  workload: string,
  files: CodeFiles,
): { readonly code: readonly PlanCode[]; readonly problems: readonly Problem[] } {
  const code: PlanCode[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const { name, module, export: exported, problem } of references) {
    if (seen.has(name)) continue;
    seen.add(name);
    const path = nameBeside(workload, module);
    const content = files.text(path, MODULE_SIZE_MAX);
    if (content.kind === "refused") {
      problems.push(problem(`${module}: ${content.why}`));
      continue;
    }
    const sha256 = createHash("sha256").update(content.text).digest("hex");
    code.push({ code: { name, url: files.url(path), export: exported, sha256 }, module, problem });
  }
  return { code, problems };
}
