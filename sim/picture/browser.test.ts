/**
 * A picture's page in a real browser: no word on its console, the drawing in sight and as wide as it says, and nothing fetched.
 *
 * The browser is the one that CHROMIUM_PATH names, else /usr/bin/chromium; without one the tests are left out, and say so.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { describe, expect, test } from "vitest";
import { openWorkplace } from "../cli/testing.ts";

const browserPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const isThere = existsSync(browserPath);
if (!isThere) process.stderr.write(`no browser at ${browserPath}: pictures are not looked at; set CHROMIUM_PATH\n`);

describe.skipIf(!isThere)("in a browser", { timeout: 60_000 }, () => {
  test.each(["light", "dark"] as const)("the page of a picture draws all of it, in %s", async (colorScheme) => {
    const place = openWorkplace();
    const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
    try {
      const scenario = fileURLToPath(new URL("../../workloads/fifo-shortcut.yaml", import.meta.url));
      await place.run("picture", scenario, "--html", "picture.html");
      const page = await browser.newPage({ viewport: { width: 1_280, height: 800 }, colorScheme });
      const said: string[] = [];
      page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => said.push(error.message));
      page.on("request", (request) => {
        if (!/^(?:file|data):/.test(request.url())) said.push(`asked for ${request.url()}`);
      });
      await page.goto(pathToFileURL(join(place.path, "picture.html")).href);
      const drawing = page.locator("svg.space-time");
      expect(await drawing.isVisible()).toBe(true);
      const box = await drawing.boundingBox();
      expect(box?.width).toBeCloseTo(Number(await drawing.getAttribute("width")), 0);
      expect(await page.locator("svg .breach-ring").count()).toBe(1);
      expect(await page.locator("svg .arrow").count()).toBeGreaterThan(8);
      const fault = page.locator("svg .fault-of");
      expect(await fault.locator("title").textContent()).toBe(
        "link down EAL1 - infrastructure-edge, from 1s to 8s; hit: 2 ways closed",
      );
      const shade = await fault.locator("rect.fault").boundingBox();
      expect(shade?.height).toBeGreaterThan(200);
      expect(await fault.locator("text").isVisible()).toBe(true);
      expect(said).toEqual([]);
    } finally {
      await browser.close();
      place.remove();
    }
  });
});
