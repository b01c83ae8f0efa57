// An outage of a month: 1 000 cloudlets are out of reach of their aggregation layer, which goes on accepting operations for them. Their
// reports become rarer, down to one an hour, and when everybody is back all that waited is carried out. How long that takes here, in
// seconds: the whole of it, and by parts.
//
// `hourly`: one operation an hour for each, under queues that hold them all; the aim is a minute. `tenfold`: ten an hour, under queues of
// 1 000 that refuse the rest; the aim is three minutes.
//
// The log of the aggregation layer retains what somebody who is away for a day may want; those of the others little: of its reports only
// the last one is of use to whoever comes back, and is told in a cut.

import type { Benchmark, BenchmarkOptions, Sample } from "../../sim/bench/benchmark.ts";
import { wallclockMilliseconds } from "../../sim/cli/wallclock.ts";
import { hub, star, SwiftSite } from "../../sim/operations/swift-site.ts";
import { assert } from "../assert.ts";
import type { CloudletId, OpId, SessionId } from "../ids.ts";
import { bytes, seconds } from "../units.ts";
import { defaultAliveness } from "./aliveness-settings.ts";

const payload = "p".repeat(64);
const hour = seconds(3_600);

interface Outage {
  readonly name: string;
  readonly leaves: number;
  readonly hours: number;
  readonly perHour: number;
  readonly cap: number;
}

function measured({ name, leaves, hours, perHour, cap }: Outage): readonly Sample[] {
  const began = wallclockMilliseconds();
  const site = new SwiftSite(star(leaves), {
    settings: { aliveness: defaultAliveness, caps: { records: cap, bytes: bytes(16_000_000) }, parallel: 16 },
    retain: (cloudlet) => (cloudlet === hub ? 1_024 : 64),
  });
  for (let leaf = 1; leaf <= leaves; leaf += 1) site.setWay(leaf as CloudletId, true);
  site.pass(seconds(60));
  for (let leaf = 1; leaf <= leaves; leaf += 1) site.setWay(leaf as CloudletId, false);
  let asked = 0;
  for (let at = 0; at < hours * perHour; at += 1) {
    for (let leaf = 1; leaf <= leaves; leaf += 1) {
      const request = {
        target: leaf as CloudletId,
        kind: "vm.update",
        object: `vm${at}`,
        actor: "operator",
        payload,
      } as const;
      site.give(hub, { kind: "issue", session: leaf as SessionId, id: asked as OpId, request });
      asked += 1;
    }
    site.pass(hour / perHour);
  }
  const expected = leaves * Math.min(cap, hours * perHour);
  assert(site.accepted === expected, `accepted as far as queues hold: ${site.accepted} of ${expected}`);
  assert(site.accepted + site.refused === asked, "everybody who asks is answered");
  const back = wallclockMilliseconds();
  for (let leaf = 1; leaf <= leaves; leaf += 1) site.setWay(leaf as CloudletId, true);
  site.pass(seconds(60));
  assert(site.done === expected, `every operation ends as done: ${site.done} of ${expected}`);
  const ended = wallclockMilliseconds();
  return [
    { variant: name, value: (ended - began) / 1_000 },
    { variant: `${name}.outage`, value: (back - began) / 1_000 },
    { variant: `${name}.drain`, value: (ended - back) / 1_000 },
  ];
}

/** `npm run bench -- --only directives.outage` */
export const outageBenchmark: Benchmark = {
  name: "directives.outage",
  unit: "s",
  run: ({ small }: BenchmarkOptions): readonly Sample[] => {
    const size = small ? { leaves: 10, hours: 48 } : { leaves: 1_000, hours: 720 };
    return [
      ...measured({ name: "hourly", ...size, perHour: 1, cap: 10_000 }),
      ...measured({ name: "tenfold", ...size, perHour: 10, cap: small ? 100 : 1_000 }),
    ];
  },
};
