// The fact on edges of the control tree over which nothing comes back (N12): what is asked for over one needs an expiry, is done, and ends
// for its issuer when its time is over, without claiming that nothing happened.

import type { ControlRules } from "../../model/control/rules.ts";
import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { type Fact, Trial } from "./fact.ts";

const wrongs: readonly { readonly name: string; readonly says: string; readonly rules: Partial<ControlRules> }[] = [
  {
    name: "accepts-without-expiry",
    says: "Operations are accepted without an expiry though nothing comes back from their target.",
    rules: { demandsExpiry: () => false },
  },
  {
    name: "awaits-the-unheard",
    says: "What was given up waits for the word of a target from which nothing comes.",
    rules: { endsUnconfirmed: () => false },
  },
];

/** The fact. */
export const oneWayFact: Fact = {
  name: "operations-one-way",
  says: "Where nothing comes back, operations need an expiry, are done, and end in time, unconfirmed.",
  deviations: wrongs.map(({ name, says }) => ({ name, says })),
  try(deviation) {
    const trial = new Trial();
    const rules = wrongs.find(({ name }) => name === deviation)?.rules;
    for (const custody of ["shared", "distributed"])
      for (const issuer of ["a", "b"]) play(trial, custody, issuer, rules);
    return trial.end();
  },
};

function play(trial: Trial, custody: string, issuer: string, rules: Partial<ControlRules> | undefined): void {
  const cluster = new Cluster(undefined, rules === undefined ? undefined : () => rules);
  const say = (line: string, input: readonly string[] = []): string => cluster.handle({ ...parseCommand(line), input });
  say(`topology operations=yes custody=${custody} oneWay=2`, [
    "cloudlet a",
    "cloudlet b upper=a",
    "cloudlet c upper=b",
  ]);
  for (const line of ["log control", "heal", "stabilize", "cut c->b"]) say(line);
  const bare = `${say(`issue ${issuer} s1 c vm.create vm1`)}\n${say("stabilize")}`;
  trial.expect(bare.includes("needsExpiry"), () => `without an expiry the answer was ${bare}`);
  const asked = `${say(`issue ${issuer} s2 c vm.create vm2 expiry=5s`)}\n${say("stabilize")}`;
  const id = /plane do (\S+): vm.create vm2/.exec(asked)?.[1] ?? "";
  trial.expect(id !== "", () => "what has an expiry was not done");
  say(`executed c ${id} done`);
  const told = say("pass 10s");
  trial.expect(
    told.includes(`tells the end of ${id}: expired (unconfirmed)`),
    () => `in time ${issuer} was told ${told}`,
  );
}
