// The transcript format, and what a cluster says to commands that mean nothing.

import fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { Cluster } from "./cluster.ts";
import { parseCommand, parseTranscript, rewriteTranscript } from "./transcript.ts";

const sample = `# What this shows.
#
# And why.

topology
cloudlet a
cloudlet b upper=a
----
users: a b

deliver a->b drop size=2
----
----
one

two
----
----

# Prose in between.
tick 1s
----
ok
`;

test("blocks are a command, its input lines and its output; the rest is prose", () => {
  const parsed = parseTranscript(sample);
  if (parsed.kind === "malformed") throw new Error(parsed.why);
  expect(parsed.blocks.map(({ line, command, expected }) => [line, command.name, command.input, expected])).toEqual([
    [5, "topology", ["cloudlet a", "cloudlet b upper=a"], "users: a b"],
    [11, "deliver", [], "one\n\ntwo"],
    [21, "tick", [], "ok"],
  ]);
  expect(parsed.blocks[1]?.command.operands).toEqual(["a->b", "drop"]);
  expect(parsed.blocks[1]?.command.options).toEqual(new Map([["size", "2"]]));
});

test("a transcript whose commands do what it says comes out as it was", () => {
  const outputs = ["users: a b", "one\n\ntwo", ""];
  let at = 0;
  expect(rewriteTranscript(sample, () => outputs[at++] as string)).toEqual({ kind: "rewritten", text: sample });
});

const outputs = fc.array(fc.constantFrom("", "one", "one\ntwo", "one\n\ntwo", "\n", "# not prose", "a\n----b"), {
  minLength: 3,
  maxLength: 3,
});

prop("what was rewritten reads as what the commands said, and is then left alone", outputs, (said) => {
  const answer = (): (() => string) => {
    let at = 0;
    return () => said[at++] as string;
  };
  const once = rewriteTranscript(sample, answer());
  if (once.kind === "malformed") throw new Error(once.why);
  const parsed = parseTranscript(once.text);
  if (parsed.kind === "malformed") throw new Error(parsed.why);
  expect(parsed.blocks.map(({ expected }) => expected)).toEqual(said.map((output) => (output === "" ? "ok" : output)));
  expect(rewriteTranscript(once.text, answer())).toEqual(once);
  expect(once.text.split("\n").filter((line) => line === "# Prose in between.")).toHaveLength(1);
});

test.each([
  ["a command without an end", "tick 1s\n", { line: 1, why: "no ---- ends this command" }],
  ["an output that is not closed", "tick\n----\n----\nx\n", { line: 1, why: "the output is not closed" }],
  ["a last line without a line end", "# prose", { line: 1, why: "the file does not end with a line end" }],
])("%s is malformed", (_name, text, problem) => {
  expect(parseTranscript(text)).toEqual({ kind: "malformed", ...problem });
  expect(rewriteTranscript(text, () => "")).toEqual({ kind: "malformed", ...problem });
});

test("a cluster answers what it does not understand in words", () => {
  const cluster = new Cluster();
  const say = (line: string, input: readonly string[] = []): string => cluster.handle(parseCommand(line, input));
  expect(say("stored a")).toBe("mistake: the first command is `topology`");
  expect(say("topology", ["cloudlet a", "cloudlet b upper=c"])).toMatch(/^mistake: .*"c"/);
  say("topology", ["cloudlet a", "cloudlet b upper=a", "cloudlet c upper=a", "scope s", "flow s a-b both"]);
  for (const [line, why] of [
    ["fly a", "no command is called fly"],
    ["stored d", "no cloudlet is called d"],
    ["cut b-c", "b-c: these are no replication neighbours"],
    ["deliver a->b", "a->b carries 0 messages"],
    ["deliver a-b", "a-b is no way between neighbours"],
    ["request a s1 look s/x", "no request is called look"],
    ["tick 3", "3 is no duration such as 20ms or 3s"],
    ["restart a", "it is running"],
  ]) {
    expect(say(line as string)).toBe(`mistake: ${why}`);
  }
  say("crash a");
  expect(say("request a s1 get s/x")).toBe("mistake: a is down");
});
