/**
 * The byte form: which cloudlets know which versions, and whether messages go through their bytes at all.
 *
 * They do where the form says so, and wherever objects would not say the same: versions differ, or links flip bits.
 */
import { isKnown } from "../../model/replication/wire-config.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import type { ProblemList, SiteNames } from "./resolving.ts";
import type { Fault, Scenario, WireSetting } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

/** The byte form of a run. */
export function resolveWire(
  form: ScenarioForm["wire"],
  sites: SiteNames,
  spec: TopologySpec,
  faults: readonly Fault[],
  problems: ProblemList,
): Scenario["wire"] {
  const settings = new Map<string, WireSetting>();
  for (const [index, { at, version, least = 1, writes = version }] of (form?.versions ?? []).entries()) {
    const path = ["wire", "versions", index];
    const known = { least, most: version, writes };
    if (!isKnown(known)) {
      problems.add(
        path,
        `expected least and writes not above version, found version ${version}, least ${least}, writes ${writes}; lower them`,
      );
    }
    for (const cloudlet of sites.select(at, [...path, "at"])) settings.set(cloudlet, { cloudlet, ...known });
  }
  const versions = sites.names.flatMap((name) => settings.get(name) ?? []);
  const why = whyBytes(spec, faults, versions);
  const mustEncode = why !== null;
  if (form?.encode === false && mustEncode) {
    problems.add(["wire", "encode"], `expected true, found false, though ${why}; leave it out`);
  }
  return {
    encodes: form?.encode === true || mustEncode,
    versions,
  };
}

/** Why messages have to go through their bytes, whatever the form says; null where objects say the same. */
export function whyBytes(
  { links }: Pick<TopologySpec, "links">,
  faults: readonly Fault[],
  versions: readonly WireSetting[],
): string | null {
  const isCorrupting =
    links.some(({ forth, back }) => (forth.corruption ?? 0) > 0 || (back?.corruption ?? 0) > 0) ||
    faults.some((fault) => fault.kind === "degrade" && fault.harm.corruption > 0);
  if (isCorrupting) return "links flip bits";
  const isUpgrading = faults.some((fault) => fault.kind === "crash" && fault.version !== undefined);
  return versions.length > 0 || isUpgrading ? "versions differ" : null;
}
