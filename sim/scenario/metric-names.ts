/**
 * The metrics that a run reports: what each means and what it is measured in. Bounds in scenarios, tables and
 * `causeway list metrics` read this table; a test holds it to what runs really report.
 *
 * Leaves out the measuring (sim/oracles/metrics.ts, sim/run/figures.ts).
 */

/** What a metric's number counts. */
export type MetricUnit = "microseconds" | "bytes" | "count" | "share";

/** One metric. */
export interface MetricEntry {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly says: string;
}

/** Layers of a tree, from the root on, whose visibility is a metric of its own; the last one takes in all that are below. */
export const LAYERS_MEASURED = 8;

const layerMetrics: readonly MetricEntry[] = Array.from({ length: LAYERS_MEASURED }, (_, layer) => {
  const where = `${layer}${layer === LAYERS_MEASURED - 1 ? " or more" : ""}`;
  return [
    {
      name: `visibility.layer${layer}.p50`,
      unit: "microseconds",
      says: `visibility at cloudlets of depth ${where} (a root has 0), median`,
    },
    { name: `visibility.layer${layer}.p99`, unit: "microseconds", says: "the same, 99th percentile" },
  ] as const;
}).flat();

/** All metrics, in the order in which a run reports them. */
export const metricTable: readonly MetricEntry[] = [
  { name: "records.written", unit: "count", says: "requests to write that became records" },
  { name: "records.delivered", unit: "count", says: "records applied at a cloudlet other than their origin" },
  { name: "records.received", unit: "count", says: "records that arrived in messages, known ones included" },
  { name: "records.redundant", unit: "count", says: "records that arrived where they were known" },
  { name: "requests.put", unit: "count", says: "puts asked for" },
  { name: "requests.delete", unit: "count", says: "deletes asked for" },
  { name: "requests.resolve", unit: "count", says: "resolutions by hand asked for" },
  { name: "requests.delta", unit: "count", says: "additions, insertions, removals and appendings asked for" },
  { name: "requests.get", unit: "count", says: "gets asked for" },
  { name: "requests.scan", unit: "count", says: "scans asked for" },
  { name: "deletes.collected", unit: "count", says: "times that a cloudlet dropped a delete for good" },
  { name: "deletes.standing", unit: "count", says: "deletes that stand in stores at the end, over all cloudlets" },
  { name: "puts.limited", unit: "count", says: "puts written that were not to last" },
  {
    name: "puts.ended",
    unit: "count",
    says: "those that their cloudlets ended; the others were replaced, or had time",
  },
  { name: "messages.sent", unit: "count", says: "messages handed to the network" },
  {
    name: "bytes.sent",
    unit: "bytes",
    says: "their encoded size; a message counts once, however many links it crosses",
  },
  { name: "conflicts", unit: "count", says: "pairs of concurrent writes of one key" },
  { name: "conflicts.met", unit: "count", says: "times that such a pair met at a cloudlet" },
  { name: "write.p50", unit: "microseconds", says: "from a write's request to its answer, median" },
  { name: "write.p99", unit: "microseconds", says: "the same, 99th percentile" },
  { name: "write.max", unit: "microseconds", says: "the same, largest" },
  {
    name: "visibility.p50",
    unit: "microseconds",
    says: "from a write's request to its being applied elsewhere, median",
  },
  { name: "visibility.p90", unit: "microseconds", says: "the same, 90th percentile" },
  { name: "visibility.p99", unit: "microseconds", says: "the same, 99th percentile" },
  { name: "visibility.max", unit: "microseconds", says: "the same, largest" },
  ...layerMetrics,
  { name: "metadata.mean", unit: "bytes", says: "of a record's encoding, all but key and value, mean" },
  { name: "metadata.p99", unit: "bytes", says: "the same, 99th percentile" },
  { name: "metadata.max", unit: "bytes", says: "the same, largest" },
  { name: "moves", unit: "count", says: "sessions that went on at another cloudlet" },
  { name: "moves.bytes", unit: "bytes", says: "what they took along: contexts, and records in bundles" },
  { name: "moves.records", unit: "count", says: "records in their bundles" },
  { name: "moves.applied", unit: "count", says: "those of them that were missing where they came, and applied there" },
  { name: "moves.refused", unit: "count", says: "bundles refused; their clients came again without" },
  { name: "moves.behind", unit: "count", says: "sessions that went on where some of their past had not come" },
  { name: "answers.behind", unit: "count", says: "answers to them that were marked so" },
  { name: "reads.regressed", unit: "count", says: "reads older than the past that their session had given up" },
  {
    name: "client.wait.p50",
    unit: "microseconds",
    says: "that clients which move had to keep a request to themselves, median",
  },
  { name: "client.wait.p99", unit: "microseconds", says: "the same, 99th percentile" },
  { name: "client.wait.max", unit: "microseconds", says: "the same, largest" },
  { name: "client.unasked", unit: "count", says: "requests that such clients still kept when the load ended" },
  { name: "members.detached", unit: "count", says: "times that somebody detached or closed a member" },
  { name: "members.refused", unit: "count", says: "times that this was refused" },
  { name: "members.returned", unit: "count", says: "times that such a member came back and counted again" },
  {
    name: "deletes.anew",
    unit: "count",
    says: "deletes that such members wrote anew since their writes had missed them",
  },
  { name: "records.heldBack", unit: "count", says: "records of such members that were held back, over all cloudlets" },
  { name: "records.released", unit: "count", says: "times that a record was let go without one that is lost" },
  { name: "records.lost", unit: "count", says: "records that were lost so" },
  {
    name: "pending.max",
    unit: "count",
    says: "the most records that one cloudlet lacked at once, of those meant for it",
  },
  {
    name: "convergence.afterHeal",
    unit: "microseconds",
    says: "from the healing in the end until the last record became visible",
  },
  {
    name: "rtc.inversion",
    unit: "microseconds",
    says: "the most by which a winning write was over before the later loser began",
  },
  { name: "rtc.headroom", unit: "microseconds", says: "the least lead of stamps by which a later write won (lww-hlc)" },
  { name: "operations.accepted", unit: "count", says: "operations that were accepted" },
  { name: "operations.refused", unit: "count", says: "operations that were asked for and refused" },
  { name: "operations.executed", unit: "count", says: "operations that a plane was through with" },
  { name: "operations.done", unit: "count", says: "operations that were told as done" },
  { name: "operations.queued", unit: "count", says: "operations whose end was not told when the load ended" },
  { name: "operations.open", unit: "count", says: "operations whose end was not told when the run was over" },
  {
    name: "operations.end.p50",
    unit: "microseconds",
    says: "from asking for an operation until its end was told, median",
  },
  { name: "operations.end.p99", unit: "microseconds", says: "the same, 99th percentile" },
  { name: "operations.end.max", unit: "microseconds", says: "the same, largest" },
  { name: "queue.peak.records", unit: "count", says: "the most operations that stood at one cloudlet at once" },
  { name: "queue.peak.bytes", unit: "bytes", says: "the most bytes of their texts that did" },
  { name: "links.messages", unit: "count", says: "messages on all links; one that crosses two counts twice" },
  { name: "links.bytes", unit: "bytes", says: "their encoded size" },
  {
    name: "links.redundant",
    unit: "bytes",
    says: "bytes of records that came where they were known, on every link they crossed",
  },
  { name: "links.duplicated", unit: "count", says: "messages that a link delivered twice" },
  { name: "links.dropped.lost", unit: "count", says: "messages lost by chance" },
  { name: "links.dropped.queueFull", unit: "count", says: "messages that found a link's queue full" },
  { name: "links.dropped.linkDown", unit: "count", says: "messages that found a link down" },
  { name: "cpu.utilisation.max", unit: "share", says: "of its time that the busiest processor was serving" },
  { name: "cpu.wait.p50", unit: "microseconds", says: "from an input's coming to a processor to its service, median" },
  { name: "cpu.wait.p99", unit: "microseconds", says: "the same, 99th percentile" },
  { name: "cpu.wait.max", unit: "microseconds", says: "the same, largest" },
  { name: "cpu.queue.max", unit: "count", says: "the most inputs that waited at one processor" },
];

const unitOf = new Map(metricTable.map(({ name, unit }) => [name, unit]));

/** What the metric's number counts; a metric that is not in the table is a count. */
export function metricUnit(name: string): MetricUnit {
  return unitOf.get(name) ?? "count";
}
