// `causeway picture` on the command line: what it writes, and what it refuses.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openWorkplace } from "../testing.ts";

const place = openWorkplace();
afterAll(() => place.remove());

const workload = (name: string): string => fileURLToPath(new URL(`../../../workloads/${name}.yaml`, import.meta.url));
const shortcut = workload("fifo-shortcut");

test("a scenario becomes a drawing, a page and a log, and a sentence says what is violated", async () => {
  const { code, out, err } = await place.run(
    "picture",
    shortcut,
    "--svg",
    "a.svg",
    "--html",
    "a.html",
    "--shiviz",
    "a.log",
  );
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(
    /^causal-delivery is violated: access-edge applied .*\ndrawn: 0us to 10s, 4 lanes, \d+ events, \d+ messages\n$/,
  );
  expect(readFileSync(join(place.path, "a.svg"), "utf8")).toMatch(/^<svg xmlns/);
  expect(readFileSync(join(place.path, "a.html"), "utf8")).toContain(`npx causeway picture ${shortcut} --html a.html`);
  expect(readFileSync(join(place.path, "a.log"), "utf8")).toMatch(/^EAL1 \{"EAL1":1\}\n/);
});

test("a replay is drawn as the run that left it", async () => {
  await place.run("run", workload("figure-1"), "--plant", "apply-on-arrival");
  const replay = readdirSync(place.path).find((name) => name.startsWith("causeway-replay-"))!;
  const fromReplay = await place.run("picture", replay, "--svg", "replay.svg");
  const again = await place.run("picture", workload("figure-1"), "--plant", "apply-on-arrival", "--svg", "again.svg");
  expect(fromReplay).toEqual(again);
  expect(readFileSync(join(place.path, "replay.svg"))).toEqual(readFileSync(join(place.path, "again.svg")));
  const { code, err } = await place.run("picture", replay, "--seed", "2", "--svg", "x.svg");
  expect({ code, err }).toEqual({
    code: 2,
    err: `${replay}: a replay says all that it runs with, found --seed beside it; leave it out\n`,
  });
});

test("a replay of another engine is drawn only when that is asked for", async () => {
  const { renderReplay, parseReplay } = await import("../replay-file.ts");
  await place.run("run", shortcut, "--protocol", "causeway");
  const name = readdirSync(place.path).find((one) => one.startsWith("causeway-replay-"))!;
  const sound = parseReplay(readFileSync(join(place.path, name), "utf8"));
  if (sound.kind === "refused") throw new Error(sound.why);
  writeFileSync(join(place.path, "other.json"), renderReplay({ ...sound.replay, engine: "0.0.1+000000000000" }));
  const { code, err } = await place.run("picture", "other.json", "--svg", "other.svg");
  expect(code).toBe(2);
  expect(err).toMatch(/^other\.json: recorded on engine 0\.0\.1\+000000000000, this is .*, or add --anyway\n$/);
  expect(await place.run("picture", "other.json", "--anyway", "--svg", "other.svg")).toMatchObject({
    code: 0,
    err: "",
  });
});

test("the violation is of a property that the scenario expects something of, or of the one that is named", async () => {
  const first = await place.run("picture", shortcut, "--property", "monotonic-writes", "--svg", "p.svg");
  expect(first.out).toMatch(/^monotonic-writes is violated: /);
  // Its clocks are wrong: rtc is violated as well, and nobody expects it to hold.
  const arbitrated = await place.run("picture", workload("clock-skew"), "--svg", "p.svg");
  expect(arbitrated.out).toMatch(/^rtc-arb is violated: /);
});

test.each([
  [["--json"], /unknown option '--json'/],
  [[], /^expected a file to write, found none; add --svg FILE, --html FILE or --shiviz FILE\n$/],
  [["--svg", "b.svg", "--html", "b.svg"], /^--html b\.svg: it is the file that --svg names; name another path\n$/],
  [["--svg", "no/such/place.svg"], /^--svg no\/such\/place\.svg: /],
  [["--svg", "b.svg", "--from", "2s", "--until", "1s"], /^--from 2s: expected an earlier moment than --until 1s\n$/],
  [["--svg", "b.svg", "--from", "2"], /expected a duration such as .*, found "2"; it has no unit/],
  [
    ["--svg", "b.svg", "--property", "causal-delivry"],
    /expected the name of a property; did you mean causal-delivery\?/,
  ],
  [["--svg", "b.svg", "--plant", "nothing-such"], /nothing-such/],
  [
    ["--svg", "b.svg", "--plant", "relays-nothing"],
    /^--plant relays-nothing: planted bugs are the core's, and the scenario runs fifo; add/,
  ],
  [
    ["--svg", "b.svg", "--from", "400h"],
    /nothing happens between the beginning of the picture and its end; choose others/,
  ],
])("with %j it refuses, and writes nothing", async (argv, message) => {
  const { code, out, err } = await place.run("picture", shortcut, ...argv);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
  expect(existsSync(join(place.path, "b.svg"))).toBe(false);
});

test("a whole run that nobody could read is refused, and a part of it is drawn", async () => {
  const whole = await place.run("picture", workload("restore-from-backup"), "--svg", "c.svg");
  expect(whole.code).toBe(2);
  expect(whole.err).toMatch(
    /no property is violated, and the whole run is \d+ events.*choose a part with --from and --until\n$/,
  );
  const part = await place.run("picture", workload("restore-from-backup"), "--until", "500ms", "--svg", "c.svg");
  expect(part).toMatchObject({ code: 0, err: "" });
  expect(part.out).toMatch(/^no expected property is violated by then\ndrawn: 0us to 500ms, /);
});

test("the command on the page is one that a shell takes, whatever the file is called", async () => {
  writeFileSync(join(place.path, "my $HOME's.yaml"), readFileSync(shortcut));
  await place.run("picture", "my $HOME's.yaml", "--html", "quoted.html");
  const page = readFileSync(join(place.path, "quoted.html"), "utf8");
  expect(page).toContain("npx causeway picture &#39;my $HOME&#39;\\&#39;&#39;s.yaml&#39; --html quoted.html");
});

test("the input is never written over", async () => {
  const own = join(place.path, "own.yaml");
  writeFileSync(own, readFileSync(shortcut));
  const { code, err } = await place.run("picture", "own.yaml", "--svg", "own.yaml");
  expect(code).toBe(2);
  expect(err).toMatch(/^--svg own\.yaml: /);
  expect(readFileSync(own)).toEqual(readFileSync(shortcut));
});
