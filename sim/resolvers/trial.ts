// One trial of a user's resolver, in whatever thread: loaded, and held to the laws.
//
// Leaves out what comes after it (load.ts), and an end for what has none: the thread's, which somebody else stops.

import { breachOf } from "./laws.ts";
import { fileText, importResolver, type ResolverRequest } from "./module.ts";

/** What is to be tried, and what goes before everything that is said of it. Plain data: it crosses threads. */
export interface Trial {
  readonly request: ResolverRequest;
  readonly place: string;
}

/** The hash of the file whose function holds to the laws; or why there is none. */
export type Tried =
  { readonly kind: "held"; readonly sha256: string } | { readonly kind: "refused"; readonly why: string };

/** @param now milliseconds of work that do not run backwards, to see that the function is quick enough */
export async function tryResolver({ request, place }: Trial, now: () => number): Promise<Tried> {
  const imported = await importResolver(request, place);
  if (imported.kind === "refused") return imported;
  const breach = breachOf(imported.merge, now);
  if (breach === null) return { kind: "held", sha256: imported.sha256 };
  return { kind: "refused", why: `${fileText(request, place)}${request.export}: ${breach}` };
}
