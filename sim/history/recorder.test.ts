// What a recorded history holds of a run, what it leaves out, and that the file says the same as the run.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readHistory } from "../../model/consistency/formats/read-history.ts";
import { type History, operationKind, outcome } from "../../model/consistency/history.ts";
import { openWorkplace, type Workplace } from "../cli/testing.ts";
import { generatedScenario } from "../run/generate.ts";
import { runScenario } from "../run/runner.ts";
import { recordRun } from "./build-history.ts";
import { HistoryText } from "./history-text.ts";

/** Every operation in words, session after session. */
function told(history: History): readonly string[] {
  return Array.from({ length: history.operationCount }, (_, operation) => {
    const listed = history.listed.slice(history.listStart[operation], history.listStart[operation + 1]);
    const versionOf = (version: number): string => history.versionNames?.of(version) ?? history.values.of(version);
    return [
      history.sessions.of(history.session[operation]!),
      Object.keys(operationKind)[history.kind[operation]!],
      history.keys.of(history.key[operation]!),
      // Whether reads return siblings shows in reads alone.
      history.kind[operation] === operationKind.read ? history.keyKind[history.key[operation]!] : "",
      versionOf(history.version[operation]!),
      [...listed].map(versionOf).join("+"),
      Object.keys(outcome)[history.outcome[operation]!],
      history.start?.[operation],
      history.end?.[operation],
      history.replicas.of(history.replica?.[operation] ?? -1),
    ].join(" ");
  });
}

describe("a run and its file", () => {
  test.each(Array.from({ length: 8 }, (_, number) => [`recorded-${number}`]))("say the same of seed %s", (seed) => {
    const scenario = generatedScenario(seed, { tree: { cloudletsMax: 8 } });
    let text = "";
    const writing = new HistoryText(scenario, (part) => void (text += part));
    runScenario(scenario, { givesUpFrom: Infinity, observers: [writing.observer] });
    writing.end();
    const read = readHistory(new TextEncoder().encode(text), { fileName: "recorded.jsonl" });
    const { history } = recordRun(scenario);
    // No scope of such a run has a resolver that a model judges.
    if (history.operationCount === 0)
      expect(read).toMatchObject({ problems: [{ expected: "at least one operation" }] });
    else expect(told((read as Extract<typeof read, { kind: "read" }>).history)).toEqual(told(history));
  });
});

/** Two sites that share three scopes; the upper crashes while a write waits for its disk. */
const scenario = `
causeway: 1
name: recorded
seed: 1
topology:
  cloudlets: [{ name: top }, { name: site, upper: top }]
scopes:
  - { name: notes, prefix: notes/, resolver: return-them-all }
  - { name: users, prefix: users/ }
  - { name: sums, prefix: sums/, resolver: counter }
flows:
  - { scope: notes, between: tree, direction: both }
  - { scope: users, between: tree, direction: both }
  - { scope: sums, between: tree, direction: both }
links: { defaults: { delay: 10ms } }
script:
  - { at: 1s, cloudlet: top, session: a, put: users/x, value: one }
  - { at: 2s, cloudlet: top, session: a, get: users/x }
  - { at: 2s, cloudlet: top, session: b, add: sums/n, amount: 2 }
  - { at: 3s, cloudlet: top, session: a, put: notes/x, value: here }
  - { at: 3s, cloudlet: site, session: c, put: notes/x, value: there }
  - { at: 4s, cloudlet: site, session: c, delete: users/x }
  - { at: 5s, cloudlet: site, session: c, get: notes/x }
duration: 8s
settle: 5s
`;

describe("causeway run --history", () => {
  let place: Workplace;
  beforeAll(() => void (place = openWorkplace()));
  afterAll(() => place.remove());

  beforeAll(() => void writeFileSync(join(place.path, "recorded.yaml"), scenario));

  test("writes what clients asked and were answered, and every cloudlet's last answers with marks of what it has", async () => {
    const said = await place.run("run", "recorded.yaml", "--history", "history.jsonl");
    expect(said.code).toBe(0);
    expect(said.err).toBe("history: 10 operations; left out: 1 on keys whose resolver no model judges\n");
    expect(readFileSync(join(place.path, "history.jsonl"), "utf8")).toMatchInlineSnapshot(`
      "{"causeway-history":1,"timeUnit":"us","replaces":true}
      {"session":"s0","op":"write","key":"users/x","value":"one","version":"c0.1/t1#1","start":1000000,"end":1000200,"replica":"top"}
      {"session":"s0","op":"read","key":"users/x","value":"one","version":"c0.1/t1#1","start":2000000,"end":2000000,"replica":"top"}
      {"session":"s0","op":"write","key":"notes/x","value":"here","version":"c0.1/t0#1","replaces":[],"start":3000000,"end":3000200,"replica":"top"}
      {"session":"s2","op":"write","key":"notes/x","value":"there","version":"c1.1/t0#1","replaces":[],"start":3000000,"end":3000200,"replica":"site"}
      {"session":"s2","op":"delete","key":"users/x","version":"c1.1/t1#1","start":4000000,"end":4000200,"replica":"site"}
      {"session":"s2","op":"read","key":"notes/x","values":["here","there"],"versions":["c0.1/t0#1","c1.1/t0#1"],"start":5000000,"end":5000000,"replica":"site"}
      {"session":"top in the end","op":"read","key":"users/x","value":null,"version":"c1.1/t1#1","start":8000000,"end":8000000,"replica":"top","seen":"users/x 3"}
      {"session":"top in the end","op":"read","key":"notes/x","values":["here","there"],"versions":["c0.1/t0#1","c1.1/t0#1"],"start":8000000,"end":8000000,"replica":"top","seen":"notes/x 3"}
      {"session":"site in the end","op":"read","key":"users/x","value":null,"version":"c1.1/t1#1","start":8000000,"end":8000000,"replica":"site","seen":"users/x 3"}
      {"session":"site in the end","op":"read","key":"notes/x","values":["here","there"],"versions":["c0.1/t0#1","c1.1/t0#1"],"start":8000000,"end":8000000,"replica":"site","seen":"notes/x 3"}
      "
    `);
  });

  test("does not write over the trace, or into a folder that is not there", async () => {
    const same = await place.run("run", "recorded.yaml", "--trace", "same", "--history", "./same");
    expect(same).toMatchObject({ code: 2, out: "" });
    expect(same.err).toBe("--history ./same: it is the file that --trace names; name another path\n");
    const nowhere = await place.run("run", "recorded.yaml", "--history", "no/such");
    expect(nowhere.code).toBe(2);
    expect(nowhere.err).toContain("--history no/such: there is no directory");
  });
});
