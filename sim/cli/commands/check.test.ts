/** `causeway check` as a caller sees it: verdicts and explanations as golden transcripts, exit codes, many files, pictures. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkplace, type Workplace } from "../testing.ts";

let place: Workplace;
beforeAll(() => {
  place = openWorkplace();
});
afterAll(() => {
  place.remove();
});

function write(name: string, text: string): string {
  mkdirSync(join(place.path, name, ".."), { recursive: true });
  writeFileSync(join(place.path, name), text);
  return name;
}

/** Plume's text of sessions separated by `|`: `w x 1`, `r x 1`. */
function plume(text: string): string {
  const keys: string[] = [];
  const lines = text.split("|").flatMap((session, number) =>
    session.split(",").map((row, at) => {
      const [what = "", key = "", value = ""] = row.trim().split(" ");
      if (!keys.includes(key)) keys.push(key);
      return `${what}(${keys.indexOf(key)},${value},${number},${number * 1_000 + at})`;
    }),
  );
  return `${lines.join("\n")}\n`;
}

describe("help", () => {
  test("the options", async () => {
    await expect((await place.run("check", "--help")).out).toMatchFileSnapshot("../golden/help-check.txt");
  });
});

describe("bad input", () => {
  test.each([
    ["an absent file", ["absent.txt"], "absent.txt: there is no such file; check the path\n"],
    ["a pattern that matches nothing", ["*.none"], "*.none: no file matches this pattern; check it\n"],
    ["an unknown model", ["x", "--model", "ccv2"], "did you mean"],
    ["an unknown format", ["x", "--format", "plum"], "did you mean plume?"],
    ["an unknown policy", ["x", "--init", "zero"], "expected a policy of initial values"],
    ["no file", [], "missing required argument"],
  ])("%s is exit code 2", async (_, argv, said) => {
    const { code, err } = await place.run("check", ...argv);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });

  test("a line that makes no sense is named with its place", async () => {
    const { code, out, err } = await place.run("check", write("bad.txt", "w(1,1,0,0)\nw(1,2,0\n"));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^bad\.txt:2:\d+: expected .*, found .*; .*\n$/);
  });

  test("a read of what keys begin with is no read of what nobody wrote", async () => {
    const file = write("zero.edn", "{:process 0, :type :ok, :f :read, :value [:x 0]}\n");
    expect((await place.run("check", file, "--model", "CC")).code).toBe(1);
    expect((await place.run("check", file, "--model", "CC", "--zero", "0")).code).toBe(0);
  });

  test("programs read the problems as JSON", async () => {
    const { code, out } = await place.run("check", write("bad.txt", "w(1,1,0,0)\nw(1,2,0\n"), "--json");
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      file: "bad.txt",
      error: expect.stringContaining("bad.txt:2:") as string,
      problems: [{ file: "bad.txt", line: 2 }],
    });
  });

  test("a page of several histories is refused", async () => {
    write("many/a.txt", plume("w x 1"));
    const { code, err } = await place.run("check", "many", "--html", "page.html");
    expect({ code, err }).toEqual({ code: 2, err: "--html: expected one file to draw, found 1; name one of them\n" });
  });

  test("the history itself is not overwritten by its page", async () => {
    const text = plume("w x 1, r x 1");
    const { code, err } = await place.run("check", write("h.txt", text), "--html", "h.txt");
    expect(code).toBe(2);
    expect(err).toContain("it is the file that this command reads");
    expect(readFileSync(join(place.path, "h.txt"), "utf8")).toBe(text);
  });
});

describe("many files", () => {
  test("each has its line or its object in the order of names, and what cannot be read is exit code 2", async () => {
    write("set/2.txt", plume("w x 1, r x 1"));
    write("set/1.txt", "w(1\n");
    write("set/10.txt", plume("w x 1"));
    const { code, out } = await place.run("check", "set", "absent.txt", "--workers", "2");
    const names = out.split("\n").map((line) => line.split(":")[0]);
    expect(names).toEqual(["set/1.txt", "set/10.txt", "set/2.txt", "absent.txt", "4 files", ""]);
    expect(code).toBe(2);
    const json = await place.run("check", "set", "absent.txt", "--json");
    const files = json.out.trimEnd().split("\n").map((line) => (JSON.parse(line) as { file: string }).file); // prettier-ignore
    expect(files).toEqual(["set/1.txt", "set/10.txt", "set/2.txt", "absent.txt"]);
    expect(json.err).toMatch(/^4 files: .*2 not read\n$/);
  });
});
