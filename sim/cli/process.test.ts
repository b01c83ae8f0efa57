/** The command as a process: what only a real one meets, such as signals, closed pipes and full disks. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const command = fileURLToPath(new URL("../causeway.mjs", import.meta.url));
let folder = "";

const story = `causeway: 1
name: story
seed: 1
topology: { tree: { hub: { edge: null } } }
scopes: [{ name: users, prefix: users/ }]
flows: [{ scope: users, between: tree, direction: both }]
duration: 1h
clients: [{ name: writers, at: all, think: 1ms, mix: [{ put: users/, keys: 5 }] }]
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "causeway-process-"));
  writeFileSync(join(folder, "long.yaml"), story);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const left = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".part") || name === "events");

// A limit on the size of files stands for a full disk. Blocks are of 512 or 1024 bytes, depending on the shell.
function limited(blocks: number, line: string) {
  return spawnSync("sh", ["-c", `ulimit -f ${blocks}; exec "$0" "$1" ${line}`, process.execPath, command], {
    cwd: folder,
    encoding: "utf8",
  });
}

describe.skipIf(process.platform === "win32")("a process", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s during a trace ends it with %i and leaves no file", async (signal, expected) => {
    const child = spawn(process.execPath, [command, "run", "long.yaml", "--trace", "events"], { cwd: folder });
    let err = "";
    child.stderr.on("data", (chunk) => void (err += String(chunk)));
    const ended = new Promise<number | null>((done) => child.on("exit", done));
    child.stdout.resume();
    const opened = (): boolean => left().length > 0;
    while (!opened() && child.exitCode === null) await new Promise((done) => setTimeout(done, 20));
    // The first file is there for a moment only, to see that it can be written; the run follows.
    await new Promise((done) => setTimeout(done, 300));
    child.kill(signal);
    expect({ code: await ended, err, left: left() }).toEqual({
      code: expected,
      err: "interrupted; --trace events: was not written\n",
      left: [],
    });
  });

  test("SIGINT during a shrink ends it with 130 and leaves the smallest world so far, whole", async () => {
    const words = [command, "shrink", "short.yaml", "--plant", "relays-nothing"];
    writeFileSync(
      join(folder, "short.yaml"),
      story.replace("duration: 1h", "duration: 6s").replace("edge: null", "edge: { far: null }"),
    );
    const child = spawn(process.execPath, words, { cwd: folder });
    let out = "";
    const begun = new Promise<void>((done) => {
      child.stdout.on("data", (chunk) => {
        out += String(chunk);
        if (out.includes("to stay violated")) done();
      });
    });
    const ended = new Promise<number | null>((done) => child.on("exit", done));
    await begun;
    // Past the first runs, which only see that it fails.
    await new Promise((done) => setTimeout(done, 500));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(out).toContain("interrupted; this is the smallest world so far");
    expect(left()).toEqual([]);
    const text = readFileSync(join(folder, "story-shrunk.yaml"), "utf8");
    expect(out).toContain(text);
    expect(text).toContain("expectations: { always: [] }");
  }, 120_000);

  test("SIGINT during a sweep ends it with 130: what is done counts, and it goes on", async () => {
    writeFileSync(join(folder, "short.yaml"), story.replace("duration: 1h", "duration: 100ms"));
    writeFileSync(
      join(folder, "sweep.yaml"),
      "sweep: 1\nname: many\nworkloads: [{ file: short.yaml }]\nseeds: 60000\n",
    );
    const child = spawn(process.execPath, [command, "sweep", "sweep.yaml"], { cwd: folder });
    let out = "";
    child.stdout.on("data", (chunk) => void (out += String(chunk)));
    child.stderr.resume();
    const ended = new Promise<number | null>((done) => child.on("exit", done));
    const results = join(folder, "results", "many");
    const rowsOf = (): number => {
      try {
        return readFileSync(join(results, "journal.jsonl"), "utf8").split("\n").length - 1;
      } catch {
        return 0;
      }
    };
    while (rowsOf() === 0 && child.exitCode === null) await new Promise((done) => setTimeout(done, 20));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(out).toMatch(/\n--resume goes on with what was not run\n/);
    expect(readdirSync(results).filter((name) => name === "lock" || name.endsWith(".part"))).toEqual([]);
    const again = spawnSync(process.execPath, [command, "sweep", "sweep.yaml", "--resume", "--for", "1us"], {
      cwd: folder,
      encoding: "utf8",
    });
    // Nothing was run now: the verdict and the digest are those of what was done before.
    expect(again.stdout).toContain(out.trimEnd().split("\n").at(-1));
    expect(again.status).toBe(0);
  }, 120_000);

  test("a sweep whose disk is full is one line and exit code 2, and goes on when there is room", () => {
    writeFileSync(join(folder, "short.yaml"), story.replace("duration: 1h", "duration: 100ms"));
    writeFileSync(join(folder, "full.yaml"), "sweep: 1\nname: full\nworkloads: [{ file: short.yaml }]\nseeds: 3\n");
    const { status, stderr } = limited(18, "sweep full.yaml");
    expect(stderr).toMatch(
      /^\S*\/results\/full\/\S+: it cannot be written \(EFBIG\); what is done so far is kept: [^\n]*--resume[^\n]*\n$/,
    );
    expect(status).toBe(2);
    const again = spawnSync(process.execPath, [command, "sweep", "full.yaml", "--resume"], { cwd: folder });
    expect(again.status).toBe(0);
  }, 60_000);

  test("a trace that the disk does not take is bad input, and leaves no file", () => {
    const { status, stderr } = limited(64, "run long.yaml --trace events");
    expect({ status, stderr, left: left() }).toEqual({
      status: 2,
      stderr: "--trace events: cannot be written (EFBIG)\n",
      left: [],
    });
  });

  test("results that the disk does not take are one line and exit code 2", () => {
    const { status, stderr } = limited(1, "list metrics > metrics.txt");
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "causeway: standard output cannot be written (EFBIG)\n",
    });
  });

  test("a run that needs more memory than there is ends with one line and exit code 4", () => {
    const words = ["--max-old-space-size=48", command, "run", "long.yaml"];
    const { status, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8" });
    expect({ status, stderr: stderr.replace(/^[^]*?(?=causeway:)/, "") }).toEqual({
      status: 4,
      stderr:
        "causeway: it needs more memory than Node gives it; NODE_OPTIONS=--max-old-space-size=8192 gives it 8 GiB\n",
    });
  }, 120_000);

  test("a reader that goes away early is no error", () => {
    const line = `{ "$0" "$1" list metrics; echo $? > code; } | true`;
    const { stderr } = spawnSync("sh", ["-c", line, process.execPath, command], { cwd: folder, encoding: "utf8" });
    expect({ stderr, code: readFileSync(join(folder, "code"), "utf8") }).toEqual({ stderr: "", code: "0\n" });
  });

  test("a stream that goes on after its first violation does not keep the command from ending", async () => {
    const child = spawn(process.execPath, [command, "check", "-"], { cwd: folder });
    let out = "";
    child.stdout.on("data", (chunk) => void (out += String(chunk)));
    child.stdin.on("error", () => undefined);
    const ended = new Promise<number | null>((done) => child.on("exit", done));
    child.stdin.write(
      '{"session":"a","op":"write","key":"x","value":1}\n{"session":"a","op":"read","key":"x","value":null}\n',
    );
    expect(await ended).toBe(1);
    expect(out).toContain("violated: CCv, causal convergence (WriteCOInitRead)");
    child.stdin.destroy();
  });

  test("a stream that ends is judged to its end", () => {
    const input = '{"session":"a","op":"write","key":"x","value":1}\n'.concat(
      '{"session":"b","op":"read","key":"x","value":1}\n'.repeat(50_000),
    );
    const { status, stdout } = spawnSync(process.execPath, [command, "check", "-"], {
      cwd: folder,
      encoding: "utf8",
      input,
    });
    expect(status).toBe(0);
    expect(stdout).toContain("50001 operations, 2 sessions");
  });
});
