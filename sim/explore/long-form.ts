/**
 * `npm run explore:long [-- WORDS]`: explores to the end every tree of up to three cloudlets with three writes and one crash or
 * one cut, and of four with two writes, each with one lost message and one firing per timer. WORDS choose worlds whose names
 * contain all of them. Ends with status 1 when anything is violated.
 *
 * Every placement of the writes is tried once, up to exchanging equal subtrees: all write one key, each cloudlet in a session of
 * its own. Disks have everything at once. Leaves out worlds that are expected to need more than 4 GiB, and says so.
 */
import { wallclockMilliseconds, workMilliseconds } from "../cli/wallclock.ts";
import { renderBytes, renderNumber } from "../cli/tables.ts";
import { estimate } from "./estimate.ts";
import { explore } from "./explore.ts";
import { smallWorld, type SmallWorld } from "./testing.ts";

const memory = 4 * 1_073_741_824;

/** A tree: its text, and the upper of each cloudlet. Cloudlets are a, b, c, d; the first is the root. */
interface Tree {
  readonly text: string;
  readonly uppers: readonly number[];
}

const upToThree: readonly Tree[] = [
  { text: "a:", uppers: [-1] },
  { text: "a: { b: }", uppers: [-1, 0] },
  { text: "a: { b: { c: } }", uppers: [-1, 0, 1] },
  { text: "a: { b: , c: }", uppers: [-1, 0, 0] },
];
const ofFour: readonly Tree[] = [
  { text: "a: { b: { c: { d: } } }", uppers: [-1, 0, 1, 2] },
  { text: "a: { b: { c: , d: } }", uppers: [-1, 0, 1, 1] },
  { text: "a: { b: { d: }, c: }", uppers: [-1, 0, 0, 1] },
  { text: "a: { b: , c: , d: }", uppers: [-1, 0, 0, 0] },
];

/** All ways to choose `count` of `among` numbers, ascending, repetitions allowed. */
function choices(count: number, among: number, from = 0): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  const firsts = Array.from({ length: among - from }, (_, at) => from + at);
  return firsts.flatMap((first) => choices(count - 1, among, first).map((rest) => [first, ...rest]));
}

/** All orders of the cloudlets in which each has the upper that it had. */
function exchanges({ uppers }: Tree): readonly (readonly number[])[] {
  const extend = (made: readonly number[]): readonly (readonly number[])[] => {
    if (made.length === uppers.length) return [made];
    const upper = uppers[made.length] as number;
    const wanted = upper < 0 ? -1 : (made[upper] as number);
    return uppers.flatMap((own, at) => (own === wanted && !made.includes(at) ? extend([...made, at]) : []));
  };
  return extend([]);
}

function placements(tree: Tree, writes: number): readonly (readonly number[])[] {
  const orders = exchanges(tree);
  return choices(writes, tree.uppers.length).filter((placed) => {
    const exchanged = orders.map((order) => placed.map((at) => order[at] as number).sort((a, b) => a - b));
    return exchanged.every((other) => placed.join() <= other.join());
  });
}

function worlds(): readonly (SmallWorld & { readonly name: string })[] {
  const of = (trees: readonly Tree[], writes: number, fault: string): readonly (SmallWorld & { name: string })[] =>
    trees.flatMap((tree) =>
      placements(tree, writes).map((placed) => {
        const names = placed.map((at) => "abcd"[at] as string);
        const script = names.map((name, at) => `${name} s${name} put one/k v${at}`);
        const bounds = `losses: 1, firings: 1, disks: prompt${fault === "" ? "" : `, ${fault}: 1`}, memory: 4GiB`;
        const shape = tree.text.replaceAll(/[ :]/g, "");
        return {
          name: `${shape} ${names.join("")}${fault === "" ? "" : ` ${fault}`}`,
          tree: tree.text,
          script,
          bounds,
        };
      }),
    );
  return [...of(upToThree, 3, "crashes"), ...of(upToThree, 3, "cuts"), ...of(ofFour, 2, "")];
}

const words = process.argv.slice(2);
for (const world of worlds().filter(({ name }) => words.every((word) => name.includes(word)))) {
  const explored = smallWorld(world);
  const { states, bytes, isExact } = estimate(explored, null);
  const guess = `${isExact ? "" : "about "}${renderNumber(states)}`;
  process.stdout.write(`${world.name}: expected ${guess} states; `);
  if (bytes > memory) {
    process.stdout.write("not searched: needs more than 4 GiB\n");
    continue;
  }
  const [begun, worked] = [wallclockMilliseconds(), workMilliseconds()];
  const found = explore(explored, { memory, depth: null });
  const seconds = Math.round((wallclockMilliseconds() - begun) / 1_000);
  const work = Math.round((workMilliseconds() - worked) / 1_000);
  // Of the whole process: what the largest world up to here has taken.
  const most = renderBytes(process.resourceUsage().maxRSS * 1_024);
  const counts = `${renderNumber(found.states)} states, depth ${found.depth}, ${seconds} s, ${work} s of processors, ${most} at most`;
  process.stdout.write(`${found.violation === null ? found.ended : found.violation.property}: ${counts}\n`);
  if (found.violation !== null) {
    process.stdout.write(`${found.trail.join("\n")}\n${found.violation.says}\n`);
    process.exitCode = 1;
  }
}
