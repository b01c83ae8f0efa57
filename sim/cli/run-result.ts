/**
 * What `causeway run --json` prints: the report as one JSON object, and the schema that it promises to keep.
 *
 * Leaves out the table of flows, which is for people; every number of `metrics` is here.
 */
import { marks } from "../../model/control/aliveness.ts";
import * as z from "zod";
import { protocolTable } from "../../model/protocols/protocols.ts";
import { oracleTable } from "../oracles/names.ts";
import { faultHits, type AlivenessReport, type OperationsReport, type RunReport } from "../run/report.ts";
import type { Drawn } from "../scenario/expand-topology.ts";

const propertyResult = z
  .strictObject({
    verdict: z.enum(["holds", "violated", "not-judged"]),
    evidence: z
      .array(z.string())
      .optional()
      .meta({ description: "the first violations in words; present exactly when there are some" }),
  })
  .meta({ description: "one property's verdict" });

type ProtocolWord = (typeof protocolTable)[number]["name"];

const protocolNames = protocolTable.map(({ name }) => name) as [ProtocolWord, ...ProtocolWord[]];

type PropertyName = (typeof oracleTable)[number]["name"];

const propertyNames = oracleTable.map(({ name }) => name) as [PropertyName, ...PropertyName[]];

const siblingVersion = z.strictObject({
  dot: z.string(),
  value: z.string().nullable().meta({ description: "shortened when it is long; null for a deletion" }),
  session: z.string(),
  cloudlet: z.string().meta({ description: "where it was written" }),
  writtenAt: z.int().min(0).meta({ description: "microseconds of true time" }),
});

/** The printed object. */
export const runResultSchema = z
  .strictObject({
    verdict: z.enum(["passed", "failed", "undecided"]).meta({ description: "exit codes 0, 1 and 3" }),
    scenario: z.string(),
    protocol: z.enum(protocolNames).meta({ description: "what ran at every cloudlet" }),
    seed: z.string(),
    drawn: z.record(z.string(), z.string()).meta({ description: "every drawn parameter by its path" }),
    engine: z
      .string()
      .meta({ description: "package version and hash over the sources; digests compare within one engine" }),
    digest: z.string().meta({ description: "of the ordered trace and the end state of all random streams" }),
    steps: z.int().min(0).meta({ description: "events handled" }),
    properties: z.partialRecord(z.enum(propertyNames), propertyResult),
    marks: z.record(z.string(), z.int().min(0)).meta({ description: "how often each interesting case was reached" }),
    metrics: z.record(z.string(), z.number()).meta({ description: "durations in microseconds, sizes in bytes" }),
    links: z
      .array(
        z.strictObject({
          from: z.string(),
          to: z.string(),
          messages: z.int().min(0).meta({ description: "that got onto the wire" }),
          bytes: z.int().min(0).meta({ description: "their encoded size" }),
          redundant: z
            .int()
            .min(0)
            .meta({ description: "bytes of records that had come before to the cloudlet they came to" }),
          dropped: z
            .int()
            .min(0)
            .meta({ description: "messages lost by chance, by a full queue, or on a link that is down" }),
        }),
      )
      .meta({ description: "every direction of every physical link" }),
    cpus: z
      .array(
        z.strictObject({
          cloudlet: z.string(),
          utilisation: z.int().min(0).max(1_000_000).meta({ description: "share of its time, parts per million" }),
          served: z.int().min(0).meta({ description: "inputs" }),
          waitP50: z.int().min(0).meta({ description: "microseconds" }),
          waitP99: z.int().min(0),
          waitMax: z.int().min(0),
          queueMax: z.int().min(0).meta({ description: "the most inputs that waited at once" }),
        }),
      )
      .optional()
      .meta({ description: "processors, by cloudlet; present when the scenario gives them service times" }),
    faults: z
      .strictObject({
        events: z.array(
          z.strictObject({
            kind: z.string().meta({ description: "as scenario files name it; composites as what they are made of" }),
            where: z.string().meta({ description: "a cloudlet, the ends of a link, or groups" }),
            how: z.string().meta({ description: "its other parameters, as scenario files have them" }),
            from: z.int().min(0).meta({ description: "microseconds of true time: when it set in" }),
            until: z.int().min(0).nullable().meta({ description: "when it was over; null: never" }),
            hits: z.array(z.strictObject({ what: z.enum(faultHits), count: z.int().min(1) })),
          }),
        ),
        moreCount: z.int().min(0).meta({ description: "how many more set in" }),
        missedCount: z.int().min(0).meta({ description: "how many never did" }),
      })
      .optional()
      .meta({ description: "what faults did, in the order in which they set in; present when the scenario has some" }),
    absences: z
      .array(
        z.strictObject({
          at: z.int().min(0).meta({ description: "microseconds of true time" }),
          kind: z.enum(["detached", "closed", "refused", "returned", "released"]).meta({
            description:
              "somebody decided so; that was refused; the member has returned; a record became visible without one that is lost",
          }),
          cloudlet: z.string().meta({ description: "where it happened" }),
          member: z.string().meta({ description: "whom it is about" }),
          what: z.string().meta({ description: "in words" }),
        }),
      )
      .optional()
      .meta({
        description: "what became of members that were detached, in order of time; present when there are some",
      }),
    operations: z
      .strictObject({
        kinds: z.array(
          z.strictObject({
            kind: z.string().meta({ description: "a name of the catalogue" }),
            plane: z.enum(["control", "management"]),
            accepted: z.int().min(0),
            refused: z.int().min(0),
            executed: z.int().min(0).meta({ description: "its plane was through with them" }),
            queued: z.int().min(0).meta({ description: "accepted, and their end not told when the load ended" }),
            done: z.int().min(0),
            endedOtherwise: z.int().min(0).meta({ description: "failed, expired, superseded or revoked" }),
            open: z.int().min(0).meta({ description: "accepted and not ended when the run was over" }),
            endP50: z.int().min(0).nullable().meta({ description: "microseconds from asking to being told the end" }),
            endP99: z.int().min(0).nullable(),
          }),
        ),
        queues: z
          .array(
            z.strictObject({
              cloudlet: z.string(),
              records: z.int().min(0).meta({ description: "the most that stood there at once, all targets together" }),
              recordsAt: z.int().min(0).meta({ description: "when, in microseconds" }),
              bytes: z.int().min(0).meta({ description: "the most bytes of their texts" }),
              bytesAt: z.int().min(0),
              series: z
                .array(z.strictObject({ at: z.int().min(0), records: z.int().min(0), bytes: z.int().min(0) }))
                .meta({ description: "the most in each slice of time; slices like the one before are left out" }),
            }),
          )
          .meta({ description: "by cloudlet, where anything ever stood" }),
        planeless: z
          .array(
            z.strictObject({
              cloudlet: z.string(),
              plane: z.enum(["control", "management"]),
              byUpper: z.int().min(0).meta({ description: "operations that its upper's plane was told to do" }),
              refused: z.int().min(0).meta({ description: "operations that it refused to take for itself" }),
              why: z.string(),
            }),
          )
          .meta({ description: "cloudlets that need not carry out their own operations" }),
        open: z.array(z.string()).meta({ description: "what should have ended and has not, one sentence each" }),
        exempt: z.array(z.string()).meta({ description: "why others need not have ended" }),
      })
      .optional()
      .meta({ description: "what became of operations; present when the scenario has some" }),
    aliveness: z
      .strictObject({
        marks: z.array(
          z.strictObject({
            cloudlet: z.string(),
            upper: z.string().meta({ description: "who watches it" }),
            changes: z.int().min(0).meta({ description: "how often its mark changed" }),
            stretches: z.array(
              z.strictObject({
                at: z.int().min(0).meta({ description: "from when on, microseconds of true time" }),
                mark: z.enum(marks).nullable().meta({ description: "null: the process of its upper was down" }),
                was: z.string().meta({ description: "what its control plane turned out to have been; may be empty" }),
              }),
            ),
            moreCount: z.int().min(0).meta({ description: "how many more stretches there were" }),
          }),
        ),
        ages: z.array(
          z.strictObject({
            class: z.string().meta({ description: "a class of the extended view" }),
            looks: z.int().min(1).meta({ description: "at cloudlets that were connected" }),
            median: z.int().min(0).meta({ description: "age in microseconds" }),
            max: z.int().min(0),
          }),
        ),
      })
      .optional()
      .meta({
        description: "how cloudlets were marked over time, and how old views were; present when some are watched",
      }),
    openSiblings: z
      .array(
        z.strictObject({
          key: z.string(),
          scope: z.string(),
          since: z
            .int()
            .min(0)
            .meta({ description: "microseconds of true time: when two of them first stood together" }),
          cloudlets: z.int().min(1).meta({ description: "at how many cloudlets two or more of them stand" }),
          versions: z.array(siblingVersion).min(2),
        }),
      )
      .optional()
      .meta({
        description: "conflicts left to people that nobody has ended, the oldest first; present when there are some",
      }),
    hiddenLosers: z
      .array(
        z.strictObject({
          key: z.string(),
          scope: z.string(),
          resolver: z.string(),
          cloudlets: z.int().min(1).meta({ description: "at how many cloudlets two or more of them stand" }),
          versions: z
            .array(
              siblingVersion.extend({
                fate: z.enum(["returned", "hidden", "never-shown", "merged"]).meta({
                  description:
                    "reads return it; they do not, but did once; no session was ever returned it; a function makes one value of all",
                }),
              }),
            )
            .min(2),
        }),
      )
      .optional()
      .meta({
        description:
          "conflicts that resolvers settled by themselves and whose losers still stand, those that nobody was shown first; present when there are some",
      }),
    unmet: z.array(z.string()).meta({ description: "expectations that were not met; empty exactly when passed" }),
    pending: z.array(z.string()).meta({ description: "why convergence was not reached; empty when it was" }),
    replay: z
      .string()
      .optional()
      .meta({ description: "the command that repeats the run; present when it did not pass" }),
  })
  .meta({ title: "Result of a run of causeway" });

/** The printed object's type. */
export type RunResult = z.infer<typeof runResultSchema>;

function faultsOf({ faults: { events, moreCount, missedCount } }: RunReport): NonNullable<RunResult["faults"]> {
  return {
    events: events.map(({ hits, ...event }) => ({ ...event, hits: hits.map((hit) => ({ ...hit })) })),
    moreCount,
    missedCount,
  };
}

function alivenessOf({ marks: all, ages }: AlivenessReport): NonNullable<RunResult["aliveness"]> {
  return {
    marks: all.map((one) => ({ ...one, stretches: one.stretches.map((stretch) => ({ ...stretch })) })),
    ages: ages.map((one) => ({ ...one })),
  };
}

function operationsOf({
  kinds,
  queues,
  planeless,
  open,
  exempt,
}: OperationsReport): NonNullable<RunResult["operations"]> {
  return {
    queues: queues.map(({ series, ...figures }) => ({ ...figures, series: series.map((one) => ({ ...one })) })),
    planeless: planeless.map((one) => ({ ...one })),
    kinds: kinds.map((counts) => ({ ...counts })),
    open: [...open],
    exempt: [...exempt],
  };
}

/** The report as it is printed; `replay` is the command that repeats the run, null when there is none. */
export function toRunResult(report: RunReport, drawn: readonly Drawn[], replay: string | null): RunResult {
  return {
    verdict: report.verdict,
    scenario: report.scenario,
    protocol: report.protocol,
    seed: report.seed,
    drawn: Object.fromEntries(drawn),
    engine: report.engine,
    digest: report.digest,
    steps: report.steps,
    properties: Object.fromEntries(
      report.properties.map(([name, { verdict, evidence }]) => [
        name,
        { verdict, ...(evidence.length > 0 && { evidence: [...evidence] }) },
      ]),
    ),
    marks: Object.fromEntries(report.marks),
    metrics: Object.fromEntries(report.metrics),
    links: report.links.map((link) => ({ ...link })),
    ...(report.cpus.length > 0 && { cpus: [...report.cpus] }),
    ...(report.faults.events.length + report.faults.missedCount > 0 && { faults: faultsOf(report) }),
    ...(report.absences.length > 0 && { absences: report.absences.map((event) => ({ ...event })) }),
    ...(report.operations !== undefined && { operations: operationsOf(report.operations) }),
    ...(report.aliveness !== undefined && { aliveness: alivenessOf(report.aliveness) }),
    ...(report.openSiblings.length > 0 && {
      openSiblings: report.openSiblings.map((open) => ({ ...open, versions: [...open.versions] })),
    }),
    ...(report.hiddenLosers.length > 0 && {
      hiddenLosers: report.hiddenLosers.map((hidden) => ({ ...hidden, versions: [...hidden.versions] })),
    }),
    unmet: [...report.unmet],
    pending: [...report.pending],
    ...(replay !== null && { replay }),
  };
}
