/** The command line as a caller sees it: text, exit codes, files left behind, and no stack trace for anybody's mistake. */
import {
  chmodSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { main } from "./main.ts";
import { runResultSchema } from "./run-result.ts";
import { openWorkplace, type Workplace } from "./testing.ts";
import { metricTable } from "../scenario/metric-names.ts";

let place: Workplace;
beforeAll(() => {
  place = openWorkplace();
});
afterAll(() => {
  place.remove();
});

const story = (more = "") => `causeway: 1
name: story
seed: 1
topology: { tree: { hub: { edge: null } } }
scopes: [{ name: users, prefix: users/ }]
flows: [{ scope: users, between: tree, direction: both }]
duration: 4s
settle: 5s
clients:
  - { name: writers, at: all, think: 100ms, mix: [{ put: users/, keys: 5 }, { get: users/, keys: 5 }] }
faults: [{ linkDown: [hub, edge], from: 1s, until: 2s }]
${more}
`;

function write(name: string, text: string): string {
  writeFileSync(join(place.path, name), text);
  return name;
}

const plantedName = "apply-on-arrival";

describe("help", () => {
  test("the commands", async () => {
    await expect((await place.run("--help")).out).toMatchFileSnapshot("golden/help.txt");
  });

  test.each([
    [["help"], ["--help"]],
    [
      ["help", "run"],
      ["run", "--help"],
    ],
  ])("%j is %j", async (argv, same) => {
    const said = await place.run(...argv);
    expect(said).toEqual(await place.run(...same));
    expect(said).toMatchObject({ code: 0, err: "" });
  });

  test("options of run and picture", async () => {
    await expect((await place.run("run", "--help")).out).toMatchFileSnapshot("golden/help-run.txt");
    await expect((await place.run("picture", "--help")).out).toMatchFileSnapshot("golden/help-picture.txt");
  });

  test.each(["properties", "marks", "faults", "resolvers", "metrics", "plants", "protocols"])(
    "list %s",
    async (thing) => {
      const { code, out } = await place.run("list", thing);
      expect(code).toBe(0);
      expect(out.split("\n").length).toBeGreaterThan(3);
    },
  );

  test("a topology", async () => {
    await place.run("new", "golden-story");
    const { code, out } = await place.run("topology", "golden-story.yaml");
    expect(code).toBe(0);
    await expect(out).toMatchFileSnapshot("golden/topology.txt");
  });
});

describe("running twice", () => {
  test("a run that repeats itself says so beside its verdict, which is the same", async () => {
    await place.run("new", "twin-story");
    const once = await place.run("run", "twin-story.yaml");
    const twice = await place.run("run", "twin-story.yaml", "--twice");
    expect(twice.code).toBe(0);
    expect(twice.out).toBe(once.out);
    const digest = /digest ([0-9a-f]+)/.exec(once.out)?.[1] ?? "none";
    expect(twice.err).toBe(`twice the same, event by event: digest ${digest}\n`);
  });
});

describe("internal errors", () => {
  const broken = (debug: string | undefined) => {
    if (debug === undefined) delete process.env["CAUSEWAY_DEBUG"];
    else process.env["CAUSEWAY_DEBUG"] = debug;
    let err = "";
    const io = {
      stdout: () => {
        throw new RangeError("the pipe burst");
      },
      stderr: (text: string) => void (err += text),
      isTerminal: false,
      cwd: place.path,
    };
    return main(["list", "faults"], io).then((code) => ({ code, err }));
  };
  afterAll(() => void delete process.env["CAUSEWAY_DEBUG"]);

  test("a bug of ours is one short message and exit code 4, with the stack for those who ask", async () => {
    const short = await broken(undefined);
    expect(short.code).toBe(4);
    expect(short.err).toBe(
      "internal error: RangeError: the pipe burst\nThis is a bug in causeway. Please report it with the command, the " +
        "scenario and this text; CAUSEWAY_DEBUG=1 adds where it happened.\n",
    );
    expect((await broken("1")).err).toMatch(/\n {4}at /);
  });
});

describe("usage", () => {
  test.each([
    [["rum"], "error: unknown command 'rum'\n(Did you mean run?)"],
    [["run", "--sed", "1", "x"], "error: unknown option '--sed'\n(Did you mean one of --seed, --set?)"],
    [["run"], "error: missing required argument 'file'"],
    [["run", "a", "b"], "error: too many arguments for 'run'. Expected 1 argument but got 2."],
    [
      ["run", "x", "--set", "loss"],
      "error: option '--set <path=value>' argument 'loss' is invalid. expected path=value, such as links.defaults.loss=5%.",
    ],
    [
      ["run", "x", "--seed", ""],
      "error: option '--seed <seed>' argument '' is invalid. expected a seed of 1 to 200 characters without control characters.",
    ],
    [
      ["run", "x", "--seed", "a\u001b[31m"],
      "error: option '--seed <seed>' argument 'a\u001b[31m' is invalid. expected a seed of 1 to 200 characters without control",
    ],
    [
      ["list", "bugs"],
      "error: command-argument value 'bugs' is invalid for argument 'thing'. Allowed choices are properties, marks, faults, quirks, resolvers, metrics, families, plants, leaks, protocols, situations.",
    ],
  ])("%j", async (argv, message) => {
    const { code, out, err } = await place.run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.slice(0, message.length)).toBe(message);
  });

  test("no command at all shows the help and is bad usage", async () => {
    const { code, err } = await place.run();
    expect(code).toBe(2);
    expect(err).toMatch(/^Usage: causeway/);
  });
});

describe("files that cannot be read", () => {
  beforeAll(() => {
    mkdirSync(join(place.path, "folder.yaml"), { recursive: true });
    writeFileSync(join(place.path, "binary.yaml"), Buffer.from([1, 0, 2]));
    writeFileSync(join(place.path, "latin.yaml"), Buffer.from([0x6e, 0xe4]));
    writeFileSync(join(place.path, "shut.yaml"), "causeway: 1\n");
    chmodSync(join(place.path, "shut.yaml"), 0);
    // 100 MB without writing them.
    ftruncateSync(openSync(join(place.path, "huge.yaml"), "w"), 100_000_000);
  });

  test.each([
    ["nothing.yaml", "nothing.yaml: there is no such file; check the path\n"],
    ["folder.yaml", "folder.yaml: expected a file, found a directory; name a file in it\n"],
    ["binary.yaml", "binary.yaml: expected a text file, found a binary one; name another file\n"],
    ["latin.yaml", "latin.yaml: expected UTF-8 text, found other bytes; save it as UTF-8\n"],
    ["huge.yaml", "huge.yaml: expected at most 4 MiB, found 95.4 MiB; it was not read, split it or generate less\n"],
    ["/dev/null", "/dev/null: expected a file, found a device or a pipe; name a file\n"],
    [`${"x".repeat(300)}.yaml`, `${"x".repeat(300)}.yaml: this path is too long; check the path\n`],
    ["nul\0.yaml", "nul\0.yaml: this path holds a character that no path may hold; check the path\n"],
  ])("%s", async (file, message) => {
    for (const command of ["run", "validate", "topology"]) {
      expect(await place.run(command, file)).toEqual({ code: 2, out: "", err: message });
    }
  });

  test.skipIf(process.getuid?.() === 0)("a file that may not be read", async () => {
    expect((await place.run("run", "shut.yaml")).err).toBe("shut.yaml: it may not be read; change its permissions\n");
  });
});

describe("validate and new", () => {
  test("mistakes are told with their places, and nothing else", async () => {
    const file = write("wrong.yaml", story("cloks: []"));
    expect(await place.run("validate", file)).toEqual({
      code: 2,
      out: "",
      err: 'wrong.yaml:12:1: unknown key "cloks"; did you mean "clocks"?\n',
    });
  });

  test("a starter validates, runs green, and is not overwritten", async () => {
    expect((await place.run("new", "first")).out).toBe("wrote first.yaml; run it with: npx causeway run first.yaml\n");
    expect((await place.run("validate", "first.yaml")).out).toBe(
      "first.yaml: scenario first is valid: 6 cloudlets, 4 scopes, 11 flows, 5 links, 2 faults\n",
    );
    const { code, out } = await place.run("run", "first.yaml");
    expect(out.split("\n").at(-2)).toMatch(/^passed: /);
    expect(code).toBe(0);
    const before = readFileSync(join(place.path, "first.yaml"), "utf8");
    expect(await place.run("new", "first")).toEqual({
      code: 2,
      out: "",
      err: "first.yaml: it exists and is not overwritten; choose another name, or remove it\n",
    });
    expect(readFileSync(join(place.path, "first.yaml"), "utf8")).toBe(before);
  });

  test.each([
    [
      "no-such-folder/x",
      /^no-such-folder\/x\.yaml: there is no directory .*no-such-folder; make it first, or name another path\n$/,
    ],
    ["1st", /^expected a name of letters, digits, - and _ that begins with a letter, found "1st"; choose another\n$/],
    ["..", /^expected a name of letters/],
  ])("new %s", async (name, message) => {
    const { code, err } = await place.run("new", name);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});

describe("run", () => {
  test("the first line names seed and draws, the last verdict, steps and digest", async () => {
    const file = write("drawn.yaml", story("draw: { links.defaults.delay: { from: 5ms, to: 50ms } }"));
    const { code, out, err } = await place.run("run", file, "--seed", "abc");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^seed abc, links\.defaults\.delay [0-9.]+(us|ms)$/);
    expect(lines.at(-1)).toMatch(/^passed: [0-9 ]+ steps, digest [0-9a-f]{64}$/);
    for (const table of ["property ", "mark ", "metric ", "visible over ", "link "]) {
      expect(lines.some((line) => line.startsWith(table))).toBe(true);
    }
  });

  test("the same seed gives the same text, another seed another digest", async () => {
    const file = write("same.yaml", story());
    const [one, again, other] = [
      await place.run("run", file),
      await place.run("run", file),
      await place.run("run", file, "--seed", "2"),
    ];
    expect(again).toEqual(one);
    expect(other.out.split("\n").at(-2)).not.toBe(one.out.split("\n").at(-2));
  });

  test("--json keeps its schema, and names exactly the metrics of the table", async () => {
    const { code, out } = await place.run("run", write("json.yaml", story()), "--json");
    const result = runResultSchema.parse(JSON.parse(out));
    expect({ code, verdict: result.verdict, replay: result.replay }).toEqual({
      code: 0,
      verdict: "passed",
      replay: undefined,
    });
    const known = metricTable.map(({ name }) => name);
    expect(Object.keys(result.metrics).filter((name) => !known.includes(name))).toEqual([]);
    // Those of processors, clients that move, puts with a time limit, members away, operations and deep layers are told where there are any.
    const isOptional =
      /^(rtc\.headroom|cpu\..*|moves.*|puts\..*|client\..*|answers\.behind|reads\.regressed|visibility\.layer[2-7].*)$/;
    const isOfAbsences = /^(members\..*|deletes\.anew|records\.(heldBack|released|lost)|operations\..*|queue\..*)$/;
    const isMissing = (name: string): boolean => !isOptional.test(name) && !isOfAbsences.test(name);
    expect(known.filter((name) => !(name in result.metrics) && isMissing(name))).toEqual([]);
    const committed: unknown = JSON.parse(
      readFileSync(fileURLToPath(new URL("../../schema/run-report.schema.json", import.meta.url)), "utf8"),
    );
    expect(committed).toEqual(z.toJSONSchema(runResultSchema, { io: "input" }));
  });

  test("--trace writes one JSON object per line, complete or not at all", async () => {
    const { code } = await place.run("run", write("traced.yaml", story()), "--trace", "trace.ndjson");
    expect(code).toBe(0);
    const lines = readFileSync(join(place.path, "trace.ndjson"), "utf8").trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty("at");
    expect(readdirSync(place.path).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test.each([
    [
      "no/such/trace",
      /^--trace no\/such\/trace: there is no directory .*no\/such; make it first, or name another path\n$/,
    ],
    ["folder.yaml", /^--trace folder\.yaml: it is a directory; name a file in it\n$/],
  ])("--trace %s is refused before anything runs", async (trace, message) => {
    const { code, out, err } = await place.run("run", write("traced.yaml", story()), "--trace", trace);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });

  test("--trace does not replace the scenario it came from", async () => {
    const file = write("own.yaml", story());
    const { code, out, err } = await place.run("run", file, "--trace", "./own.yaml");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toBe("--trace ./own.yaml: it is the file that this command reads; name another path\n");
    expect(readFileSync(join(place.path, file), "utf8")).toBe(story());
  });

  test("a mark that is not reached fails the run", async () => {
    const { code, out } = await place.run("run", write("unmet.yaml", story("expectations: { sometimes: [crash] }")));
    expect(code).toBe(1);
    expect(out).toContain("not as expected\n  crash was to be reached, and never was\n");
  });

  test("what cannot converge is undecided, and says why", async () => {
    const { code, out } = await place.run("run", write("slow.yaml", story()), "--set", "links.defaults.loss=100%");
    expect(code).toBe(3);
    expect(out.split("\n").at(-2)).toMatch(/^undecided: /);
    expect(out).toContain("\npending\n");
  });
});

describe("replay", () => {
  let replayFile = "";
  beforeEach(async () => {
    if (replayFile !== "") return;
    const { code, out } = await place.run("run", write("planted.yaml", plantedStory), "--plant", plantedName);
    expect(code).toBe(1);
    expect(out).toContain(`planted bug ${plantedName}`);
    replayFile = /^replay: npx causeway replay (causeway-replay-[0-9a-f]{8}\.json)$/m.exec(out)?.[1] ?? "none";
  });

  // The link reorders, so that a record arrives before its past.
  const plantedStory = story(
    "links: { defaults: { delay: 5ms, jitter: 50ms, reordering: 30%, reorderDelay: 200ms, loss: 10% } }",
  )
    .replace("hub: { edge: null }", "hub: { middle: { edge: null } }")
    .replace("linkDown: [hub, edge]", "linkDown: [hub, middle]");

  test("a failed run is repeated to the same digest by the printed command", async () => {
    expect(existsSync(join(place.path, replayFile))).toBe(true);
    const { code, out, err } = await place.run("replay", replayFile);
    expect({ code, err }).toEqual({ code: 1, err: "the digest is the recorded one\n" });
    expect(out.split("\n").at(-2)).toMatch(/^failed: .*digest /);
  });

  test("a replay file that cannot be written is said, and does not change the verdict", async () => {
    const file = write("unmet.yaml", story("expectations: { sometimes: [crash] }"));
    const { out } = await place.run("run", file, "--json");
    const result = runResultSchema.parse(JSON.parse(out));
    const name = `causeway-replay-${result.digest.slice(0, 8)}.json`;
    expect(result.replay).toBe(`npx causeway replay ${name}`);
    rmSync(join(place.path, name));
    mkdirSync(join(place.path, name));
    const again = await place.run("run", file);
    expect(again.code).toBe(1);
    expect(again.err).toBe(`no replay file was left: ${name}: it is a directory; name a file in it\n`);
    expect(again.out).not.toContain("replay:");
    rmSync(join(place.path, name), { recursive: true });
  });

  test.each([
    [
      "truncated",
      (text: string) => text.slice(0, text.length / 2),
      "the replay is truncated or damaged: it is no complete JSON; copy it again",
    ],
    ["foreign", () => '{"a": 1}', "expected a replay file written by causeway, found other JSON; name another file"],
    [
      "a scenario",
      () => "causeway: 1\n",
      "expected a replay file written by causeway, found no JSON; to run a scenario use: causeway run FILE",
    ],
    ["a list", () => "[1]", "expected a replay file written by causeway, found other JSON; name another file"],
    [
      "edited",
      (text: string) => text.replace('"seed": "1"', '"seed": "2"'),
      "the replay was changed or damaged: its checksum does not fit; copy it again, or run the scenario anew",
    ],
    [
      "of another version",
      () => '{"causeway-replay": 9}',
      "expected a replay of version 1, found 9; use the causeway that wrote it",
    ],
    [
      "extended",
      (text: string) => text.replace("{", '{ "note": 1,'),
      'the replay was changed: it has the unknown key "note"; remove it, or copy it again',
    ],
    [
      "hollow",
      () => '{"causeway-replay": 1, "checksum": "", "replay": null}',
      "the replay was changed or damaged: its checksum does not fit; copy it again, or run the scenario anew",
    ],
  ])("a replay that is %s is refused", async (_, change, why) => {
    const file = write("changed.json", change(readFileSync(join(place.path, replayFile), "utf8")));
    expect(await place.run("replay", file)).toEqual({ code: 2, out: "", err: `changed.json: ${why}\n` });
  });

  test("another engine's replay runs only when told to", async () => {
    const { renderReplay, parseReplay } = await import("./replay-file.ts");
    const sound = parseReplay(readFileSync(join(place.path, replayFile), "utf8"));
    if (sound.kind === "refused") throw new Error(sound.why);
    const file = write(
      "other-engine.json",
      renderReplay({ ...sound.replay, engine: "0.0.1+000000000000", digest: "0" }),
    );
    const refused = await place.run("replay", file);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(
      /recorded on engine 0\.0\.1\+000000000000, this is .*; use the engine that recorded it, or add --anyway\n$/,
    );
    const told = await place.run("replay", file, "--anyway");
    expect(told.code).toBe(1);
    expect(told.err).toMatch(/^expected digest 0, found [0-9a-f]{64}: this is not the recorded run\n$/);
  });
});

describe("plants", () => {
  test("a planted bug is caught, clean runs are silent, and the last line says so", async () => {
    const { code, out } = await place.run("plants", "--only", plantedName, "--clean", "4", "--workers", "1");
    expect(code).toBe(0);
    expect(out).toMatch(/^apply-on-arrival +[0-9]+ +#/m);
    expect(out.trimEnd().split("\n").at(-1)).toBe("passed: 1 of 1 planted bugs caught, 0 false alarms in 4 clean runs");
  });

  test.each([
    [["--only", "apply"], "is invalid. expected the name of a planted bug; see causeway list plants"],
    [["--clean", "-1"], "is invalid. expected a whole number from 0 to 1000000."],
    [["--workers", "0"], "is invalid. expected a whole number from 1 to 1000000."],
  ])("%j is bad usage", async (argv, message) => {
    const { code, err } = await place.run("plants", ...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
