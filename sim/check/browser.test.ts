/**
 * In a real browser: the page of a report says nothing on the console and runs no name, and the checker itself runs there.
 *
 * The browser is the one that CHROMIUM_PATH names, else /usr/bin/chromium; without one the tests are left out, and say so. Modules
 * are handed to it one by one, their types taken off, from an address that does not exist.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkplace } from "../cli/testing.ts";

const browserPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const isThere = existsSync(browserPath);
if (!isThere) process.stderr.write(`no browser at ${browserPath}: pages are not looked at; set CHROMIUM_PATH\n`);

const root = fileURLToPath(new URL("../..", import.meta.url));
const hostile = "</text><script>document.title='ran'</script><img src=x onerror=alert(1)>";
const row = (session: string, op: string, key: string, value: number): string =>
  `${JSON.stringify({ session, op, key, value })}\n`;

describe.skipIf(!isThere)("in a browser", { timeout: 60_000 }, () => {
  const place = openWorkplace();
  let browser: Browser | null = null;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
    const lines = [
      row(hostile, "write", hostile, 1),
      row(hostile, "write", hostile, 2),
      row("b", "read", hostile, 2),
      row("b", "read", hostile, 1),
    ];
    writeFileSync(join(place.path, "h.jsonl"), lines.join(""));
    await place.run("check", "h.jsonl", "--html", "h.html");
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    place.remove();
  });

  async function opened(colorScheme: "light" | "dark") {
    if (browser === null) throw new Error("the browser did not start");
    const page = await browser.newPage({ viewport: { width: 1_000, height: 800 }, colorScheme });
    const said: string[] = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(error.message));
    return { page, said };
  }

  test.each(["light", "dark"] as const)("a page is quiet, whole and no wider than the window (%s)", async (scheme) => {
    const { page, said } = await opened(scheme);
    await page.goto(pathToFileURL(join(place.path, "h.html")).href);
    expect(await page.locator("#verdict").innerText()).toBe("violated");
    expect(await page.locator("svg.history .h-told").count()).toBeGreaterThanOrEqual(4);
    expect(await page.locator("script, img").count()).toBe(0);
    expect(await page.title()).toBe("h.jsonl: CCv violated");
    expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
    expect(said).toEqual([]);
    await page.close();
  });

  test("the checker is a library there, too", async () => {
    const { page, said } = await opened("light");
    await page.route("http://checkout/**", async (route) => {
      const path = new URL(route.request().url()).pathname;
      if (!path.endsWith(".ts"))
        return route.fulfill({ contentType: "text/html", body: "<!doctype html><link rel=icon href=data:,>" });
      const target = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
      const { outputText } = ts.transpileModule(readFileSync(join(root, path), "utf8"), {
        compilerOptions: { ...target, verbatimModuleSyntax: true },
      });
      return route.fulfill({ contentType: "text/javascript", body: outputText });
    });
    await page.goto("http://checkout/");
    const found = await page.evaluate(`(async () => {
      const { check } = await import("/model/consistency/index.ts");
      const { report } = check("w(1,1,0,0)\\nw(1,2,0,1)\\nr(1,2,1,2)\\nr(1,1,1,3)\\n");
      return [report.format, report.verdicts.CC, report.weakestViolated.join()];
    })()`);
    expect(found).toEqual(["plume", "violated", "MW"]);
    expect(said).toEqual([]);
    await page.close();
  });
});
