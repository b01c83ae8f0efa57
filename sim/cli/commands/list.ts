/**
 * `causeway list THING`: the names that scenarios, reports and options may use, each with one sentence.
 *
 * Leaves out the keys of a scenario: those are in docs/scenario.md.
 */
import { Argument, type Command } from "commander";
import { unreachable } from "../../../model/assert.ts";
import { protocolTable } from "../../../model/protocols/protocols.ts";
import { resolverTable } from "../../../model/topology/resolvers.ts";
import { markTable, oracleTable } from "../../oracles/names.ts";
import { plantTable } from "../../plants/plants.ts";
import { metricTable } from "../../scenario/metric-names.ts";
import type { Fault } from "../../scenario/scenario.ts";
import type { Context } from "../command.ts";
import { renderTable } from "../tables.ts";

// One sentence for each kind that there is: the type sees to that.
const faults: Readonly<Record<Fault["kind"], string>> = {
  linkDown: "a link carries nothing, both ways or one way",
  partition: "all links between different groups of cloudlets are down",
  isolate: "all links of one cloudlet are down",
  crash:
    "a process dies, and starts again with what its disk had synced, with a torn end behind that, or with an empty disk",
  lyingFsync: "a disk says that syncs are done which are not: a crash takes what they confirmed",
  bitRot:
    "bits of what a disk holds flip, in entries or in a checkpoint: a start finds it by checksums, and drops that",
  restoreBackup: "a process dies, and starts again with its disk as it was at an earlier moment",
  cloneDisk: "a process dies, and starts again with a copy of another cloudlet's disk",
  clockStep: "a wall clock jumps, forward or back",
};

const things = ["properties", "marks", "faults", "resolvers", "metrics", "plants", "protocols"] as const;

/** Adds the command to the program. */
export function addList(program: Command, context: Context): void {
  program
    .command("list")
    .summary(`list the names of ${things.join(", ")}`)
    .description("Lists the names that scenarios, reports and options may use.")
    .addArgument(new Argument("<thing>", "what to list").choices(things))
    .action((thing: (typeof things)[number]) => {
      context.io.stdout(renderThing(thing));
    });
}

function renderThing(thing: (typeof things)[number]): string {
  switch (thing) {
    case "properties":
      return renderTable(
        ["property", "shows", "says"],
        oracleTable.map(({ name, ids, says }) => [name, ids.join(", "), says]),
      );
    case "marks":
      return renderTable(
        ["mark", "says"],
        markTable.map(({ name, says }) => [name, says]),
      );
    case "faults":
      return renderTable(["fault", "says"], Object.entries(faults));
    case "resolvers":
      return renderTable(
        ["resolver", "says"],
        resolverTable.map(({ name, says }) => [name, says]),
      );
    case "metrics":
      return renderTable(
        ["metric", "unit", "says"],
        metricTable.map(({ name, unit, says }) => [name, unit, says]),
      );
    case "plants":
      return renderTable(
        ["planted bug", "caught by", "says"],
        plantTable.map(({ name, catches, says }) => [name, catches.join(", "), says]),
      );
    case "protocols":
      return renderTable(
        ["protocol", "says"],
        protocolTable.map(({ name, says }) => [name, says]),
      );
    default:
      return unreachable(thing);
  }
}
