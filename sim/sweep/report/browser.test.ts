// The page of a sweep in a real browser: no word on its console, everything in sight, choices that change tables and pictures, and nothing
// that a scenario brings is run. With five thousand runs, too.
//
// The browser is the one that CHROMIUM_PATH names, else /usr/bin/chromium; without one the tests are left out, and say so.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { summarise } from "../summary.ts";
import { showMaps } from "./maps.ts";
import { renderSweepPage } from "./page.ts";
import { readRunColumns } from "./page-data.ts";
import { showTopologies } from "./shown.ts";
import { HOSTILE, manyRuns } from "./testing.ts";

const browserPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const isThere = existsSync(browserPath);
if (!isThere) process.stderr.write(`no browser at ${browserPath}: pages are not looked at; set CHROMIUM_PATH\n`);

describe.skipIf(!isThere)("in a browser", { timeout: 60_000 }, () => {
  const place = mkdtempSync(join(tmpdir(), "causeway-sweep-page-"));
  let browser: Browser | null = null;

  async function write(count: number, failing: readonly number[], runsMax?: number): Promise<void> {
    const { plan, results } = manyRuns(count, failing, mkdtempSync(join(place, "r-")));
    const totals = await summarise(results);
    const runs = await readRunColumns(results, runsMax);
    const topologies = await showTopologies(plan, results);
    const maps = await showMaps(plan, results);
    const failures = totals.troubles.map((trouble) => ({
      ...trouble,
      again: HOSTILE,
      scenario: HOSTILE,
      picture: null,
    }));
    writeFileSync(
      join(place, `${count}.html`),
      renderSweepPage({ totals, runs, topologies, maps, failures, repeat: HOSTILE }),
    );
  }

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
    await write(60, [7, 31]);
    await write(5_000, []);
    await write(90, [7, 31, 32, 40, 41], 20);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(place, { recursive: true, force: true });
  });

  async function open(count: number, colorScheme: "light" | "dark" = "light", width = 1_280) {
    if (browser === null) throw new Error("the browser did not start");
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const said: string[] = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => {
      if (!/^(?:file|data):/.test(request.url())) said.push(`asked for ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(place, `${count}.html`)).href);
    return { page, said };
  }

  const textsOf = (page: Page, selector: string): Promise<readonly string[]> =>
    page.locator(selector).allTextContents();
  const chosen = (page: Page, text: string) => page.locator("#chosen", { hasText: text }).waitFor({ timeout: 5_000 });

  test.each([
    [60, "light", 1_280],
    [60, "dark", 480],
    [5_000, "light", 1_280],
  ] as const)(
    "a page of %i runs, %s, %i pixels wide, says nothing on the console and does not scroll sideways",
    async (count, scheme, width) => {
      const { page, said } = await open(count, scheme, width);
      await chosen(page, `of ${count === 60 ? "60" : "5 000"} runs chosen`);
      expect(said).toEqual([]);
      expect(await page.title()).not.toBe("broken");
      const overflow = await page.evaluate<number>(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await page.locator("#panels svg").count()).toBeGreaterThan(8);
      await page.close();
    },
  );

  test("choosing a topology, a situation or an outcome leaves those runs, in every table and picture", async () => {
    const { page, said } = await open(60);
    await page.selectOption('select[data-filter="topology"]', { label: "chain (20)" });
    await chosen(page, "20 of 60 runs chosen");
    const row = page.locator("#properties tr", { hasText: "convergence" });
    expect(await row.locator("td").nth(1).textContent()).toBe("20");
    expect(new Set(await textsOf(page, "#runs tr td:nth-child(3)"))).toEqual(new Set(["chain"]));
    await page.selectOption('select[data-filter="outcome"]', { label: "failed (2)" });
    await chosen(page, "2 of 60 runs chosen");
    expect(await textsOf(page, "#runs tr td:nth-child(1)")).toEqual(["7", "31"]);
    expect(
      await page.locator("#properties tr", { hasText: "causal-delivery" }).locator("td").first().textContent(),
    ).toBe("violated");
    await page.selectOption('select[data-filter="topology"]', { label: "all" });
    // The picture of a map chooses its runs as well, and a second time all of them.
    await page.selectOption('select[data-filter="outcome"]', { label: "all" });
    const map = page.locator('button[data-map="chain"]');
    await map.click();
    await chosen(page, "20 of 60 runs chosen");
    expect(await map.getAttribute("aria-pressed")).toBe("true");
    await map.click();
    await chosen(page, "60 of 60 runs chosen");
    await page.selectOption('select[data-filter="violated"]', { label: "convergence" });
    await chosen(page, "0 of 60 runs chosen");
    expect(await page.locator("#panels .nothing").count()).toBeGreaterThan(0);
    expect(said).toEqual([]);
    await page.close();
  });

  test("another metric is drawn, medians are compared by another column, and runs are sorted and turned over", async () => {
    const { page, said } = await open(5_000);
    await page.locator("#panels select").first().selectOption("records.written");
    expect(await page.locator("#panels .panel").first().locator(".says").textContent()).toContain("requests to write");
    await page.selectOption('select[data-filter="by"]', { label: "logs.retain" });
    expect(await page.locator("#panels .panel").first().locator("svg .group").count()).toBe(3);
    await page.locator('button[data-sort="visibility.p99"]').click();
    await page.locator('button[data-sort="visibility.p99"]').click();
    expect(await page.locator("th[aria-sort=descending]").textContent()).toBe("visibility.p99");
    expect(await page.locator("#runs-page").textContent()).toBe("1 to 50 of 5 000");
    await page.locator("#runs-on").click();
    expect(await page.locator("#runs-page").textContent()).toBe("51 to 100 of 5 000");
    expect(said).toEqual([]);
    await page.close();
  });

  test("a page of some runs tells shares of all of them, and none of some that are chosen: failures are there first", async () => {
    const { page, said } = await open(90);
    await chosen(page, "20 of 20 runs chosen");
    const cells = (text: string) => textsOf(page, `#properties tr:has-text("${text}") td`);
    expect(await cells("causal-delivery")).toEqual(["violated", "90", "5", "2.4 % to 12 %"]);
    expect(await page.locator("#panels .figures").first().textContent()).toContain(", 15 runs");
    const relay = page.locator("#marks tr", { hasText: "relay" }).locator("td");
    expect(await relay.first().textContent()).toBe("90");
    await page.selectOption('select[data-filter="outcome"]', { label: "failed (5)" });
    await chosen(page, "5 of 20 runs chosen");
    expect(await cells("causal-delivery")).toEqual(["violated", "5", "5", "not told by a page of some runs"]);
    expect(await page.locator("#panels .figures").first().textContent()).toContain(", 5 runs");
    expect(said).toEqual([]);
    await page.close();
  });

  test("a failure shows its smallest scenario as text", async () => {
    const { page } = await open(60);
    expect(await page.locator("details pre").first().textContent()).toBe(HOSTILE);
    expect(await page.locator("details[open] summary").first().textContent()).toBe("run 7, seed t-7: failed");
    await page.close();
  });
});
