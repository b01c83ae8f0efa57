/** What an output file may replace, and that nothing of it is left when it is given up. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openOutput, type OutputOptions } from "./output-file.ts";

let folder = "";
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "causeway-output-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

function save(path: string, text: string, options: OutputOptions = { overwrite: true }): string {
  const output = openOutput(path, options);
  if (output.kind === "refused") return output.why;
  output.file.write(text);
  output.file.commit();
  return "saved";
}

describe.skipIf(process.platform === "win32")("special files and links", () => {
  test("a symbolic link stays, and what it leads to is replaced", () => {
    mkdirSync(at("elsewhere"));
    writeFileSync(at("elsewhere/real"), "old");
    symlinkSync(at("elsewhere/real"), at("link"));
    expect(save(at("link"), "new")).toBe("saved");
    expect(lstatSync(at("link")).isSymbolicLink()).toBe(true);
    expect(readFileSync(at("elsewhere/real"), "utf8")).toBe("new");
  });

  test("a link that leads nowhere, or in a circle, is refused", () => {
    symlinkSync(at("nothing"), at("dangling"));
    symlinkSync(at("circle"), at("circle"));
    for (const name of ["dangling", "circle"]) {
      expect(save(at(name), "x")).toBe("it is a symbolic link that leads to no file; remove it, or name another path");
    }
    expect(existsSync(at("nothing"))).toBe(false);
  });

  test("a pipe is refused and stays, also behind a link", () => {
    spawnSync("sh", ["-c", 'mkfifo "$0"', at("pipe")]);
    symlinkSync(at("pipe"), at("to-pipe"));
    for (const name of ["pipe", "to-pipe"]) {
      expect(save(at(name), "x")).toBe("it is a device, a pipe or a socket, no regular file; name another path");
    }
    expect(lstatSync(at("pipe")).isFIFO()).toBe(true);
  });

  test("an input is not replaced, whatever name it goes by", () => {
    writeFileSync(at("input"), "precious");
    symlinkSync(at("input"), at("input-link"));
    linkSync(at("input"), at("input-hard"));
    for (const name of ["input", "input-link", "input-hard"]) {
      expect(save(at(name), "x", { overwrite: true, inputs: [at("input")] })).toBe(
        "it is the file that this command reads; name another path",
      );
    }
    expect(readFileSync(at("input"), "utf8")).toBe("precious");
  });
});

test("what is discarded leaves nothing, and the old file", () => {
  writeFileSync(at("kept"), "old");
  const output = openOutput(at("kept"), { overwrite: true });
  if (output.kind === "refused") throw new Error(output.why);
  output.file.write("new");
  output.file.discard();
  output.file.commit();
  expect(readFileSync(at("kept"), "utf8")).toBe("old");
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});
