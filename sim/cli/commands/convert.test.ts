/** `causeway convert` as a caller sees it: files, messages, exit codes, and that nothing is left half-written. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkplace, type Workplace } from "../testing.ts";

let place: Workplace;
beforeAll(() => {
  place = openWorkplace();
});
afterAll(() => {
  place.remove();
});

function write(name: string, text: string): string {
  writeFileSync(join(place.path, name), text);
  return name;
}

const plume = "w(1,1,0,0)\nr(1,1,1,1)\n";

test("the options", async () => {
  await expect((await place.run("convert", "--help")).out).toMatchFileSnapshot("../golden/help-convert.txt");
});

test("to a file, with notes beside it", async () => {
  const { code, out, err } = await place.run("convert", write("h.txt", plume), "h.edn", "--to", "jepsen-edn");
  expect(out).toBe("wrote h.edn: 2 operations as jepsen-edn\n");
  expect(err).toBe(
    "h.txt: read as plume\n" +
      "h.txt: initial values: implicit, a read of nothing or 0 returns what was there before the history\n" +
      "jepsen-edn: the history has no times: completions are written alone, without invocations\n",
  );
  expect(code).toBe(0);
  expect(readFileSync(join(place.path, "h.edn"), "utf8")).toBe(
    "[{:index 0, :type :ok, :process 0, :f :write, :value [1 1]}\n {:index 1, :type :ok, :process 1, :f :read, :value [1 1]}]\n",
  );
});

test("to standard output, and back", async () => {
  const first = await place.run("convert", write("h.txt", plume), "--to", "jsonl");
  expect(first.code).toBe(0);
  const again = await place.run("convert", write("h.jsonl", first.out), "-", "--to", "plume");
  expect(again.out).toBe(plume);
});

test("keys that begin with a value", async () => {
  const register = '{"session":1,"op":"read","key":1,"value":7}\n';
  const { out } = await place.run("convert", write("h.jsonl", register), "--to", "plume", "--zero", "7");
  expect(out).toBe("r(1,0,1,0)\n");
});

test("an output that exists is replaced, with -o as well", async () => {
  write("old.json", "old");
  const { code } = await place.run("convert", write("h.txt", plume), "-o", "old.json", "--to", "dbcop");
  expect(code).toBe(0);
  expect(readFileSync(join(place.path, "old.json"), "utf8")).toContain('"variable":1');
});

const sets = '{"session":1,"op":"read","key":"s","values":[1,2]}\n';

test.each([
  ["an absent file", ["absent.txt", "out", "--to", "plume"], "absent.txt: there is no such file; check the path\n"],
  ["no format", ["h.txt", "out"], "required option '--to <name>' not specified"],
  ["an unknown format", ["h.txt", "out", "--to", "jepsen-ednn"], "did you mean jepsen-edn?"],
  ["a format that is only read", ["h.txt", "out", "--to", "awdit"], "AWDIT text is only read; there are jepsen-edn,"],
  [
    "two outputs",
    ["h.txt", "out", "-o", "out2", "--to", "plume"],
    "--output out2: expected one file to write, found out too; name it once\n",
  ],
  ["a folder that is not there", ["h.txt", "no/out", "--to", "plume"], "no/out: there is no directory"],
  [
    "its own input",
    ["h.txt", "h.txt", "--to", "plume"],
    "h.txt: it is the file that this command reads; name another path\n",
  ],
  [
    "a broken file",
    ["broken.txt", "out", "--to", "plume"],
    "broken.txt:2:1: expected r(key,value,session,transaction) or w(key,value,session,transaction), found ",
  ],
  [
    "another format than it has",
    ["h.txt", "out", "--to", "plume", "--format", "jsonl"],
    "h.txt:1:1: expected a line of causeway's JSON lines, found Plume text",
  ],
  [
    "what the format cannot say",
    ["sets.jsonl", "out", "--to", "plume"],
    'sets.jsonl:1:1: expected reads of single values, as Plume text has them, found reads of several values at key "s"; write jsonl or jepsen-edn, which know them\n',
  ],
])("%s is exit code 2 and leaves nothing", async (_, argv, said) => {
  write("h.txt", plume);
  write("broken.txt", "w(1,1,0,0)\nbroken\n");
  write("sets.jsonl", sets);
  const { code, out, err } = await place.run("convert", ...argv);
  expect(err).toContain(said);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(readdirSync(place.path).filter((name) => name.startsWith("out") || name.endsWith(".part"))).toEqual([]);
  expect(readFileSync(join(place.path, "h.txt"), "utf8")).toBe(plume);
});
