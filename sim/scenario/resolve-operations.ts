/**
 * Operations, from the form to the scenario: kinds that there are and that the issuer may ask for, targets below him, queues
 * that hold an operation at least, and nothing beside it that a world of operations cannot do.
 *
 * Leaves out what becomes of them (world/operations.ts, oracles/operations.ts).
 */
import { judgeRequest } from "../../model/control/authority.ts";
import { catalogueOf, operationKinds } from "../../model/control/catalogue.ts";
import { operationId, operationText, weightOf } from "../../model/control/operation.ts";
import { healthyPlanes } from "../../model/control/planes.ts";
import type { CloudletId, Incarnation } from "../../model/ids.ts";
import { nearestName } from "../../model/topology/names.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { bytes, instant, micros, type Duration } from "../../model/units.ts";
import {
  objectName,
  payloadOf,
  type KeptObjects,
  type ForgetfulPlane,
  type MissingPlane,
  type OperationIssuer,
  type OperationsSetting,
  type PlaneFailures,
  type PlaneOutage,
  type PlaneStore,
} from "./operations.ts";
import type { FormPath } from "./problem.ts";
import { resolveOneWay } from "./resolve-one-way.ts";
import { checkedQuantity, checkedSpread, type ProblemList, type SiteNames } from "./resolving.ts";
import type { ScenarioForm } from "./schema.ts";

/** What operations are checked against. */
export interface OperationsContext {
  readonly sites: SiteNames;
  readonly spec: TopologySpec;
  /** Null where it was refused: targets are not checked then. */
  readonly topology: Topology | null;
  readonly duration: Duration;
  readonly problems: ProblemList;
}

type Form = NonNullable<ScenarioForm["operations"]>;

const BYTES_DEFAULT = "16MB";
const catalogue = catalogueOf(operationKinds);

/** The section of a form that has it. */
export function resolveOperations(form: ScenarioForm, section: Form, context: OperationsContext): OperationsSetting {
  const { problems, spec } = context;
  if (section.issuers === undefined && form.aliveness === undefined) {
    const why = "nobody asks for operations, and nobody is watched";
    problems.add(["operations", "issuers"], `missing: expected a list: who asks; ${why}`);
  }
  const issuers = (section.issuers ?? []).map((one, index) => issuerOf(one, ["operations", "issuers", index], context));
  checkAfter(issuers, problems);
  checkNeeds(issuers, context);
  const oneWay = resolveOneWay(section, issuers, context);
  if (new Set(issuers.map(({ name }) => name)).size < issuers.length) {
    problems.add(["operations", "issuers"], "expected every issuer by a name of its own, found one twice; rename it");
  }
  const size = section.caps?.bytes ?? BYTES_DEFAULT;
  const caps = { records: section.caps?.records ?? 10_000, bytes: bytes(checkedQuantity("size", size)) };
  const largest = Math.max(0, ...issuers.map((one) => weightOfLargest(one, spec.cloudlets.length)));
  if (caps.bytes < largest) {
    const what = `expected room for one operation at least, found ${size}`;
    problems.add(["operations", "caps", "bytes"], `${what}; an operation takes up to ${largest}B here, so write more`);
  }
  const missing: MissingPlane[] = [];
  const outages: PlaneOutage[] = [];
  const failures: PlaneFailures[] = [];
  const stores: PlaneStore[] = [];
  const forgetful: ForgetfulPlane[] = [];
  for (const [index, one] of (section.planes ?? []).entries()) {
    const path: FormPath = ["operations", "planes", index];
    const cloudlets = context.sites.select(one.at, [...path, "at"]);
    const { plane, fails = [] } = one;
    if (one.state === "none") {
      missing.push(...cloudlets.map((cloudlet) => ({ cloudlet, plane })));
      for (const name of ["fails", "failure", "members", "memory"] as const) {
        if (one[name] === undefined) continue;
        const cannot = { fails: "cannot fail", failure: "cannot fail", members: "lives nowhere", memory: "has none" };
        problems.add([...path, name], `a plane that is not there ${cannot[name]}; leave out ${name}, or state: none`);
      }
      continue;
    }
    if (one.failure !== undefined) {
      const share = checkedQuantity("share", one.failure);
      failures.push(...cloudlets.map((cloudlet) => ({ cloudlet, plane, share })));
    }
    const { members } = one;
    if (members !== undefined) stores.push(...cloudlets.map((cloudlet) => ({ cloudlet, plane, members })));
    if (one.memory === "disk") {
      if ((members ?? 1) > 1) {
        const why = `expected a plane that lives on one member, found ${members ?? 1}, which do not go with one disk`;
        problems.add([...path, "memory"], `${why}; leave out memory, or members`);
      }
      forgetful.push(...cloudlets.map((cloudlet) => ({ cloudlet, plane })));
    }
    for (const [at, time] of fails.entries()) {
      const outage = outageOf(time, [...path, "fails", at], context);
      const most = Math.max(0, ...(time.members ?? []));
      for (const cloudlet of most === 0 ? [] : cloudlets) {
        const store = stores.find((known) => known.cloudlet === cloudlet && known.plane === plane);
        if (most <= (store?.members ?? 1)) continue;
        const found = `expected members of the store of ${cloudlet}, which has ${store?.members ?? 1}, found ${most}`;
        problems.add(
          [...path, "fails", at, "members"],
          `${found}; write members beside plane first, or another number`,
        );
      }
      outages.push(...cloudlets.map((cloudlet) => ({ cloudlet, plane, ...outage })));
    }
  }
  return {
    issuers,
    custody: section.custody ?? "shared",
    caps,
    policy: section.policy ?? "refuse",
    takes: checkedSpread(section.takes ?? "100ms"),
    missing,
    outages,
    failures,
    ...(oneWay.length > 0 && { oneWay }),
    ...(forgetful.length > 0 && { forgetful }),
    ...(stores.length > 0 && { stores }),
    ...(section.kept !== undefined && { kept: keptObjects(section.kept, context) }),
  };
}

// Keys in some scope, that differ from object to object.
function keptObjects(
  forms: NonNullable<Form["kept"]>,
  { topology, spec, problems }: OperationsContext,
): readonly KeptObjects[] {
  const known = [...new Set(operationKinds.map(({ object }) => object))];
  for (const [index, { objects, at }] of forms.entries()) {
    const path: FormPath = ["operations", "kept", index];
    if (!known.includes(objects)) {
      const near = nearestName(objects, known);
      const remedy = near === null ? `there are ${known.join(", ")}` : `did you mean "${near}"?`;
      problems.add([...path, "objects"], `expected a kind of object of the catalogue, found "${objects}"; ${remedy}`);
    }
    if (!at.includes("{object}")) {
      const found = `expected a key with {object} in the place of its name, found ${at}`;
      problems.add([...path, "at"], `${found}; write for example ${objects}s/{cloudlet}/{object}`);
    }
    const sample = at.replaceAll("{cloudlet}", spec.cloudlets[0]?.name ?? "").replaceAll("{object}", "x");
    if (topology !== null && topology.scopeOf(sample) === null) {
      problems.add([...path, "at"], `expected a key in some scope, found ${at}; begin it with a scope's prefix`);
    }
  }
  return forms;
}

function issuerOf(
  form: NonNullable<Form["issuers"]>[number],
  path: FormPath,
  context: OperationsContext,
): OperationIssuer {
  const { sites, problems } = context;
  const issuer: OperationIssuer = {
    name: form.name,
    at: sites.select(form.at, [...path, "at"]),
    targets: form.targets === undefined ? null : sites.select(form.targets, [...path, "targets"]),
    kinds: form.kinds,
    interval: checkedSpread(form.every),
    objects: form.objects ?? 1,
    actor: form.by ?? "operator",
    priorities: form.priorities ?? [form.priority ?? 0],
    payload: bytes(form.payload === undefined ? 0 : checkedQuantity("size", form.payload)),
    expiry: form.expiry === undefined ? null : micros(checkedQuantity("duration", form.expiry)),
    count: form.count ?? null,
    ...(form.needs !== undefined && form.needs > 1 && { needs: form.needs }),
    intrudes: form.intrudes ?? false,
    after: form.after === undefined ? null : { issuer: form.after.issuer, share: shareOf(form.after.share) },
    takesBack:
      form.takesBack === undefined
        ? null
        : { share: shareOf(form.takesBack.share), after: micros(checkedQuantity("duration", form.takesBack.after)) },
  };
  if (form.priority !== undefined && form.priorities !== undefined) {
    problems.add([...path, "priorities"], "expected either priority or priorities, found both; remove one of the two");
  }
  if (form.priorities?.length === 0) {
    problems.add([...path, "priorities"], "expected at least one priority, found none; leave it out, or write one");
  }
  if (/[\s|]/.test(form.name)) {
    problems.add(
      [...path, "name"],
      "expected a name without blanks and bars, since objects are named after it; rename it",
    );
  }
  if (issuer.interval.kind === "constant" && issuer.interval.value === 0) {
    problems.add([...path, "every"], `expected a time longer than nothing, found ${form.every}; write for example 1s`);
  }
  if (issuer.intrudes) return issuer;
  for (const [index, kind] of form.kinds.entries()) checkKind(kind, issuer, [...path, "kinds", index], problems);
  checkTargets(issuer, path, context);
  return issuer;
}

function shareOf(text: string | undefined): number {
  return text === undefined ? 1_000_000 : checkedQuantity("share", text);
}

// Whoever is to be followed asks at the same places.
function checkAfter(issuers: readonly OperationIssuer[], problems: ProblemList): void {
  const names = issuers.map(({ name }) => name);
  for (const [index, { after, at }] of issuers.entries()) {
    if (after === null) continue;
    const path: FormPath = ["operations", "issuers", index, "after", "issuer"];
    const other = issuers.find(({ name }) => name === after.issuer);
    if (other === undefined) {
      const near = nearestName(after.issuer, names);
      const remedy = near === null ? `there are ${names.slice(0, 6).join(", ")}` : `did you mean "${near}"?`;
      problems.add(path, `expected the name of an issuer, found "${after.issuer}"; ${remedy}`);
      continue;
    }
    if (other.at.some((cloudlet) => at.includes(cloudlet))) continue;
    const what = `expected an issuer who asks where this one does, found "${other.name}", who never does`;
    problems.add(path, `${what}; operations come after others of the same cloudlet: change at of one of the two`);
  }
}

// What nobody ever upgrades would keep them waiting for good.
function checkNeeds(issuers: readonly OperationIssuer[], { topology, problems }: OperationsContext): void {
  if (topology === null) return;
  const upgraded = new Map<string, number>();
  const targetsOf = ({ at, targets }: OperationIssuer): readonly string[] =>
    targets ??
    at.flatMap((name) => {
      const self = topology.cloudletNamed(name);
      const below = self === null ? [] : topology.plans.flatMap((plan) => plan.descendants(self));
      return below.map((cloudlet) => topology.cloudlets[cloudlet]?.name ?? "");
    });
  for (const issuer of issuers) {
    if (!issuer.kinds.some((kind) => catalogue.get(kind)?.verb === "upgrade")) continue;
    const most = issuer.count === null ? Infinity : issuer.count * issuer.at.length;
    for (const name of new Set(targetsOf(issuer))) upgraded.set(name, (upgraded.get(name) ?? 0) + most);
  }
  for (const [index, issuer] of issuers.entries()) {
    const { needs = 1, intrudes } = issuer;
    const old = intrudes ? undefined : targetsOf(issuer).find((name) => 1 + (upgraded.get(name) ?? 0) < needs);
    if (old === undefined) continue;
    const what = `expected a version that ${old} comes to by upgrades, found ${needs}`;
    const remedy = `write another issuer, who asks for cloud.majorUpgrade there ${times(needs - 1)}, or leave needs out`;
    problems.add(["operations", "issuers", index, "needs"], `${what}; ${remedy}`);
  }
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function checkKind(kind: string, { actor }: OperationIssuer, path: FormPath, problems: ProblemList): void {
  const known = catalogue.get(kind);
  if (known === undefined) {
    const names = [...catalogue.keys()];
    const near = nearestName(kind, names);
    const remedy = near === null ? `there are ${names.slice(0, 6).join(", ")}, ...` : `did you mean "${near}"?`;
    problems.add(path, `expected a kind of operation of the catalogue, found "${kind}"; ${remedy}`);
  } else if (!known.issuers.includes(actor)) {
    const who = known.issuers.join(" or ");
    problems.add(path, `expected a kind that a ${actor} may ask for, found ${kind}; write by: ${who}, or another kind`);
  }
}

function checkTargets(
  { at, targets, actor, kinds }: OperationIssuer,
  path: FormPath,
  context: OperationsContext,
): void {
  const { topology, problems } = context;
  if (topology === null) return;
  for (const name of at) {
    const self = topology.cloudletNamed(name);
    if (self === null) continue;
    if (targets === null) {
      if (topology.plans.some((plan) => plan.descendants(self).length > 0)) continue;
      problems.add(
        [...path, "at"],
        `expected cloudlets with others below, found ${name}; name its targets, or leave it out`,
      );
      continue;
    }
    for (const other of targets) {
      const target = topology.cloudletNamed(other);
      if (target === null) continue;
      const [kind] = kinds.filter((one) => catalogue.has(one));
      const request = { target, kind: kind ?? "", object: "any", actor };
      const office = { self, catalogue, planes: healthyPlanes, stateOf: () => "unknown" as const };
      // Who is below under some plan may be asked for under each: it is refused while it is not.
      if (topology.plans.some((plan) => judgeRequest(request, { ...office, topology: plan })?.code !== "notBelow"))
        continue;
      const what = `expected cloudlets below ${name}, or ${name} itself, found ${other}`;
      problems.add([...path, "targets"], `${what}; operations go down only: leave it out, or ask above it`);
      return;
    }
  }
}

function outageOf(
  {
    from,
    until,
    members,
  }: {
    readonly from: string;
    readonly until?: string | undefined;
    readonly members?: readonly number[] | undefined;
  },
  path: FormPath,
  { duration, problems }: OperationsContext,
): Omit<PlaneOutage, "cloudlet" | "plane"> {
  const begin = checkedQuantity("duration", from);
  const end = until === undefined ? null : checkedQuantity("duration", until);
  if (begin >= duration) {
    problems.add(
      [...path, "from"],
      `expected a time before the load ends (duration), found ${from}; make one of them fit`,
    );
  }
  if (end !== null && end <= begin) {
    problems.add(
      [...path, "until"],
      `expected a time after ${from}, when it fails, found ${until ?? ""}; write a later one`,
    );
  }
  return {
    from: instant(begin),
    until: end === null ? null : instant(Math.min(end, duration)),
    ...(members !== undefined && { members: members.map((member) => member - 1) }),
  };
}

// An operation as large as they come, with the room that numbers take after a long run; what it follows on its object adds to it.
function weightOfLargest(issuer: OperationIssuer, cloudletCount: number): number {
  const target = Math.max(0, cloudletCount - 1) as CloudletId;
  const kind = issuer.kinds.reduce((longest, one) => (one.length > longest.length ? one : longest), "");
  const { actor, expiry, after, payload } = issuer;
  return weightOf(
    operationText({
      id: operationId(target, 1 as Incarnation, 1),
      target,
      kind,
      object: objectName(issuer, issuer.objects - 1),
      actor,
      priority: Math.max(...issuer.priorities, 0),
      expiry,
      age: 0 as Duration,
      after: after === null ? [] : [operationId(target, 1 as Incarnation, 1)],
      beside: [],
      knows: null,
      needs: issuer.needs ?? 1,
      payload: payloadOf(payload),
    }),
  );
}
