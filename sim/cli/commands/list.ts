/**
 * `causeway list THING`: the names that scenarios, reports and options may use, each with one sentence.
 *
 * Leaves out the keys of a scenario: those are in docs/scenario.md.
 */
import { Argument, type Command } from "commander";
import { unreachable } from "../../../model/assert.ts";
import { protocolTable } from "../../../model/protocols/protocols.ts";
import { resolverTable } from "../../../model/topology/resolvers.ts";
import { exploredMarks } from "../../explore/names.ts";
import { faultTable } from "../../faults/table.ts";
import { markTable, oracleTable } from "../../oracles/names.ts";
import { leakTable } from "../../plants/leaks.ts";
import { everyPlant } from "../../plants/plants.ts";
import { quirkTable } from "../../quirks/table.ts";
import { metricTable } from "../../scenario/metric-names.ts";
import type { Context } from "../command.ts";
import { familyTable } from "../../../workloads/topologies/index.ts";
import { renderTable } from "../tables.ts";

const things = [
  "properties",
  "marks",
  "faults",
  "quirks",
  "resolvers",
  "metrics",
  "families",
  "plants",
  "leaks",
  "protocols",
  "situations",
] as const;

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
      return renderTable(
        ["fault", "of", "says"],
        faultTable.map(({ name, group, says }) => [name, group, says]),
      );
    case "quirks":
      return renderTable(
        ["quirk", "of", "says"],
        quirkTable.map(({ name, group, says }) => [name, group, says]),
      );
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
    case "families":
      return renderTable(
        ["family", "takes", "imitates", "after"],
        familyTable.map(({ name, takes = [], says, source }) => [name, takes.join(", "), says, source ?? ""]),
      );
    case "plants":
      return renderTable(
        ["planted bug", "caught by", "says"],
        everyPlant.map(({ name, catches, says }) => [name, catches.join(", "), says]),
      );
    case "leaks":
      return renderTable(
        ["planted leak", "says"],
        leakTable.map(({ name, says }) => [name, says]),
      );
    case "protocols":
      return renderTable(
        ["protocol", "says"],
        protocolTable.map(({ name, says }) => [name, says]),
      );
    case "situations":
      return renderTable(
        ["situation", "says"],
        exploredMarks.map(({ name, says }) => [name, says]),
      );
    default:
      return unreachable(thing);
  }
}
