// Short stories with real replicas, for named tests: a topology in a few words, commands as in transcripts, and what the
// last command says. A planted bug may be given, to see the story go wrong. Leaves out expected output in files
// (model/replication/testdata).

import type { Rules } from "../model/replication/rules.ts";
import { Cluster } from "../model/testing/cluster.ts";
import { parseCommand } from "../model/testing/transcript.ts";

/** Carries out commands in order and gives the lines that the last one says. */
export type Tell = (...commands: readonly string[]) => readonly string[];

/**
 * A cluster of that topology, nothing connected yet. `retain`: how many records logs retain; left out: the default.
 *
 * @throws Error when a command is not understood
 */
export function stage(topology: readonly string[], plant?: () => Partial<Rules>, retain?: number): Tell {
  const cluster = new Cluster(plant);
  const carryOut = (line: string, input: readonly string[] = []): string => {
    const said = cluster.handle(parseCommand(line, input));
    if (said.startsWith("mistake")) throw new Error(`${line}: ${said}`);
    return said;
  };
  carryOut(retain === undefined ? "topology" : `topology retain=${retain}`, topology);
  return (...commands) => {
    let said = "";
    for (const command of commands) said = carryOut(command);
    return said.split("\n");
  };
}
