/**
 * Links as a scenario writes them, expanded to a list: one for each control edge and for each pair that a family joins, changed by those of
 * the list that join the same ends, and the others of the list. Leaves out who is above whom (expand-topology.ts).
 */
import type { CloudletSpec, LinkDirectionSpec, LinkSpec } from "../../model/topology/spec.ts";
import { bytes, type Duration, micros } from "../../model/units.ts";
import { type LinkContacts, resolveContacts } from "./contacts.ts";
import type { OfFamily } from "./expand-family.ts";
import type { FormPath } from "./problem.ts";
import { checkedQuantity, type ProblemList, type SiteNames } from "./resolving.ts";
import type { ScenarioForm } from "./schema.ts";

type LinkProperties = NonNullable<NonNullable<ScenarioForm["links"]>["defaults"]>;

const DELAY_DEFAULT = "5ms";

/** Cloudlets, each with its upper, and what a family says of them. */
export interface Forest {
  readonly cloudlets: CloudletSpec[];
  readonly family: OfFamily;
}

/** Links for the edges that changes make and no link joins yet: all links are there from the beginning. */
export function linkNewEdges(
  form: NonNullable<ScenarioForm["links"]>,
  forests: readonly (readonly CloudletSpec[])[],
  links: LinkSpec[],
  origins: FormPath[],
): void {
  if (form.along === "none") return;
  const joined = new Set(links.flatMap(({ a, b }) => [JSON.stringify([a, b]), JSON.stringify([b, a])]));
  for (const { name, upper } of forests.flat()) {
    if (upper === undefined || joined.has(JSON.stringify([upper, name]))) continue;
    joined.add(JSON.stringify([upper, name])).add(JSON.stringify([name, upper]));
    links.push({ a: upper, b: name, forth: linkDirection(form.defaults ?? {}) });
    origins.push(["links"]);
  }
}

/** What is noted while links are listed: where each is said, and when it is up. */
export interface LinkNotes {
  readonly origins: FormPath[];
  readonly contacts: LinkContacts[];
  readonly problems: ProblemList;
}

/** The links of the tree, changed by those of the list that join the same ends, and the others of the list. */
export function listLinks(
  form: NonNullable<ScenarioForm["links"]>,
  { cloudlets, family }: Forest,
  sites: SiteNames,
  { origins, contacts, problems }: LinkNotes,
): LinkSpec[] {
  const defaults = form.defaults ?? {};
  const links: LinkSpec[] = [];
  const indexOf = new Map<string, number>();
  const ofFamily = new Map<string, LinkContacts>();
  const pairKey = (a: string, b: string): string => JSON.stringify(a < b ? [a, b] : [b, a]);
  if (form.along !== "none") {
    for (const { name, upper } of cloudlets) {
      if (upper === undefined) continue;
      indexOf.set(pairKey(upper, name), links.length);
      links.push({ a: upper, b: name, forth: linkDirection(defaults, family.delayOf(upper, name)) });
      origins.push(["links"]);
    }
    for (const [upper, lower] of family.shortcuts) {
      indexOf.set(pairKey(upper, lower), links.length);
      links.push({ a: upper, b: lower, forth: linkDirection(defaults, family.delayOf(upper, lower)) });
      origins.push(["links"]);
    }
    for (const contact of family.contacts) {
      ofFamily.set(pairKey(contact.a, contact.b), { ...contact, path: ["topology", "family"] });
    }
    for (const { a, b, delay } of family.spares) {
      indexOf.set(pairKey(a, b), links.length);
      links.push({ a, b, forth: linkDirection(defaults, delay) });
      origins.push(["links"]);
    }
  }
  const listed = new Set<string>();
  for (const [index, { between, back, contacts: when, repeat, ...properties }] of (form.list ?? []).entries()) {
    const path = ["links", "list", index, "between"];
    const [a, b] = between;
    const known = [sites.check(a, [...path, 0]), sites.check(b, [...path, 1])];
    if (known.includes(false)) continue;
    const forth = { ...defaults, ...properties };
    const link: LinkSpec = {
      a,
      b,
      forth: linkDirection(forth),
      ...(back !== undefined && { back: linkDirection({ ...forth, ...back }) }),
    };
    const key = pairKey(a, b);
    const ofTree = indexOf.get(key);
    const place = path.slice(0, -1);
    if (when !== undefined) {
      contacts.push({ a, b, ...resolveContacts(when, repeat, place, problems), path: place });
      ofFamily.delete(key);
    } else if (repeat !== undefined) {
      problems.add(
        [...place, "repeat"],
        "expected contacts, which are repeated, found none; list them, or leave it out",
        "key",
      );
    }
    if (listed.has(key)) problems.add(path, `the link ${a} - ${b} is listed twice; keep one entry`);
    listed.add(key);
    if (ofTree !== undefined) {
      links[ofTree] = link;
      origins[ofTree] = place;
    } else {
      links.push(link);
      origins.push(place);
    }
  }
  contacts.push(...ofFamily.values());
  return links;
}

/** One direction's properties, as numbers. What a family knows of its length wins over a delay that is said for all. */
function linkDirection(form: LinkProperties, ofFamily: Duration | null = null): LinkDirectionSpec {
  const { delay = DELAY_DEFAULT, jitter, bandwidth, queue, loss, duplication, reordering, reorderDelay } = form;
  const { corruption } = form;
  const share = (text: string): number => checkedQuantity("share", text);
  const duration = (text: string) => micros(checkedQuantity("duration", text));
  return {
    delay: ofFamily ?? duration(delay),
    ...(jitter !== undefined && { jitter: duration(jitter) }),
    ...(isLimit(bandwidth) && { bandwidth: checkedQuantity("bandwidth", bandwidth) }),
    ...(isLimit(queue) && { queue: bytes(checkedQuantity("size", queue)) }),
    ...(loss !== undefined && { loss: share(loss) }),
    ...(duplication !== undefined && { duplication: share(duplication) }),
    ...(reordering !== undefined && { reordering: share(reordering) }),
    ...(corruption !== undefined && { corruption: share(corruption) }),
    ...(reorderDelay !== undefined && { reorderDelay: duration(reorderDelay) }),
  };
}

function isLimit(text: string | undefined): text is string {
  return text !== undefined && text !== "none";
}
