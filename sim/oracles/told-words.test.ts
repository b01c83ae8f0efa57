// A word that cannot be read takes the place of one that can, and then nothing is said there: marks and their oracle agree on that.
//
//   1. Cloudlet a says that c, below b, is disconnected. b marks it so.
//   2. Cloudlet a is upgraded, and says it once more, in a form that b cannot read. What b had read is gone from its store.

import { expect, test } from "vitest";
import { defaultAliveness } from "../../model/control/aliveness-settings.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { instant, millis, seconds } from "../../model/units.ts";
import { runScenario } from "../run/runner.ts";
import { plainScenario } from "../scenario/plain.ts";

const topology: TopologySpec = {
  cloudlets: [{ name: "a" }, { name: "b", upper: "a" }, { name: "c", upper: "b" }],
  scopes: [{ name: "things", prefix: "things/" }],
  flows: [
    { scope: "things", upper: "a", lower: "b", direction: "both" },
    { scope: "things", upper: "b", lower: "c", direction: "both" },
  ],
  links: [
    { a: "a", b: "b", forth: { delay: millis(5) } },
    { a: "b", b: "c", forth: { delay: millis(5) } },
  ],
};

test.each([
  ["is told of both", null, 0],
  ["cannot read the second word", 2, 1],
])("who %s", (_, version, takenOff) => {
  const word = { by: "a", about: "c", says: "disconnected", detail: "" } as const;
  const said = [1, 5].map((second) => ({ ...word, at: instant(seconds(second)) }));
  const scenario = plainScenario({
    seed: "words",
    topology,
    aliveness: { settings: defaultAliveness, observed: [], confirmations: said },
    wire: { encodes: true, versions: [] },
    faults:
      version === null
        ? []
        : [{ kind: "crash", cloudlet: "a", at: instant(2_000_000), after: seconds(1), disk: "keep", version }],
    duration: seconds(8),
    expectations: {
      always: ["mark-rules"],
      eventually: [],
      sometimes: ["marked-disconnected"],
      violated: [],
      bounds: [],
    },
  });
  let count = 0;
  const { report } = runScenario(scenario, {
    observers: [
      {
        watching(_at, cloudlet, event) {
          if (cloudlet === 1 && event.kind === "marked" && event.from === "disconnected") count += 1;
        },
      },
    ],
  });
  expect([report.unmet, count]).toEqual([[], takenOff]);
});
