// Rules of network constraints as the edges of a map: each two groups have one, with what the rules say, and with what the testbed itself has
// where no rule says anything.
//
// A pair that loses everything in some direction is a way that is cut. A tree over one of them would carry nothing, so it becomes no edge; but
// not where the map would come in pieces without it: there one stays for each piece, as the cut that it is.

import { type Duration, micros } from "../../model/units.ts";
import { ALL_LOST } from "./enos-values.ts";
import type { Fidelity } from "./fidelity.ts";
import type { MapEdge, MapWay } from "./map.ts";

/** What one direction between two groups is made to be. */
export interface Rule {
  readonly delay: Duration;
  /** Bits per second. */
  readonly rate: number;
  /** Parts per million. */
  readonly loss: number;
}

/** Between machines of one site, where nothing is made slower: as testbeds describe their own. */
const TESTBED_DELAY = micros(100);

/** `rules`: by place of the source times the number of groups, plus the place of the destination. */
export function edgesOf(
  groups: readonly string[],
  rules: ReadonlyMap<number, Rule>,
  fidelity: Fidelity,
): readonly MapEdge[] {
  const edges: MapEdge[] = [];
  for (let a = 0; a < groups.length; a += 1) {
    for (let b = a + 1; b < groups.length; b += 1) {
      const there = rules.get(a * groups.length + b) ?? null;
      const back = rules.get(b * groups.length + a) ?? null;
      const where = `${groups[a] ?? ""} and ${groups[b] ?? ""}`;
      for (const rule of [there, back])
        if (rule === null)
          fidelity.note(
            "assumed",
            `${TESTBED_DELAY / 1_000} ms of the testbed itself, in a direction without a rule`,
            where,
          );
      edges.push({ a, b, forth: wayOf(there), back: wayOf(back), km: null });
    }
  }
  if (rules.size > 0) {
    fidelity.note(
      "converted",
      "a delay in ms that the sender adds, to microseconds one way: a round trip takes both directions",
    );
    fidelity.note(
      "converted",
      "a rate for each pair of groups in kbit, mbit or gbit, to bits per second of a link of their own",
    );
    fidelity.note("assumed", "the testbed itself adds nothing to the delays of rules");
  }
  return withoutCutWays(groups, edges, fidelity);
}

function wayOf(rule: Rule | null): MapWay {
  if (rule === null) return { delay: TESTBED_DELAY, jitter: null, bandwidth: null, loss: null };
  return { delay: rule.delay, jitter: null, bandwidth: rule.rate, loss: rule.loss };
}

// The edges that stay, in their order.
function withoutCutWays(names: readonly string[], edges: readonly MapEdge[], fidelity: Fidelity): readonly MapEdge[] {
  const group = names.map((_, at) => at);
  const find = (node: number): number => {
    let at = node;
    while (group[at] !== at) {
      group[at] = group[group[at] as number] as number;
      at = group[at] as number;
    }
    return at;
  };
  for (const { a, b } of edges.filter((edge) => !isCut(edge))) group[find(a)] = find(b);
  return edges.filter((edge) => {
    if (!isCut(edge)) return true;
    const { a, b, forth, back } = edge;
    const isBoth = forth.loss === ALL_LOST && (back ?? forth).loss === ALL_LOST;
    const how = isBoth ? "in both directions" : "in one direction";
    const where = `${names[a] ?? ""} and ${names[b] ?? ""}`;
    if (find(a) === find(b)) {
      fidelity.note("dropped", `a pair that loses everything ${how}: it has no link, and others lead around it`, where);
      return false;
    }
    group[find(a)] = find(b);
    fidelity.note("read", `a pair that loses everything ${how}: its link stays, since no others lead around it`, where);
    return true;
  });
}

function isCut({ forth, back }: MapEdge): boolean {
  return forth.loss === ALL_LOST || (back ?? forth).loss === ALL_LOST;
}
