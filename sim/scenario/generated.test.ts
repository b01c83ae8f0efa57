/** Generated files are fresh, and the JSON Schema knows the keys that the reader knows. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { starterScenario } from "../cli/starter.ts";
import { parseDocument } from "./document.ts";
import { generatedFiles } from "./generated.ts";

test.each(generatedFiles().map(({ path, text }) => [path, text]))("%s is fresh", (path, text) => {
  const committed = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8").replaceAll(
    "\r\n",
    "\n",
  );
  expect(committed, `write it with: npx tsx sim/scenario/docs.ts --write`).toBe(text);
});

describe("the schema for editors", () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const schema = z.fromJSONSchema(
    JSON.parse(readFileSync(`${root}schema/scenario.schema.json`, "utf8")) as Parameters<typeof z.fromJSONSchema>[0],
  );
  const plain = (text: string): unknown => {
    const outcome = parseDocument("s.yaml", text);
    return outcome.kind === "document" ? outcome.document.value : null;
  };
  const starter = starterScenario("story");

  test("accepts the starter and the committed scenarios", () => {
    expect(schema.safeParse(plain(starter)).error).toBeUndefined();
    for (const file of readdirSync(`${root}workloads`).filter((name) => name.endsWith(".yaml"))) {
      expect(schema.safeParse(plain(readFileSync(`${root}workloads/${file}`, "utf8"))).error, file).toBeUndefined();
    }
  });

  test.each([
    ["an unknown key", starter.replace("clients:", "cleints:")],
    ["a unitless quantity", starter.replace("duration: 20s", "duration: 20")],
    ["an unknown unit", starter.replace("delay: 80ms", "delay: 80parsec")],
    ["an unknown property", starter.replace("[conflict,", "[conflcit,")],
    ["two kinds in one fault", starter.replace("{ crash: site-3,", "{ crash: site-3, isolate: site-3,")],
    ["a missing section", starter.replace("topology:", "links:")],
  ])("underlines %s", (_, text) => {
    expect(text).not.toBe(starter);
    expect(schema.safeParse(plain(text)).success).toBe(false);
  });
});
