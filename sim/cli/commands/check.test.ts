/** `causeway check` as a caller sees it: verdicts and explanations as golden transcripts, exit codes, many files, pictures. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

/** Histories from papers with what is said of them. */
const stories = {
  /** Figure 2(a) of the paper on causal consistency. */
  conflict: plume("w x 1, r x 2 | w x 2, r x 1"),
  lost: plume("w x 1, w y 1 | r y 1, w x 2 | r x 2, r x 1"),
  fine: plume("w x 1, r x 1 | r x 0, r x 1"),
  thin: plume("w x 1 | r x 7"),
  initial: plume("w x 1, r x 0"),
} as const;

const unfinished = `{"causeway-history":1,"init":"implicit","zero":0}
{"session":"a","op":"write","key":"x","value":1}
{"session":"a","op":"write","key":"x","value":2,"outcome":"unknown"}
{"session":"b","op":"read","key":"x","value":2}
{"session":"b","op":"read","key":"x","value":1}
`;

describe("one file", () => {
  beforeAll(() => {
    for (const [name, text] of Object.entries(stories)) write(`${name}.txt`, text);
    write("unfinished.jsonl", unfinished);
  });

  test.each([
    ["conflict.txt", 1],
    ["lost.txt", 1],
    ["fine.txt", 0],
    ["thin.txt", 1],
    ["initial.txt", 1],
    ["unfinished.jsonl", 1],
  ])("%s is told with exit code %i", async (name, expected) => {
    const { code, out, err } = await place.run("check", name);
    expect({ code, err }).toEqual({ code: expected, err: "" });
    await expect(out).toMatchFileSnapshot(`../golden/check-${name.replace(/\..*/, "")}.txt`);
    expect((await place.run("check", name)).out).toBe(out);
  });

  test("names and values from a file stand in quotes wherever they would move a terminal's cursor", async () => {
    const evil = "\u001b[31m\u0007x\u202e";
    const row = (session: string, op: string, value: string, at: number): string =>
      `${JSON.stringify({ session, op, key: evil, value, start: at, end: at + 1 })}\n`;
    const twice = write(
      "twice.jsonl",
      row(evil, "write", evil, 0) + row("b", "write", evil, 2) + row("b", "read", evil, 4),
    );
    const back = write(
      "back.jsonl",
      row(evil, "write", evil, 0) + row(evil, "write", "2", 2) + row(evil, "read", evil, 4) + row(evil, "read", "2", 6),
    );
    for (const argv of [[twice], [back, "--explain"], [back, "--zero", evil]]) {
      const { out, err } = await place.run("check", ...argv);
      expect(err + out).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    }
    for (const name of [twice, back]) {
      const { out } = await place.pipe([readFileSync(join(place.path, name), "utf8")], "check", "-");
      expect(out).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    }
  });

  test("every violated model is explained when asked", async () => {
    const { out } = await place.run("check", "lost.txt", "--explain");
    await expect(out).toMatchFileSnapshot("../golden/check-lost-explained.txt");
  });

  test("what is left of a longer history when it is shrunk is told, drawn and counted", async () => {
    const filler = Array.from({ length: 50 }, (_, at) => `w z ${at + 1}`).join(", ");
    write("long.txt", plume(`${filler}, w x 1, r x 2 | w x 2, r x 1 | ${filler.replaceAll("z", "v")}`));
    const { code, out } = await place.run("check", "long.txt", "--shrink", "--svg", "long.svg");
    expect(code).toBe(1);
    expect(out).toContain("Shrunk from 104 operations to 4, of which none can be left out.");
    expect(readFileSync(join(place.path, "long.svg"), "utf8")).not.toContain("Left out");
    const json = JSON.parse((await place.run("check", "long.txt", "--shrink", "--json")).out) as object;
    expect(json).toMatchObject({ operations: 104, shrunk: { model: "CCv", operations: 4, isMinimal: true } });
  });

  test("JSON has the documented shape", async () => {
    const { code, out } = await place.run("check", "conflict.txt", "--json");
    expect(code).toBe(1);
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(report).slice(0, 7)).toEqual([
      "file",
      "format",
      "operations",
      "verdicts",
      "weakestViolated",
      "strongestSatisfied",
      "explanations",
    ]);
    expect(report).toMatchObject({
      file: "conflict.txt",
      format: "plume",
      operations: 4,
      verdicts: { RYW: "holds", PRAM: "holds", CC: "holds", CM: "holds", CCv: "violated", RTC: "not-applicable" },
    });
  });

  test.each([
    ["CM", 0],
    ["CCv", 1],
    ["RTC", 3],
  ])("--model %s ends with %i", async (model, expected) => {
    expect((await place.run("check", "conflict.txt", "--model", model)).code).toBe(expected);
  });

  test("--only checks these and the judged model", async () => {
    for (const argv of [
      ["conflict.txt", "--only", "MR,RYW"],
      ["--only", "MR,RYW", "conflict.txt"],
      ["--only", "MR", "--only", "RYW", "conflict.txt"],
    ]) {
      const { out } = await place.run("check", ...argv, "--json");
      expect(Object.keys((JSON.parse(out) as { verdicts: object }).verdicts)).toEqual(["RYW", "MR", "CCv", "TCC"]);
    }
  });

  test.each([
    [
      ["conflict.txt", "--only", "MR", "RYW"],
      "RYW: expected a file, found the name of a model; several are named with commas: --only MR,RYW",
    ],
    [["conflict.txt", "--only", "MR,RWY"], "expected the name of a model; did you mean RYW?"],
    [["conflict.txt", "--only", "MR,"], "expected the name of a model; there are"],
  ])("%j is refused", async (argv, message) => {
    const { code, err } = await place.run("check", ...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test("initial values are a policy that shows", async () => {
    const { code, out } = await place.run("check", "initial.txt", "--init", "none");
    expect(code).toBe(1);
    expect(out).toContain("Initial values: none");
    expect(out).toContain("violated: CCv, causal convergence (ThinAirRead)");
  });

  test("a picture and a page are written, and are the same each time", async () => {
    await place.run("check", "lost.txt", "--svg", "lost.svg", "--html", "lost.html");
    const read = (name: string): string => readFileSync(join(place.path, name), "utf8");
    const [svg, page] = [read("lost.svg"), read("lost.html")];
    expect(svg).toMatch(/^<svg .*CC, CM, CCv.*<\/svg>\n$/s);
    expect(page).toContain("<h2");
    await place.run("check", "lost.txt", "--svg", "lost.svg", "--html", "lost.html");
    expect([read("lost.svg"), read("lost.html")]).toEqual([svg, page]);
  });

  test("where nothing is violated nothing is drawn", async () => {
    const { code, err } = await place.run("check", "fine.txt", "--svg", "fine.svg");
    expect({ code, err }).toEqual({ code: 0, err: "--svg fine.svg: nothing is violated, so nothing was drawn\n" });
    expect(existsSync(join(place.path, "fine.svg"))).toBe(false);
  });

  test("one violated file among many is exit code 1, whatever else is there", async () => {
    write("pair/a.txt", stories.fine);
    write("pair/b.txt", stories.conflict);
    write("pair/c.txt", "w(");
    const { code, out } = await place.run("check", "pair/*.txt");
    expect(code).toBe(1);
    expect(out).toMatch(
      /^pair\/a\.txt: holds: .*\npair\/b\.txt: violated: CCv.*\npair\/c\.txt:1:.*\n3 files: 1 holds, 1 violated, 1 not read\n$/,
    );
  });
});

describe("a stream", () => {
  const lines = [
    '{"session":"a","op":"write","key":"x","value":1}\n',
    '{"session":"a","op":"write","key":"x","value":2}\n',
    '{"session":"b","op":"read","key":"x","value":2}\n',
    '{"session":"b","op":"read","key":"x","value":1}\n',
  ];

  const conflict = [
    '{"session":"a","op":"write","key":"x","value":1}\n',
    '{"session":"b","op":"write","key":"x","value":2}\n',
    '{"session":"a","op":"read","key":"x","value":2}\n',
    '{"session":"b","op":"read","key":"x","value":1}\n',
  ];

  test("tells a conflict that was not decided alike for all", async () => {
    const { code, out } = await place.pipe(conflict, "check", "-");
    expect(code).toBe(1);
    await expect(out).toMatchFileSnapshot("../golden/check-stream-conflict.txt");
  });

  test("that ends well holds by default, with all that follows", async () => {
    const { code, out } = await place.pipe(lines.slice(0, 3), "check", "-", "--json");
    expect(code).toBe(0);
    const report = JSON.parse(out) as {
      readonly verdicts: Record<string, string>;
      readonly reasons: Record<string, string>;
    };
    const named = (kind: string): string =>
      Object.keys(report.verdicts)
        .filter((name) => report.verdicts[name] === kind)
        .join(" ");
    expect(named("holds")).toBe("RYW MR MW WFR RYW-shared MR-shared MW-shared WFR-shared CC CCv RC RA TCC");
    expect(named("unknown")).toBe("PRAM CM SER");
    const grouped = lines.slice(0, 3).map((line) => line.replace("{", '{"transaction":1,'));
    const other = JSON.parse((await place.pipe(grouped, "check", "-", "--json")).out) as typeof report;
    expect([other.verdicts["CCv"], other.verdicts["TCC"], other.verdicts["RC"]]).toEqual([
      "holds",
      "unknown",
      "unknown",
    ]);
    expect(named("not-applicable")).toBe("RTC-arb RTC MV SEC LIN");
    expect(Object.keys(report.reasons).join(" ")).toBe("PRAM CM RTC-arb RTC MV SEC SER LIN");
  });

  test("a number and its text are two sessions, two keys and two values, as in a file", async () => {
    const apart = [
      '{"session":1,"op":"write","key":1,"value":1}\n{"session":1,"op":"write","key":"1","value":1}\n',
      '{"session":"1","op":"read","key":1,"value":null}\n{"session":"1","op":"write","key":1,"value":"1"}\n',
      '{"session":"1","op":"read","key":1,"value":"1"}\n{"session":2,"op":"read","key":1,"value":1}\n',
      '{"session":2,"op":"read","key":"1","value":1}\n',
    ];
    expect((await place.pipe(apart, "check", "-")).out).toContain("3 sessions, 2 keys");
    for (const model of ["CC", "CCv"]) {
      expect((await place.pipe(apart, "check", "-", "--model", model)).code).toBe(0);
      expect((await place.run("check", write("apart.jsonl", apart.join("")), "--model", model)).code).toBe(0);
    }
    const wrong = [...apart, '{"session":3,"op":"read","key":"1","value":"1"}\n'];
    for (const { code, out } of [
      await place.pipe(wrong, "check", "-"),
      await place.run("check", write("wrong.jsonl", wrong.join(""))),
    ]) {
      expect(code).toBe(1);
      expect(out).toContain('session 3: read key "1" = "1" (line 8)');
    }
  });

  test("is told with its first violation", async () => {
    const { code, out } = await place.pipe(lines, "check", "-");
    expect(code).toBe(1);
    await expect(out).toMatchFileSnapshot("../golden/check-stream.txt");
  });

  test("comes in pieces of any size, and the same is said", async () => {
    const { out } = await place.pipe(lines, "check", "-");
    const text = lines.join("");
    for (const size of [1, 7, 60, 1_000]) {
      const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
      expect((await place.pipe(pieces, "check", "-")).out).toBe(out);
    }
  });

  test("is read no further than its first violation", async () => {
    const { code } = await place.pipe([...lines, "this is no line of a history\n"], "check", "-");
    expect(code).toBe(1);
  });

  test.each([
    ["the models that a stream can be checked against hold", lines.slice(0, 3), [], 0],
    ["models that need the whole history stay undecided", lines.slice(0, 3), ["--model", "CM"], 3],
    ["models that follow from those that hold do, too", lines.slice(0, 3), ["--model", "RYW-shared"], 0],
    ["what is violated beside the judged model does not end the check", conflict, ["--model", "CC"], 0],
    ["the default judges conflicts, too", conflict, [], 1],
    ["a model that says nothing of such a stream is undecided", lines, ["--model", "LIN"], 3],
    ["models that a weaker one speaks against are violated", lines, ["--model", "CCv"], 1],
    ["a value written twice is undecided", [lines[0] ?? "", lines[0] ?? ""], [], 3],
    ["an empty stream is bad input", [], [], 2],
    ["a stream of blanks is bad input", ["\n \n"], [], 2],
    ["a line that makes no sense is bad input", [lines[0] ?? "", "{\n"], [], 2],
    ["a header alone is bad input", ['{"causeway-history":1}\n'], [], 2],
  ])("%s", async (_, pieces, options, expected) => {
    expect((await place.pipe(pieces, "check", "-", ...options)).code).toBe(expected);
  });

  test("places are counted over all pieces, and a header holds for all of them", async () => {
    const header = '{"causeway-history":1,"init":"implicit","zero":0}\n';
    const { err } = await place.pipe([header, ...lines.slice(0, 2), '{"session":1}\n'], "check", "-");
    expect(err).toMatch(/^-:4:\d+: /);
    const said = await place.pipe([header, ...lines.slice(0, 2), '{"session":"a","op":"read","key":"x","value":0}\n'], "check", "-"); // prettier-ignore
    expect(said.out).toContain("session a: read x = 0, the initial value (line 4)");
  });

  test("beginnings that the history writes itself need the whole of it", async () => {
    const header = '{"causeway-history":1,"init":"explicit"}\n';
    const first = '{"session":"i","op":"write","key":"x","value":null}\n';
    for (const [pieces, options] of [
      [[header, first, ...lines], []],
      [lines, ["--init", "explicit"]],
    ] as const) {
      const { code, err } = await place.pipe([...pieces], "check", "-", ...options);
      expect(code).toBe(2);
      expect(err).toBe(
        "-: expected initial values that are not looked for in the whole history: implicit or none, found explicit; record a file and check that, or choose with --init\n",
      );
    }
    expect((await place.pipe([header, ...lines.slice(0, 3)], "check", "-", "--init", "implicit")).code).toBe(0);
  });

  test("nothing else goes with it", async () => {
    const { code, err } = await place.pipe(lines, "check", "-", "--html", "x.html");
    expect(code).toBe(2);
    expect(err).toContain("found --html");
  });
});
