/**
 * The page in a real browser: no word on its console, everything in sight, and a pointer is answered.
 *
 * The browser is the one that CHROMIUM_PATH names, else /usr/bin/chromium; without one the tests are left out, and say so.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkplace } from "../cli/testing.ts";

const browserPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const isThere = existsSync(browserPath);
if (!isThere) process.stderr.write(`no browser at ${browserPath}: pages are not looked at; set CHROMIUM_PATH\n`);

const workload = (name: string): string => fileURLToPath(new URL(`../../workloads/${name}.yaml`, import.meta.url));
const runs = {
  passed: ["figure-1"],
  failed: ["one-way", "--plant", "apply-on-arrival"],
  short: ["fifo-shortcut"],
  plans: ["re-parent"],
  resolved: ["resolvers"],
} as const;

describe.skipIf(!isThere)("in a browser", { timeout: 60_000 }, () => {
  const place = openWorkplace();
  let browser: Browser | null = null;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
    for (const [name, [file, ...options]] of Object.entries(runs)) {
      await place.run("run", workload(file), ...options, "--html", `${name}.html`);
    }
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    place.remove();
  });

  async function open(name: string, colorScheme: "light" | "dark" = "light") {
    if (browser === null) throw new Error("the browser did not start");
    const page = await browser.newPage({ viewport: { width: 1_280, height: 800 }, colorScheme });
    const said: string[] = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => {
      if (!/^(?:file|data):/.test(request.url())) said.push(`asked for ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(place.path, `${name}.html`)).href);
    return { page, said };
  }

  const boxOf = (page: Page, selector: string) => page.locator(selector).first().boundingBox();

  test.each(["passed", "failed", "short", "plans", "resolved"])(
    "the page of a run that %s says nothing on the console",
    async (name) => {
      for (const scheme of ["light", "dark"] as const) {
        const { page, said } = await open(name, scheme);
        await page.mouse.move(640, 400);
        expect(said).toEqual([]);
        await page.close();
      }
    },
  );

  test("everything is in sight, and nothing wider than the window", async () => {
    const { page } = await open("passed");
    expect(await page.locator("#verdict").innerText()).toBe("passed");
    expect(await page.locator("svg.tree .node").count()).toBe(12);
    for (const id of [
      "faults",
      "visible-p50",
      "visible-p99",
      "links",
      "links-together",
      "redundant",
      "siblings",
      "waiting",
    ]) {
      const box = await boxOf(page, `#${id} svg`);
      expect({ id, isLarge: (box?.width ?? 0) > 600 && (box?.height ?? 0) > 80 }).toEqual({ id, isLarge: true });
    }
    expect(await page.locator("#visible-p50 .line path").count()).toBe(6);
    expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
    await page.setViewportSize({ width: 700, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
    await page.close();
  });

  test("a pointer over a plot is answered in all of them, and when it leaves all is as before", async () => {
    const { page, said } = await open("passed");
    const plot = page.locator("#visible-p99 svg");
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    if (box === null) throw new Error("the plot is not drawn");
    await page.mouse.move(box.x + box.width / 2, box.y + 60);
    expect(await page.locator("svg .cursor").count()).toBe(await page.locator("svg[data-plot]").count());
    expect(await page.locator("output[data-readout=visible-p99]").innerText()).toMatch(
      /^[\d.]+ s: layer 0 [\d.]+ m?s, /,
    );
    await page.mouse.move(2, 2);
    expect(await page.locator("svg .cursor").count()).toBe(0);
    expect(said).toEqual([]);
    await page.close();
  });

  test("a run that failed shows its evidence unasked", async () => {
    const { page } = await open("failed");
    expect(await page.locator("#verdict").innerText()).toBe("failed");
    expect(await page.locator(".alarm").isVisible()).toBe(true);
    expect(await page.locator("details.evidence[open] li").first().isVisible()).toBe(true);
    await page.close();
  });

  test("each plan has its picture, with who moved and when", async () => {
    const { page } = await open("plans");
    expect(await page.locator("svg.tree").count()).toBe(5);
    const movedIn = (plan: number) => page.locator(`#plan-${plan} .node.moved`).count();
    expect(await Promise.all([1, 2, 3, 4, 5].map(movedIn))).toEqual([0, 1, 1, 3, 2]);
    expect(await page.locator("#plan-2 h3").innerText()).toBe("Plan 2, from 4s on");
    expect(await page.locator("#plan-2 .says").first().innerText()).toMatch(
      /^site2 below south, no longer below north\. /,
    );
    expect(await page.locator("#plans svg .bar").count()).toBe(4);
    expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
    await page.close();
  });

  test("what was resolved by hand is marked where siblings are plotted, and told; so is what stays, and what is hidden", async () => {
    const { page } = await open("resolved");
    expect(await page.locator("#siblings .moment").count()).toBe(1);
    expect(await page.locator("#resolutions tbody tr").count()).toBe(1);
    expect(await page.locator("#resolutions tbody tr").innerText()).toMatch(
      /by-hand\/seats\s+7s\s+s\d+ at hub\s+3\s+"agreed"/,
    );
    expect(await page.locator("#open-siblings tbody tr").count()).toBe(1);
    expect(await page.locator("#hidden-losers tbody tr").count()).toBe(4);
    await page.close();
  });

  test("light and dark are different pages of the same", async () => {
    const grounds = [];
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await open("passed", scheme);
      grounds.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
      await page.close();
    }
    expect(new Set(grounds).size).toBe(2);
  });
});
